package dev.graft.model;

/**
 * Rotary position embedding (Su et al. 2021, arXiv 2104.09864) with half-split pairs.
 *
 * @param frequencies the D/2 angular frequencies after scaling, in radians per position
 */
public record RopeSpec(double[] frequencies) {

  /** Unscaled: frequency i is {@code theta^(−2i/D)}. */
  public static RopeSpec plain(double theta, int headDim) {
    double[] frequencies = new double[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      // transformers computes these in float32; the goldens hold with the rounded value.
      frequencies[i] = 1.0 / (float) Math.pow(theta, 2.0 * i / headDim);
    }
    return new RopeSpec(frequencies);
  }

  /** Position interpolation (Chen et al. 2023): every frequency divided by {@code factor}. */
  public RopeSpec linear(double factor) {
    double[] scaled = frequencies.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= factor;
    }
    return new RopeSpec(scaled);
  }

  /** Each frequency divided by its own factor (the {@code rope_freqs} tensor of GGUF files). */
  public RopeSpec dividedBy(float[] factors) {
    double[] scaled = frequencies.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= factors[i];
    }
    return new RopeSpec(scaled);
  }

  /**
   * The scaling of Llama 3.1 and later (Llama 3 model card and reference code): wavelengths above
   * {@code original/low} are stretched by {@code factor}, those below {@code original/high} are
   * kept, and those between are blended.
   */
  public RopeSpec llama3(double factor, double low, double high, double original) {
    double[] scaled = frequencies.clone();
    for (int i = 0; i < scaled.length; i++) {
      double wavelength = 2 * Math.PI / scaled[i];
      if (wavelength > original / low) {
        scaled[i] /= factor;
      } else if (wavelength >= original / high) {
        double blend = (original / wavelength - low) / (high - low);
        scaled[i] = (1 - blend) * scaled[i] / factor + blend * scaled[i];
      }
    }
    return new RopeSpec(scaled);
  }
}
