package dev.graft.format;

import java.util.Optional;

/**
 * Parameters of Llama 3's rotary scaling: frequencies whose wavelength passes {@code originalLength
 * / lowFactor} are divided by {@code factor}, those below {@code originalLength / highFactor} stay,
 * those between are blended. Formula: {@code rope_type: llama3} of Hugging Face's transformers,
 * after Meta's reference code for Llama 3.1.
 */
record Llama3Rotary(double factor, double lowFactor, double highFactor, int originalLength) {
  private static final double TOLERANCE = 1e-4;

  /**
   * Finds the parameters behind the divisors of a GGUF file's {@code rope_freqs.weight}: the factor
   * from the longest wavelength, the others as in all published Llama 3 models. Empty when the
   * formula with them yields other divisors.
   */
  static Optional<Llama3Rotary> recover(float[] divisors, double theta) {
    if (divisors.length == 0) {
      return Optional.empty();
    }
    double factor = Double.parseDouble(Float.toString(divisors[divisors.length - 1]));
    var candidate = new Llama3Rotary(factor, 1, 4, 8192);
    for (int i = 0; i < divisors.length; i++) {
      double expected = candidate.divisor(theta, i, divisors.length);
      if (!(Math.abs(divisors[i] - expected) <= TOLERANCE * expected)) {
        return Optional.empty();
      }
    }
    return Optional.of(candidate);
  }

  /** What the frequency of rotary pair {@code i} of {@code pairs} is divided by. */
  double divisor(double theta, int i, int pairs) {
    double wavelength = 2 * Math.PI * Math.pow(theta, (double) i / pairs);
    double smooth = (originalLength / wavelength - lowFactor) / (highFactor - lowFactor);
    double kept = Math.clamp(smooth, 0, 1);
    return 1 / ((1 - kept) / factor + kept);
  }
}
