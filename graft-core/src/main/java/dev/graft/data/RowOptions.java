package dev.graft.data;

import java.util.Optional;

/**
 * How rows are understood.
 *
 * @param format their layout; empty where each row's keys are to tell
 * @param mapping other names for keys and roles
 */
public record RowOptions(Optional<DataFormat> format, RowMapping mapping) {
  /** Each row's keys tell its layout, under their usual names. */
  public static final RowOptions DEFAULT = new RowOptions(Optional.empty(), RowMapping.NONE);
}
