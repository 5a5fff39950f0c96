package dev.graft.goal;

import dev.graft.data.language.LanguageGuess;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An answer with its prompt; what is measured of it is measured once. */
final class Sample {
  private final String prompt;
  private final String answer;
  private int words = -1;
  private int sentences = -1;
  private @Nullable Form form;
  private boolean guessed;
  private @Nullable LanguageGuess language;

  Sample(String prompt, String answer) {
    this.prompt = prompt;
    this.answer = answer.strip();
  }

  String prompt() {
    return prompt;
  }

  /** Without white space around it. */
  String answer() {
    return answer;
  }

  /** Runs of letters, digits and signs between white space; each ideograph and kana is a word. */
  int words() {
    if (words < 0) {
      words = Words.count(answer);
    }
    return words;
  }

  int sentences() {
    if (sentences < 0) {
      sentences = Sentences.count(answer);
    }
    return sentences;
  }

  /** Lines that are not blank. */
  int lines() {
    return (int) answer.lines().filter(line -> !line.isBlank()).count();
  }

  /** Unicode code points. */
  int characters() {
    return answer.codePointCount(0, answer.length());
  }

  Form form() {
    Form found = form;
    if (found == null) {
      found = Form.of(answer);
      form = found;
    }
    return found;
  }

  Optional<LanguageGuess> language() {
    if (!guessed) {
      language = LanguageGuess.of(answer).orElse(null);
      guessed = true;
    }
    return Optional.ofNullable(language);
  }
}
