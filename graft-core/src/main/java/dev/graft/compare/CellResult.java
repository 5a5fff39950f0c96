package dev.graft.compare;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What came of a cell.
 *
 * @param folder of the cell, within the comparison's
 * @param run folder of the training; empty where nothing is trained
 * @param trained number of trained parameters
 * @param learningRate peak; empty where nothing is trained
 * @param curve validation loss while training, the first at the first evaluation
 * @param texts the answers, in the order of the test file
 */
public record CellResult(
    Cell cell,
    String folder,
    String run,
    long trained,
    OptionalDouble learningRate,
    CellCost cost,
    List<Point> curve,
    Scores scores,
    List<String> texts) {
  /** Validation loss after a step. */
  public record Point(long step, double loss) {}

  public CellResult {
    curve = List.copyOf(curve);
    texts = List.copyOf(texts);
  }
}
