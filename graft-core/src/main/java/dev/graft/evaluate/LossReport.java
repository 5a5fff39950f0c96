package dev.graft.evaluate;

import java.util.List;

/**
 * Mean loss over all learnt tokens and its perplexity, with 95 % intervals over examples.
 *
 * <p>Examples are the sampling unit, since the tokens of one are not independent: the mean is the
 * ratio {@code L = Σ lᵢ / Σ nᵢ} of losses and tokens per example, and its standard error by the
 * ratio estimator (Cochran, Sampling Techniques, 1977, section 2.11) is {@code √(n/(n−1) · Σ (lᵢ −
 * L·nᵢ)²) / Σ nᵢ}. The interval is L ± 1.96 standard errors; for the perplexity, both ends in the
 * exponent.
 *
 * @param loss mean over learnt tokens, in nats
 * @param standardError of it; NaN for one example
 * @param tokens number of learnt tokens
 * @param examples each example's loss
 */
public record LossReport(
    double loss, double standardError, long tokens, List<ExampleLoss> examples) {
  private static final double Z = 1.959963984540054;

  /** Computes the report from each example's loss. */
  public static LossReport of(List<ExampleLoss> examples) {
    double sum = 0;
    long tokens = 0;
    for (ExampleLoss example : examples) {
      sum += example.loss() * example.tokens();
      tokens += example.tokens();
    }
    double mean = sum / tokens;
    double squares = 0;
    for (ExampleLoss example : examples) {
      double residual = (example.loss() - mean) * example.tokens();
      squares += residual * residual;
    }
    double n = examples.size();
    double error = n < 2 ? Double.NaN : Math.sqrt(n / (n - 1) * squares) / tokens;
    return new LossReport(mean, error, tokens, List.copyOf(examples));
  }

  public double lossLow() {
    return loss - Z * standardError;
  }

  public double lossHigh() {
    return loss + Z * standardError;
  }

  public double perplexity() {
    return Math.exp(loss);
  }

  public double perplexityLow() {
    return Math.exp(lossLow());
  }

  public double perplexityHigh() {
    return Math.exp(lossHigh());
  }
}
