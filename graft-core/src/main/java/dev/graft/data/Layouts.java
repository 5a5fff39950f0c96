package dev.graft.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the layout of a row from the keys that it has. */
final class Layouts {
  private static final List<Pair> PAIRS =
      List.of(
          new Pair("question", "answer"),
          new Pair("prompt", "response"),
          new Pair("input", "output"));

  private Layouts() {}

  /** Keys of a question and its answer, which become a conversation. */
  record Pair(String question, String answer) {
    boolean isIn(RowFields fields) {
      return fields.has(question) && fields.has(answer);
    }

    @Override
    public String toString() {
      return "\"" + question + "\" with \"" + answer + "\"";
    }
  }

  /** The layout; of several that fit, one that a key was mapped for, else the most telling one. */
  static DataFormat of(RowFields fields) {
    List<DataFormat> fitting = new ArrayList<>();
    for (DataFormat format :
        List.of(
            DataFormat.PREFERENCE,
            DataFormat.FEEDBACK,
            DataFormat.MESSAGES,
            DataFormat.SHAREGPT,
            DataFormat.PROMPT_COMPLETION,
            DataFormat.ALPACA,
            DataFormat.TEXT)) {
      if (fits(format, fields)) {
        fitting.add(format);
      }
    }
    if (fitting.isEmpty()) {
      throw fields.wrong(
          "has none of \"messages\", \"conversations\", \"prompt\" with \"completion\","
              + " \"instruction\" with \"output\", and \"text\"; its keys are "
              + fields.keys()
              + missing(fields));
    }
    return fitting.stream()
        .filter(format -> keys(format).stream().anyMatch(fields.mapping()::maps))
        .findFirst()
        .orElse(fitting.getFirst());
  }

  private static String missing(RowFields fields) {
    List<String> names = new ArrayList<>();
    for (String name : RowMapping.ROW_KEYS) {
      String source = fields.mapping().source(name);
      if (source != null && !fields.has(name)) {
        names.add("\"" + source + "\"");
      }
    }
    return names.isEmpty()
        ? "; another layout needs a mapping"
        : "; " + String.join(", ", names) + " of the mapping is not there";
  }

  private static boolean fits(DataFormat format, RowFields fields) {
    return switch (format) {
      case PREFERENCE -> fields.has("chosen") && fields.has("rejected");
      case FEEDBACK -> isLabelled(fields) && isAnswered(fields);
      case MESSAGES -> fields.has("messages");
      case SHAREGPT -> fields.has("conversations");
      case PROMPT_COMPLETION -> fields.has("prompt") && fields.has("completion");
      case ALPACA ->
          instructed(fields).isPresent() || PAIRS.stream().anyMatch(pair -> pair.isIn(fields));
      case TEXT -> fields.has("text");
    };
  }

  private static List<String> keys(DataFormat format) {
    return switch (format) {
      case PREFERENCE -> List.of("chosen", "rejected");
      case FEEDBACK -> List.of("label");
      case MESSAGES, SHAREGPT -> List.of("messages");
      case PROMPT_COMPLETION -> List.of("prompt", "completion");
      case ALPACA -> List.of("instruction", "output");
      case TEXT -> List.of("text");
    };
  }

  /** A number may be a class or a score; it is a label only where somebody says so. */
  private static boolean isLabelled(RowFields fields) {
    Object label = fields.get("label");
    return truth(label).isPresent()
        && (fields.mapping().maps("label")
            || label instanceof Boolean
            || (label instanceof String text && text.length() > 1));
  }

  private static boolean isAnswered(RowFields fields) {
    return (fields.has("prompt") && fields.has("completion"))
        || fields.has("messages")
        || fields.has("conversations")
        || instructed(fields).isPresent();
  }

  /** True or false; empty for what is neither. */
  static Optional<Boolean> truth(@Nullable Object value) {
    return switch (value) {
      case Boolean truth -> Optional.of(truth);
      case String text ->
          switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "1" -> Optional.of(true);
            case "false", "0" -> Optional.of(false);
            default -> Optional.empty();
          };
      case Number number when number.doubleValue() == 1 -> Optional.of(true);
      case Number number when number.doubleValue() == 0 -> Optional.of(false);
      case null, default -> Optional.empty();
    };
  }

  private static Optional<Pair> instructed(RowFields fields) {
    return List.of(new Pair("instruction", "output"), new Pair("instruction", "response")).stream()
        .filter(pair -> pair.isIn(fields))
        .findFirst();
  }

  /** The question and answer of a row. */
  static Pair pair(RowFields fields) {
    Optional<Pair> instructed = instructed(fields);
    if (instructed.isPresent()) {
      return instructed.get();
    }
    List<Pair> pairs = PAIRS.stream().filter(pair -> pair.isIn(fields)).toList();
    if (pairs.size() > 1) {
      throw fields.wrong(
          "has "
              + pairs.getFirst()
              + " and "
              + pairs.get(1)
              + "; say which to take by mapping instruction and output to them");
    }
    return pairs.isEmpty() ? new Pair("instruction", "output") : pairs.getFirst();
  }
}
