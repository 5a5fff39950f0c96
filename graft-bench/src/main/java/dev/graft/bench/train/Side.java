package dev.graft.bench.train;

import java.nio.file.Path;
import java.util.List;

/**
 * One of those that are compared.
 *
 * @param name in messages, folders and tables
 * @param about what it is, for the report
 * @param command what to run; it leaves the files of a {@link SideRun} in the folder
 */
record Side(String name, String about, Command command) {
  /** Makes a side's command. */
  @FunctionalInterface
  interface Command {
    List<String> in(Path folder);
  }
}
