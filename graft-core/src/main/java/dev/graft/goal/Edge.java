package dev.graft.goal;

import dev.graft.config.Shown;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How answers begin or end.
 *
 * @param key {@code opening} or {@code ending}
 * @param oneOf one of these texts must stand there; empty for any
 * @param noneOf none of these may
 * @param match must match there; null for anything
 */
record Edge(String key, List<String> oneOf, List<String> noneOf, @Nullable LinearRegex match) {
  static final String OPENING = "opening";
  static final String ENDING = "ending";

  private static final int SHOWN = 30;

  Check check() {
    return new Check(key, text(), this::judge);
  }

  private Outcome judge(Sample sample) {
    String answer = sample.answer();
    LinearRegex expression = match;
    boolean met =
        (oneOf.isEmpty() || oneOf.stream().anyMatch(text -> stands(answer, text)))
            && noneOf.stream().noneMatch(text -> stands(answer, text))
            // An expression for the end has its end anchored when it is read.
            && (expression == null
                || (opening() ? expression.begins(answer) : expression.find(answer)));
    return met ? Outcome.MET : Outcome.missed(1, fault(answer));
  }

  private boolean opening() {
    return key.equals(OPENING);
  }

  private boolean stands(String answer, String text) {
    return opening() ? answer.startsWith(text) : answer.endsWith(text);
  }

  private String fault(String answer) {
    if (opening()) {
      int end = answer.offsetByCodePoints(0, Math.min(SHOWN, count(answer)));
      return "starts with " + Shown.quoted(answer.substring(0, end));
    }
    int begin = answer.offsetByCodePoints(answer.length(), -Math.min(SHOWN, count(answer)));
    return "ends with " + Shown.quoted(answer.substring(begin));
  }

  private static int count(String text) {
    return text.codePointCount(0, text.length());
  }

  private String text() {
    String verb = opening() ? "starts with " : "ends with ";
    StringBuilder text = new StringBuilder();
    if (!oneOf.isEmpty()) {
      text.append(verb).append(Checks.quoted(oneOf));
    }
    if (!noneOf.isEmpty()) {
      text.append(text.isEmpty() ? "" : " and ").append("never ").append(verb);
      text.append(Checks.quoted(noneOf));
    }
    if (match != null) {
      text.append(text.isEmpty() ? "" : " and ").append(key).append(" matches ");
      text.append(Shown.quoted(match.toString()));
    }
    return text.toString();
  }
}
