package dev.graft.goal;

import dev.graft.InputException;
import dev.graft.config.Nearest;
import dev.graft.config.Shown;
import dev.graft.config.YamlValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes typed values out of a goal file's YAML; every error names file and line. */
record GoalYaml(Path file) {
  private static final int LONGEST_TEXT = 500;
  private static final int MOST_TEXTS = 200;

  InputException wrong(YamlValue value, String what) {
    return InputException.at(file, value.line(), what);
  }

  /** The entries of a mapping that may have these keys; {@code _} is as good as {@code -}. */
  Map<String, YamlValue> mapping(YamlValue value, String what, List<String> keys) {
    if (!(value instanceof YamlValue.Mapping mapping)) {
      throw wrong(value, what + " must be lines of 'key: value', not " + value.kind());
    }
    Map<String, YamlValue> entries = new LinkedHashMap<>();
    for (YamlValue.Entry entry : mapping.entries()) {
      String key = entry.key().text().replace('_', '-');
      if (!keys.contains(key)) {
        throw wrong(
            entry.key(),
            what
                + " has no key "
                + Shown.quoted(entry.key().text())
                + Nearest.hint(key, keys)
                + " (keys: "
                + String.join(", ", keys)
                + ")");
      }
      if (entries.put(key, entry.value()) != null) {
        throw wrong(entry.key(), "key " + Shown.quoted(key) + " is given twice");
      }
    }
    return entries;
  }

  String text(YamlValue value, String what) {
    if (!(value instanceof YamlValue.Scalar scalar) || scalar.text().isBlank()) {
      throw wrong(value, what + " must be a text, not " + value.kind());
    }
    return scalar.text();
  }

  /** A text of at most {@value #LONGEST_TEXT} characters. */
  String shortText(YamlValue value, String what) {
    String text = text(value, what);
    if (text.length() > LONGEST_TEXT) {
      throw wrong(value, what + " is longer than " + LONGEST_TEXT + " characters");
    }
    return text;
  }

  /** A text or a list of texts. */
  List<String> texts(YamlValue value, String what) {
    if (!(value instanceof YamlValue.Sequence sequence)) {
      return List.of(shortText(value, what));
    }
    if (sequence.items().isEmpty() || sequence.items().size() > MOST_TEXTS) {
      throw wrong(value, what + " must have 1 to " + MOST_TEXTS + " texts");
    }
    List<String> texts = new ArrayList<>();
    for (YamlValue item : sequence.items()) {
      texts.add(shortText(item, what));
    }
    return List.copyOf(texts);
  }

  /** One of these words. */
  String word(YamlValue value, String what, List<String> words) {
    String word = shortText(value, what).replace('_', '-');
    if (!words.contains(word)) {
      throw wrong(
          value,
          what
              + " must be one of "
              + String.join(", ", words)
              + ", not "
              + value.kind()
              + Nearest.hint(word, words));
    }
    return word;
  }

  int whole(YamlValue value, String what) {
    String text = value instanceof YamlValue.Scalar scalar ? scalar.text() : "";
    if (!text.matches("[0-9]{1,8}")) {
      throw wrong(value, what + " must be a whole number, not " + value.kind());
    }
    return Integer.parseInt(text);
  }

  /** A number above 0 and at most 1. */
  double share(YamlValue value) {
    String text = value instanceof YamlValue.Scalar scalar ? scalar.text() : "";
    double share =
        text.matches("[0-9]{0,3}(\\.[0-9]{1,20})?") && !text.isEmpty()
            ? Double.parseDouble(text)
            : -1;
    if (share <= 0 || share > 1) {
      throw wrong(
          value, "share must be a number above 0 and at most 1, like 0.98, not " + value.kind());
    }
    return share;
  }

  boolean yes(YamlValue value, String what) {
    String text = value instanceof YamlValue.Scalar scalar ? scalar.text() : "";
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(value, what + " must be true or false, not " + value.kind());
    };
  }

  LinearRegex regex(YamlValue value, String what) {
    return regex(value, what, "", "");
  }

  /** An expression with something before and behind it. */
  LinearRegex regex(YamlValue value, String what, String before, String behind) {
    String regex = text(value, what);
    try {
      return LinearRegex.compile(before + regex + behind);
    } catch (IllegalArgumentException e) {
      throw wrong(value, what + " " + Shown.quoted(regex) + " " + oneLine(e));
    }
  }

  static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
  }
}
