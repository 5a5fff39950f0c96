package dev.graft.data.check;

import java.util.Locale;

/** How bad a finding is. */
public enum Severity {
  /** Trains something else than what was meant; training does not start. */
  ERROR,
  /** Often a mistake, sometimes meant. */
  WARNING,
  /** Worth knowing; nothing to do about it in the data. */
  NOTE;

  /** As output names it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
