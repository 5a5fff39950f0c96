package dev.graft.data.arrange;

import dev.graft.InputException;

/** How much of a whole: a number of rows, or a share. */
public sealed interface Quota {
  /** So many rows. */
  record Rows(long count) implements Quota {}

  /** This share of the rows, above 0 and below 1. */
  record Share(double share) implements Quota {}

  /**
   * Reads {@code 0.1} or {@code 200}.
   *
   * @param name of the flag, for errors
   */
  static Quota parse(String name, String text) {
    try {
      if (text.matches("[0-9]{1,9}")) {
        return new Rows(Long.parseLong(text));
      }
      double share = Double.parseDouble(text);
      if (share > 0 && share < 1) {
        return new Share(share);
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new InputException(
        name + ": must be a number of rows or a share below 1, not '" + text + "'");
  }

  /** Of {@code total} rows. */
  default long of(long total) {
    return switch (this) {
      case Rows rows -> rows.count();
      case Share share -> Math.round(share.share() * total);
    };
  }
}
