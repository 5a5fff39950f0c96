package dev.graft.plan;

import java.util.List;

/**
 * Loss by size and data: {@code L(N, D) = E + A/N^α + B/D^β}, with N parameters and D tokens, where
 * training takes {@code C = 6·N·D} operations (Hoffmann et al. 2022, arXiv 2203.15556, section
 * 3.3).
 *
 * @param name whose fit it is
 * @param floor E, the loss that no size and no data falls below, in nats
 * @param sizeFactor A
 * @param sizeExponent α
 * @param dataFactor B
 * @param dataExponent β
 * @param source where the numbers stand
 */
public record ScalingLaw(
    String name,
    double floor,
    double sizeFactor,
    double sizeExponent,
    double dataFactor,
    double dataExponent,
    String source) {
  /** Operations of training for each parameter and token. */
  private static final double PER_PAIR = 6;

  /**
   * Chinchilla's fit with the digits of the paper's TeX source; rounded as they are printed (1.69,
   * 406.4, 0.34, 410.7, 0.28), they are biased at large budgets.
   */
  public static final ScalingLaw HOFFMANN =
      new ScalingLaw(
          "Hoffmann et al. 2022",
          Math.exp(0.5267228),
          Math.exp(6.0073404),
          0.33917084,
          Math.exp(6.0179186),
          0.2849083,
          "arXiv 2203.15556, approach 3; unrounded as in its source (see arXiv 2404.10102)");

  /** The replication, fitted anew to the same runs. */
  public static final ScalingLaw BESIROGLU =
      new ScalingLaw(
          "Besiroglu et al. 2024",
          1.8172,
          482.01,
          0.3478,
          2085.43,
          0.3658,
          "arXiv 2404.10102, table 1");

  /** Both fits, the older first. */
  public static List<ScalingLaw> all() {
    return List.of(HOFFMANN, BESIROGLU);
  }

  /**
   * A size with its data.
   *
   * @param parameters N
   * @param tokens D
   * @param loss expected, in nats a token
   */
  public record Point(double parameters, double tokens, double loss) {
    /** Operations of its training, 6·N·D. */
    public double flops() {
      return PER_PAIR * parameters * tokens;
    }
  }

  /** Loss to expect of this size and data, in nats a token. */
  public double loss(double parameters, double tokens) {
    return floor
        + sizeFactor / Math.pow(parameters, sizeExponent)
        + dataFactor / Math.pow(tokens, dataExponent);
  }

  /**
   * The size and data with the least loss for so many operations: {@code N = G·(C/6)^(β/(α+β))},
   * {@code D = (C/6)/N} with {@code G = (αA/(βB))^(1/(α+β))}.
   */
  public Point optimum(double flops) {
    double pairs = flops / PER_PAIR;
    double sum = sizeExponent + dataExponent;
    double g = Math.pow(sizeExponent * sizeFactor / (dataExponent * dataFactor), 1 / sum);
    double parameters = g * Math.pow(pairs, dataExponent / sum);
    return point(parameters, pairs / parameters);
  }

  /** The data for which this size is the best: where {@code αA/N^α = βB/D^β}. */
  public Point optimalData(double parameters) {
    double ratio = dataExponent * dataFactor / (sizeExponent * sizeFactor);
    double tokens = Math.pow(ratio * Math.pow(parameters, sizeExponent), 1 / dataExponent);
    return point(parameters, tokens);
  }

  private Point point(double parameters, double tokens) {
    return new Point(parameters, tokens, loss(parameters, tokens));
  }

  /** The law with its numbers. */
  String formula() {
    return "L(N, D) = "
        + Figures.significant(floor)
        + " + "
        + Figures.significant(sizeFactor)
        + "/N^"
        + sizeExponent
        + " + "
        + Figures.significant(dataFactor)
        + "/D^"
        + dataExponent;
  }
}
