package dev.graft.adapter;

import java.util.List;
import java.util.regex.Pattern;

/** Which modules an adapter goes to, as PEFT's {@code target_modules} says it. */
public sealed interface TargetModules {

  /** Every linear layer of the decoder layers, not the output head. */
  record AllLinear() implements TargetModules {}

  /** Modules whose name is, or ends in a dot and, one of these. */
  record Named(List<String> names) implements TargetModules {}

  /** Modules whose whole name matches a regular expression. */
  record Matching(Pattern pattern) implements TargetModules {}

  /**
   * Reads {@code all-linear}, one name, or a regular expression (anything that is no plain name).
   */
  static TargetModules parse(String text) {
    if (text.equals("all-linear")) {
      return new AllLinear();
    }
    if (text.matches("[A-Za-z0-9_.,\\s]+") && !text.contains(".*")) {
      List<String> names =
          Pattern.compile("[,\\s]+").splitAsStream(text).filter(name -> !name.isEmpty()).toList();
      return new Named(names);
    }
    return matching(text);
  }

  /**
   * A regular expression over whole module names.
   *
   * @throws dev.graft.InputException if it is none, or one that could take too long to match
   */
  static TargetModules matching(String regex) {
    return new Matching(ModulePattern.compile("target-modules", regex));
  }

  /** Whether the module of this full name is meant. */
  default boolean matches(String module) {
    return switch (this) {
      case AllLinear all -> true;
      case Named named ->
          named.names().stream().anyMatch(n -> module.equals(n) || module.endsWith("." + n));
      case Matching matching -> ModulePattern.matches(matching.pattern(), module);
    };
  }
}
