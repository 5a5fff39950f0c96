package dev.graft.data.check;

import java.util.List;

/** Something that one row shows by itself. */
interface RowRule {
  /** Adds what is wrong with the row; several threads may call it. */
  void examine(CheckedRow row, List<Issue> issues);
}
