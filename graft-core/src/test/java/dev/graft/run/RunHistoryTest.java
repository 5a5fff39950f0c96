package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.EpochOrder;
import dev.graft.train.TrainState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunHistoryTest {
  private static final Map<String, Object> FIRST =
      Map.of("step", 1, "loss", 3.0, "tokens", 100, "seconds", 10.0);
  private static final Map<String, Object> SECOND =
      Map.of("step", 2, "loss", 2.0, "tokens", 100, "seconds", 1.0);
  private static final Map<String, Object> EVALUATION = Map.of("step", 2, "eval_loss", 2.5);

  @Test
  void isBefore_checkpointBetweenStepAndEvaluation_evaluationIsMadeAgain() {
    TrainState state = state(2, 0);
    assertThat(RunHistory.isBefore(state, FIRST)).isTrue();
    assertThat(RunHistory.isBefore(state, SECOND)).isTrue();
    assertThat(RunHistory.isBefore(state, EVALUATION)).isFalse();
    assertThat(RunHistory.isBefore(state(2, 2), EVALUATION)).isTrue();
    assertThat(RunHistory.isBefore(state(1, 0), SECOND)).isFalse();
  }

  @Test
  void tokensPerSecond_leavesOutTheFirstStepUnlessThereIsNoOther() {
    RunHistory history = RunHistory.of(List.of(FIRST, SECOND, EVALUATION));
    assertThat(history.evalLoss()).hasValue(2.5);
    assertThat(history.tokensPerSecond(state(2, 2))).isEqualTo(100);
    TrainState one = new TrainState(1, EpochOrder.Cursor.START, 100, 50, 10, 0, 0, 0, 0);
    assertThat(RunHistory.of(List.of(FIRST)).tokensPerSecond(one)).isEqualTo(10);
    assertThat(RunHistory.NONE.tokensPerSecond(one)).isEqualTo(10);
  }

  private static TrainState state(long step, long evaluated) {
    return new TrainState(step, EpochOrder.Cursor.START, 200, 100, 11, 0, 0, 0, evaluated);
  }
}
