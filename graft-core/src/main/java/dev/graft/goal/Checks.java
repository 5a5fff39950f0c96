package dev.graft.goal;

import dev.graft.config.Shown;
import dev.graft.data.language.LanguageGuess;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;

/** The checks that need no more than the answer and the prompt. */
final class Checks {
  /** A single line is no form of its own: any of the others may be one. */
  static final String SINGLE_LINE = "single-line";

  /** Confidence that is needed to say that a short text is in another language. */
  private static final double CLEAR = 0.75;

  private static final int MANY_WORDS = 12;

  /** What is captured beyond this is no name. */
  private static final int LONGEST_NAME = 500;

  private Checks() {}

  static Check form(List<String> forms) {
    String text = "form " + String.join(" or ", forms);
    return new Check(
        "form",
        text,
        sample ->
            Outcome.metIf(
                forms.stream().anyMatch(form -> hasForm(sample, form)), formFault(sample, forms)));
  }

  private static boolean hasForm(Sample sample, String form) {
    return switch (form) {
      case SINGLE_LINE -> sample.lines() == 1;
      case "json" -> jsonFault(sample).isEmpty();
      default -> sample.form().toString().equals(form);
    };
  }

  private static String formFault(Sample sample, List<String> forms) {
    if (forms.equals(List.of("json"))) {
      return jsonFault(sample);
    }
    if (forms.equals(List.of(SINGLE_LINE))) {
      return Measure.LINES.counted(sample.lines());
    }
    return sample.form().toString();
  }

  /** What keeps the answer from being JSON, or nothing. */
  static String jsonFault(Sample sample) {
    try {
      var _ = AnswerJson.read(sample.answer());
      return sample.answer().isEmpty() ? "not JSON: empty" : "";
    } catch (JacksonException e) {
      String why = e.getOriginalMessage().lines().findFirst().orElse("");
      return "not JSON: " + (why.length() > 80 ? why.substring(0, 80) + "…" : why);
    }
  }

  /** A text that says too little, or not clearly that it is in another language, is undecided. */
  static Check language(Set<String> codes) {
    String text = "in " + codes.stream().map(Languages::name).collect(Collectors.joining(" or "));
    return new Check("language", text, sample -> language(sample, codes));
  }

  private static Outcome language(Sample sample, Set<String> codes) {
    LanguageGuess guess = sample.language().orElse(null);
    if (guess == null) {
      return Outcome.UNDECIDED;
    }
    if (codes.contains(guess.code())) {
      return Outcome.MET;
    }
    boolean clear = guess.confidence() >= CLEAR || sample.words() >= MANY_WORDS;
    // Long texts in the wrong language come before short ones that may be guessed wrongly.
    double badness = guess.confidence() * Math.min(50, sample.words());
    return clear ? Outcome.missed(badness, Languages.name(guess.code())) : Outcome.UNDECIDED;
  }

  static Check mustMatch(LinearRegex regex) {
    return new Check(
        "must-match",
        "matches " + shown(regex),
        sample -> Outcome.metIf(regex.find(sample.answer()), "no match"));
  }

  static Check mustNotMatch(LinearRegex regex) {
    return new Check(
        "must-not-match",
        "does not match " + shown(regex),
        sample -> {
          String found = regex.find(sample.answer()) ? "a match" : "";
          return Outcome.metIf(found.isEmpty(), found);
        });
  }

  static Check contains(String phrase) {
    return new Check(
        "must-contain",
        "says " + Shown.quoted(phrase),
        sample -> Outcome.metIf(Words.contains(sample.answer(), phrase), "does not say it"));
  }

  static Check containsNone(List<String> phrases) {
    String text = "never says " + quoted(phrases);
    return new Check(
        "must-not-contain",
        text,
        sample -> {
          List<String> said =
              phrases.stream().filter(phrase -> Words.contains(sample.answer(), phrase)).toList();
          return said.isEmpty() ? Outcome.MET : Outcome.missed(said.size(), "says " + quoted(said));
        });
  }

  /** Names what an expression captures in the prompt; undecided where it matches nothing. */
  static Check mentions(String name, LinearRegex fromPrompt) {
    return new Check(
        "must-mention",
        "names the " + name,
        sample -> {
          String wanted = fromPrompt.capture(sample.prompt());
          if (wanted == null || wanted.isBlank() || wanted.length() > LONGEST_NAME) {
            return Outcome.UNDECIDED;
          }
          boolean named = Words.contains(sample.answer(), wanted);
          return Outcome.metIf(named, "does not name " + Shown.quoted(wanted.strip()));
        });
  }

  static Check noFirstPerson() {
    return new Check(
        "first-person",
        "no first person",
        sample -> {
          List<String> said = FirstPerson.in(sample);
          return said.isEmpty()
              ? Outcome.MET
              : Outcome.missed(said.size(), "says " + quoted(said.stream().distinct().toList()));
        });
  }

  static String quoted(List<String> texts) {
    List<String> first = texts.stream().limit(5).map(Shown::quoted).toList();
    return String.join(" or ", first) + (texts.size() > 5 ? " or …" : "");
  }

  private static String shown(LinearRegex regex) {
    return Shown.quoted(regex.toString());
  }

  /** The words for forms that a goal file may use. */
  static List<String> forms() {
    List<String> forms = new ArrayList<>();
    for (Form form : Form.values()) {
      forms.add(form.toString());
    }
    forms.add(SINGLE_LINE);
    return forms;
  }
}
