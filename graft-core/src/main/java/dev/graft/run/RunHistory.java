package dev.graft.run;

import dev.graft.train.TrainState;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What the rows of a run that goes on say about it.
 *
 * @param firstTokens tokens of the run's first step; 0 where it is not known
 * @param firstSeconds seconds of that step
 * @param evalLoss of the last evaluation
 */
record RunHistory(long firstTokens, double firstSeconds, OptionalDouble evalLoss) {
  private static final String EVAL_LOSS = "eval_loss";

  /** Before the first step. */
  static final RunHistory NONE = new RunHistory(0, 0, OptionalDouble.empty());

  /** Whether the run will not write this row again once it goes on from {@code state}. */
  static boolean isBefore(TrainState state, Map<String, Object> row) {
    // A checkpoint can lie between a step and its evaluation, which is then made again.
    long last = row.containsKey(EVAL_LOSS) ? state.evaluatedStep() : state.step();
    return !(row.get("step") instanceof Number step) || step.longValue() <= last;
  }

  static RunHistory of(List<Map<String, Object>> rows) {
    RunHistory history = NONE;
    for (Map<String, Object> row : rows) {
      if (row.get(EVAL_LOSS) instanceof Number loss) {
        history = history.withEvalLoss(loss.doubleValue());
      } else if (row.get("step") instanceof Number step
          && step.longValue() == 1
          && row.get("tokens") instanceof Number tokens
          && row.get("seconds") instanceof Number seconds) {
        history = history.withFirstStep(tokens.longValue(), seconds.doubleValue());
      }
    }
    return history;
  }

  RunHistory withFirstStep(long tokens, double seconds) {
    return new RunHistory(tokens, seconds, evalLoss);
  }

  RunHistory withEvalLoss(double loss) {
    return new RunHistory(firstTokens, firstSeconds, OptionalDouble.of(loss));
  }

  /** Over all steps but the first, which also warms up, unless there is no other. */
  double tokensPerSecond(TrainState state) {
    return state.tokens() > firstTokens
        ? (state.tokens() - firstTokens) / (state.seconds() - firstSeconds)
        : state.tokens() / state.seconds();
  }
}
