package dev.graft.data.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that is looked for in all rows. */
interface Check {
  /**
   * Looks at a row. Called by several threads at once, so nothing of the check's own state may
   * change here.
   *
   * @return what is to be done with what was seen: by one thread, in the order of the rows; null
   *     for nothing
   */
  @Nullable Runnable examine(CheckedRow row);

  /** What was found, after the last row. */
  List<Finding> findings();
}
