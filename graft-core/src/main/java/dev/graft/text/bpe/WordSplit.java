package dev.graft.text.bpe;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How a text falls into words, which no merge reaches beyond. */
public enum WordSplit {
  /** GPT-2's: a word or a number with the space before it, contractions, runs of white space. */
  GPT2,
  /** GPT-2's, and each digit alone (SmolLM, StarCoder): numbers are spelt alike everywhere. */
  DIGITS;

  // Radford et al. 2019; Unicode's classes, as the tokenizers library understands them.
  private static final Pattern WORD =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** As it is written on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Gives the words of the text in order; together they are the text. */
  public void split(String text, Consumer<String> sink) {
    Matcher matcher = WORD.matcher(text);
    if (this == GPT2) {
      words(matcher, text, 0, text.length(), sink);
      return;
    }
    int from = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      int next = i + Character.charCount(point);
      if (isNumeral(point)) {
        words(matcher, text, from, i, sink);
        words(matcher, text, i, next, sink);
        from = next;
      }
      i = next;
    }
    words(matcher, text, from, text.length(), sink);
  }

  /** A part is split as if it stood alone: what is looked ahead at ends with it. */
  private static void words(Matcher matcher, String text, int from, int to, Consumer<String> sink) {
    if (from == to) {
      return;
    }
    matcher.region(from, to);
    while (matcher.find()) {
      sink.accept(text.substring(matcher.start(), matcher.end()));
    }
  }

  private static boolean isNumeral(int point) {
    int type = Character.getType(point);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  /** The {@code pre_tokenizer} of a tokenizer.json that splits so. */
  ObjectNode toJson() {
    ObjectNode bytes = JsonNodeFactory.instance.objectNode();
    bytes.put("type", "ByteLevel");
    bytes.put("add_prefix_space", false);
    bytes.put("trim_offsets", true);
    bytes.put("use_regex", true);
    if (this == GPT2) {
      return bytes;
    }
    ObjectNode sequence = JsonNodeFactory.instance.objectNode();
    sequence.put("type", "Sequence");
    sequence
        .putArray("pretokenizers")
        .addObject()
        .put("type", "Digits")
        .put("individual_digits", true);
    sequence.withArray("pretokenizers").add(bytes);
    return sequence;
  }
}
