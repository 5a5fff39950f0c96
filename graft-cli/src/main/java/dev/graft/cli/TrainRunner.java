package dev.graft.cli;

import dev.graft.config.TrainOptions;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;

/** What {@code graft train} starts once its options are read and checked. */
@FunctionalInterface
interface TrainRunner {
  /** Trains; returns once everything is saved, also when it was asked to stop early. */
  void run(Job job) throws Exception;

  /**
   * One training run as the command line sees it.
   *
   * @param options what to do
   * @param stop becomes true when the run should save and end at the next step
   * @param progress line on standard error
   * @param out standard output, for the result
   * @param json whether the result is wanted as JSON
   */
  record Job(
      TrainOptions options,
      BooleanSupplier stop,
      ProgressLine progress,
      PrintWriter out,
      boolean json) {}
}
