package dev.graft.train;

import dev.graft.data.EpochOrder;

/**
 * All resumable state of a run beside its tensors. Together with the settings, the data and the
 * base model it determines every later step: the learning rate follows from the step, the order of
 * the data from seed and cursor, dropout from seed and step.
 *
 * @param step optimizer steps done
 * @param cursor place in the training data
 * @param tokens tokens that went through the model
 * @param trainedTokens those of them that were learnt
 * @param seconds spent in steps
 * @param bestLoss lowest validation loss; infinite before the first evaluation
 * @param bestStep step of it
 * @param badEvaluations evaluations since without a better one
 * @param evaluatedStep step of the last evaluation
 */
public record TrainState(
    long step,
    EpochOrder.Cursor cursor,
    long tokens,
    long trainedTokens,
    double seconds,
    double bestLoss,
    long bestStep,
    int badEvaluations,
    long evaluatedStep) {
  /** Before the first step. */
  public static final TrainState START =
      new TrainState(0, EpochOrder.Cursor.START, 0, 0, 0, Double.POSITIVE_INFINITY, 0, 0, 0);

  /** Whether a run can be in this state; a file may say anything. */
  boolean isPossible() {
    boolean steps = step >= 0 && bestStep >= 0 && bestStep <= step;
    boolean evaluations = badEvaluations >= 0 && evaluatedStep >= 0 && evaluatedStep <= step;
    boolean counts = trainedTokens >= 0 && tokens >= trainedTokens;
    return steps && evaluations && counts && seconds >= 0 && !Double.isNaN(bestLoss);
  }

  TrainState afterStep(EpochOrder.Cursor next, long tokens, long trained, double seconds) {
    return new TrainState(
        step + 1,
        next,
        this.tokens + tokens,
        trainedTokens + trained,
        this.seconds + seconds,
        bestLoss,
        bestStep,
        badEvaluations,
        evaluatedStep);
  }

  TrainState afterEvaluation(double loss) {
    boolean better = loss < bestLoss;
    return new TrainState(
        step,
        cursor,
        tokens,
        trainedTokens,
        seconds,
        better ? loss : bestLoss,
        better ? step : bestStep,
        better ? 0 : badEvaluations + 1,
        step);
  }
}
