package dev.graft.train;

import dev.graft.InputException;
import dev.graft.evaluate.LossReport;

/** Is told what a run does. It cannot change it. */
public interface TrainObserver {
  /**
   * A finished optimizer step.
   *
   * @param step counted from one
   * @param loss mean over the step's learnt tokens before the update, in nats
   * @param tokens of the step
   * @param trainedTokens learnt tokens of the step
   * @param flops of its matrix products, in floating-point operations
   * @param seconds it took
   * @param learningRate of the update
   * @param gradNorm norm of the gradients before clipping
   */
  record StepReport(
      long step,
      double loss,
      long tokens,
      long trainedTokens,
      double flops,
      double seconds,
      double learningRate,
      double gradNorm) {}

  default void onStep(StepReport report, TrainState state) {}

  default void onEvaluation(long step, LossReport report, boolean best) {}

  /** A checkpoint that cannot be gone on from, while an older one can. */
  default void onUnusableCheckpoint(InputException problem) {}

  default void onCheckpoint(long step, java.nio.file.Path file) {}
}
