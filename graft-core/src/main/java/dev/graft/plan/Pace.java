package dev.graft.plan;

import java.util.List;

/**
 * How long training takes on this machine, from measured steps of a few of the model's layers: what
 * the layers, the head and the optimizer take, each in proportion to its work.
 *
 * @param all of training all weights
 * @param adapters of training adapters, by rank, lowest first
 * @param layersForward seconds for each executed operation of the layers in a forward pass alone
 * @param exact whether the layers were as wide as the model's
 * @param lanes passes side by side when adapters were measured
 * @param took seconds that the measurement took
 */
public record Pace(
    Rates all,
    List<RankRates> adapters,
    double layersForward,
    boolean exact,
    int lanes,
    double took) {
  /**
   * Seconds for one unit of work.
   *
   * @param layers for each executed operation of the layers, those of computing activations anew
   *     among them where the measured steps did so
   * @param head for each executed operation of the head
   * @param optimizer for each trained parameter in a step
   * @param fresh for each pass whose length was not there before
   */
  public record Rates(double layers, double head, double optimizer, double fresh) {}

  /** Those of a rank. */
  public record RankRates(int rank, Rates rates) {}

  /**
   * Seconds of all steps.
   *
   * @param flops executed on this machine
   * @param steps of the optimizer
   * @param layout how a step's passes lie
   */
  double seconds(
      Technique technique, ExecutedFlops flops, long trainable, double steps, StepLayout layout) {
    if (technique.kind() == Technique.Kind.PROMPTING) {
      double head = adapters.getFirst().rates().head();
      return flops.layersForward() * layersForward + flops.headForward() * head;
    }
    Rates rates = rates(technique);
    double passes = (flops.layers() + flops.again()) * rates.layers() + flops.head() * rates.head();
    return passes * layout.imbalance()
        + steps * trainable * rates.optimizer()
        + layout.freshPasses(steps) * rates.fresh();
  }

  /** Between two measured ranks in proportion; beyond them as the nearest. */
  Rates rates(Technique technique) {
    if (technique.kind().trainsAll()) {
      return all;
    }
    int rank = technique.kind().hasAdapter() ? technique.size() : 0;
    RankRates low = adapters.getFirst();
    RankRates high = adapters.getLast();
    if (rank <= low.rank()) {
      return low.rates();
    }
    if (rank >= high.rank()) {
      return high.rates();
    }
    double share = (double) (rank - low.rank()) / (high.rank() - low.rank());
    return new Rates(
        between(low.rates().layers(), high.rates().layers(), share),
        between(low.rates().head(), high.rates().head(), share),
        between(low.rates().optimizer(), high.rates().optimizer(), share),
        between(low.rates().fresh(), high.rates().fresh(), share));
  }

  private static double between(double a, double b, double share) {
    return a + (b - a) * share;
  }
}
