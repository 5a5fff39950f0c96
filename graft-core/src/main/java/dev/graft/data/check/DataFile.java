package dev.graft.data.check;

import java.util.Locale;

/** The files that are checked together. */
public enum DataFile {
  /** What is trained on. */
  DATA,
  /** What is held out. */
  VALID;

  /** As flags and JSON name it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
