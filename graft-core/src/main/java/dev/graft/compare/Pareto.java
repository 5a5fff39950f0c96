package dev.graft.compare;

import java.util.List;

/** Which results are worth their cost. */
final class Pareto {
  private Pareto() {}

  /**
   * Whether no other result is at least as good for at most as many training FLOP, and better or
   * cheaper.
   */
  static boolean isOptimal(Result result, List<Result> all, Metric metric) {
    double quality = result.mean(metric);
    double flops = result.cost().flops();
    for (Result other : all) {
      double gain = metric.gain(other.mean(metric), quality);
      double saved = flops - other.cost().flops();
      if (gain >= 0 && saved >= 0 && (gain > 0 || saved > 0)) {
        return false;
      }
    }
    return true;
  }
}
