package dev.graft.cli;

import java.util.Map;

/** What standard output can show. */
final class Terminal {
  private static final int COLUMNS = 80;

  /** When colour is used. */
  enum Color {
    AUTO,
    ALWAYS,
    NEVER
  }

  private Terminal() {}

  /** Whether standard output is a terminal; the launcher knows and says so. */
  static boolean isOutput() {
    return Boolean.getBoolean("graft.stdout.terminal");
  }

  /** Whether to write in colour; see no-color.org for {@code NO_COLOR}. */
  static boolean color(Color wanted) {
    return switch (wanted) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO -> isOutput() && allows(System.getenv());
    };
  }

  static boolean allows(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /** Its width in characters. */
  static int columns() {
    return Math.clamp(Integer.getInteger("graft.columns", COLUMNS), 40, 200);
  }
}
