package dev.graft.compare;

import dev.graft.evaluate.Bootstrap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strategy with so many training rows, over all its seeds.
 *
 * @param cells one for each seed, all of the same strategy and size
 */
public record Result(List<CellResult> cells) {
  private static final long SEED = 20_260_101;

  public Result {
    cells = List.copyOf(cells);
  }

  /** Puts together the cells that differ only in their seed, in the order of the first of each. */
  static List<Result> of(List<CellResult> cells) {
    Map<Cell, List<CellResult>> groups = new LinkedHashMap<>();
    for (CellResult cell : cells) {
      Cell key = new Cell(cell.cell().strategy(), cell.cell().size(), 0);
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(cell);
    }
    return groups.values().stream().map(Result::new).toList();
  }

  public Strategy strategy() {
    return cells.getFirst().cell().strategy();
  }

  /** Rows that it is trained on; 0 for none. */
  public int size() {
    return cells.getFirst().cell().size();
  }

  /** Whether it was measured. */
  public boolean has(Metric metric) {
    return cells.stream().allMatch(cell -> cell.scores().has(metric));
  }

  /** Mean over seeds and examples, with a 95 % interval over both. */
  public Bootstrap.Interval interval(Metric metric) {
    return Bootstrap.mean(values(metric), SEED);
  }

  /** Mean over seeds and examples. */
  public double mean(Metric metric) {
    return cells.stream()
        .mapToDouble(cell -> cell.scores().mean(metric))
        .average()
        .orElse(Double.NaN);
  }

  /** What it took, the mean over seeds. */
  public CellCost cost() {
    return CellCost.mean(cells.stream().map(CellResult::cost).toList());
  }

  /** Number of trained parameters. */
  public long trained() {
    return cells.getFirst().trained();
  }

  private double[][] values(Metric metric) {
    return cells.stream().map(cell -> cell.scores().values(metric)).toArray(double[][]::new);
  }

  /**
   * This one's metric minus the other's, with a 95 % interval of the paired bootstrap: both have
   * answered the same test examples, and a seed is the same draw for both.
   */
  public Difference minus(Result other, Metric metric) {
    double[][] own = values(metric);
    double[][] others = other.values(metric);
    int seeds = Math.max(own.length, others.length);
    double[][] differences = new double[seeds][own[0].length];
    for (int s = 0; s < seeds; s++) {
      double[] a = own[Math.min(s, own.length - 1)];
      double[] b = others[Math.min(s, others.length - 1)];
      for (int i = 0; i < a.length; i++) {
        differences[s][i] = a[i] - b[i];
      }
    }
    Bootstrap.Interval interval = Bootstrap.mean(differences, SEED);
    return new Difference(interval.mean(), interval.low(), interval.high());
  }

  /** {@code LoRA, rank 16 (400 rows)}. */
  String label() {
    return strategy().trains()
        ? strategy().label() + " (" + size() + (size() == 1 ? " row)" : " rows)")
        : strategy().label();
  }
}
