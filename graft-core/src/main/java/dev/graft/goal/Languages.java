package dev.graft.goal;

import dev.graft.data.language.LanguageGuess;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Names of the languages that can be guessed. */
final class Languages {
  private Languages() {}

  /** The English name of a code. */
  static String name(String code) {
    return Locale.of(code).getDisplayLanguage(Locale.ENGLISH);
  }

  /** The code of a code or an English name, in any case. */
  static Optional<String> code(String word) {
    return LanguageGuess.codes().stream()
        .filter(code -> code.equalsIgnoreCase(word) || name(code).equalsIgnoreCase(word))
        .findFirst();
  }

  static List<String> codes() {
    return LanguageGuess.codes().stream().sorted().toList();
  }
}
