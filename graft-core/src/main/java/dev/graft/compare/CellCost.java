package dev.graft.compare;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a cell took; training without the evaluations meanwhile, which are for the comparison.
 *
 * @param flops of the training's matrix products as executed
 * @param seconds of the training by the clock
 * @param memoryBytes of the tensors that a step needs at most, from shapes; of the weights alone
 *     where nothing is trained
 * @param energyJoules of the training
 * @param energySource where that is from: {@code rapl}, {@code estimate}, {@code mixed}, or {@code
 *     none} where nothing is trained
 * @param resultBytes on disk, of what the training made
 * @param steps of the optimizer
 * @param tokens that went through the model in training
 * @param answerFlops of generating one answer, prompt included, as executed
 */
public record CellCost(
    double flops,
    double seconds,
    double memoryBytes,
    double energyJoules,
    String energySource,
    double resultBytes,
    double steps,
    double tokens,
    double answerFlops) {

  /** Of nothing trained. */
  public static CellCost ofPrompting(double weightBytes, double answerFlops) {
    return new CellCost(0, 0, weightBytes, 0, "none", 0, 0, 0, answerFlops);
  }

  /** The same with what an answer takes. */
  public CellCost withAnswers(double flopsOfAnswer) {
    return new CellCost(
        flops,
        seconds,
        memoryBytes,
        energyJoules,
        energySource,
        resultBytes,
        steps,
        tokens,
        flopsOfAnswer);
  }

  /** Means over cells. */
  static CellCost mean(List<CellCost> costs) {
    List<String> sources = costs.stream().map(CellCost::energySource).distinct().toList();
    return new CellCost(
        mean(costs, CellCost::flops),
        mean(costs, CellCost::seconds),
        mean(costs, CellCost::memoryBytes),
        mean(costs, CellCost::energyJoules),
        sources.size() == 1 ? sources.getFirst() : "mixed",
        mean(costs, CellCost::resultBytes),
        mean(costs, CellCost::steps),
        mean(costs, CellCost::tokens),
        mean(costs, CellCost::answerFlops));
  }

  private static double mean(List<CellCost> costs, ToDoubleFunction<CellCost> figure) {
    return costs.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }
}
