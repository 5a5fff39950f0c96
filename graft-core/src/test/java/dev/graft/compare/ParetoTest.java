package dev.graft.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParetoTest {
  private static Result result(String strategy, int size, double loss, double flops) {
    Cell cell = new Cell(Strategy.parse("--strategies", strategy), size, 1);
    return new Result(List.of(Comparisons.result(cell, new double[] {loss, loss}, flops)));
  }

  private static List<String> optimal(List<Result> all, Metric metric) {
    List<String> ids = new ArrayList<>();
    for (Result result : all) {
      if (Pareto.isOptimal(result, all, metric)) {
        ids.add(result.strategy().id() + " " + result.size());
      }
    }
    return ids;
  }

  @Test
  void isOptimal_onlyWhatNoOtherBeatsForAsLittle() {
    List<Result> all =
        List.of(
            result("zero-shot", 0, 4, 0),
            result("few-shot-3", 3, 3, 0), // better for as little
            result("lora-r16", 50, 2, 5e9),
            result("full", 50, 2.5, 6e9), // worse for more
            result("full", 100, 1, 9e9),
            result("scratch", 100, 1, 9e9)); // the same for the same: neither beats the other
    assertThat(optimal(all, Metric.LOSS))
        .containsExactly("few-shot-3 3", "lora-r16 50", "full 100", "scratch 100");
    assertThat(optimal(all, Metric.ROUGE_L))
        .containsExactly("few-shot-3 3", "lora-r16 50", "full 100", "scratch 100");
  }
}
