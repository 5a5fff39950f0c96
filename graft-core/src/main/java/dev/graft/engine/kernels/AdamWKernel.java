package dev.graft.engine.kernels;

import static dev.graft.engine.kernels.Lanes.FLOAT;
import static dev.graft.engine.kernels.Lanes.LANES;
import static dev.graft.engine.kernels.Lanes.MEMORY;
import static dev.graft.engine.kernels.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * AdamW's update of float32 numbers, in one pass over memory. It rounds as libtorch's operations
 * do, of which some multiply and add at once, so that a run goes on to the bit without the kernels.
 */
public final class AdamWKernel {
  private AdamWKernel() {}

  /** Addresses of parameters, gradients and the running means of these and of their squares. */
  public record Operands(long p, long g, long m, long v) {
    /** Those behind so many numbers. */
    public Operands from(long index) {
      long bytes = 4 * index;
      return new Operands(p + bytes, g + bytes, m + bytes, v + bytes);
    }
  }

  /**
   * The factors of a step.
   *
   * @param keep of p, 1 less what decays
   * @param learn of {@code g − m}, 1 − β₁
   * @param forget of v, β₂
   * @param square of g², 1 − β₂
   * @param root divides √v: √(1 − β₂ᵗ)
   * @param epsilon added to that
   * @param rate of the quotient, lr/(1 − β₁ᵗ)
   */
  public record Factors(
      float keep, float learn, float forget, float square, float root, float epsilon, float rate) {}

  /** Updates p, m and v, n numbers each. */
  public static void update(Operands at, Factors by, long n) {
    long whole = n - n % LANES;
    vectors(at, by, whole);
    for (long i = whole; i < n; i++) {
      one(at, by, 4 * i);
    }
  }

  private static void vectors(Operands at, Factors by, long n) {
    long p = at.p;
    long g = at.g;
    long m = at.m;
    long v = at.v;
    for (long i = 0; i < 4 * n; i += 4L * LANES) {
      FloatVector gradient = FloatVector.fromMemorySegment(FLOAT, MEMORY, g + i, ORDER);
      FloatVector mean = FloatVector.fromMemorySegment(FLOAT, MEMORY, m + i, ORDER);
      mean = gradient.sub(mean).fma(FloatVector.broadcast(FLOAT, by.learn), mean);
      mean.intoMemorySegment(MEMORY, m + i, ORDER);
      FloatVector square =
          gradient
              .mul(by.square)
              .fma(
                  gradient,
                  FloatVector.fromMemorySegment(FLOAT, MEMORY, v + i, ORDER).mul(by.forget));
      square.intoMemorySegment(MEMORY, v + i, ORDER);
      FloatVector divisor = square.lanewise(VectorOperators.SQRT).div(by.root).add(by.epsilon);
      FloatVector.fromMemorySegment(FLOAT, MEMORY, p + i, ORDER)
          .mul(by.keep)
          .sub(mean.mul(by.rate).div(divisor))
          .intoMemorySegment(MEMORY, p + i, ORDER);
    }
  }

  private static void one(Operands at, Factors by, long offset) {
    float gradient = Lanes.getFloat(at.g + offset);
    float mean = Lanes.getFloat(at.m + offset);
    mean = Math.fma(gradient - mean, by.learn, mean);
    Lanes.putFloat(at.m + offset, mean);
    float square =
        Math.fma(gradient * by.square, gradient, Lanes.getFloat(at.v + offset) * by.forget);
    Lanes.putFloat(at.v + offset, square);
    float divisor = (float) Math.sqrt(square) / by.root + by.epsilon;
    float p = Lanes.getFloat(at.p + offset) * by.keep - mean * by.rate / divisor;
    Lanes.putFloat(at.p + offset, p);
  }
}
