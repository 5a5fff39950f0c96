package dev.graft.engine;

import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Seeded random tensors. The state is only what the caller passes: the same seed gives the same
 * numbers, whatever was drawn before, so a run that is resumed draws what it would have drawn.
 */
public final class Random {
  private Random() {}

  /** Fills x with numbers drawn uniformly from [low, high). */
  public static Tensor uniformInPlace(Tensor x, double low, double high, long seed) {
    try (var generator = torch.make_generator_cpu(seed);
        var optional = new GeneratorOptional(generator)) {
      return x.run(() -> x.raw.uniform_(low, high, optional));
    }
  }

  /** Fills x with normally distributed numbers. */
  public static Tensor normalInPlace(Tensor x, double mean, double deviation, long seed) {
    try (var generator = torch.make_generator_cpu(seed);
        var optional = new GeneratorOptional(generator)) {
      return x.run(() -> x.raw.normal_(mean, deviation, optional));
    }
  }

  /** Fills x with ones, with probability p each, and zeros. */
  public static Tensor bernoulliInPlace(Tensor x, double p, long seed) {
    try (var generator = torch.make_generator_cpu(seed);
        var optional = new GeneratorOptional(generator)) {
      return x.run(() -> x.raw.bernoulli_(p, optional));
    }
  }

  /** Mixes numbers into one well-spread seed (the finaliser of SplitMix64 after each). */
  public static long seed(long... parts) {
    long z = 0x9e3779b97f4a7c15L;
    for (long part : parts) {
      z += part * 0x9e3779b97f4a7c15L + 0x632be59bd9b4e019L;
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      z ^= z >>> 31;
    }
    return z;
  }
}
