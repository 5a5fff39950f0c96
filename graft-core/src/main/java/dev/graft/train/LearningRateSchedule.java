package dev.graft.train;

/**
 * Learning rate by step: a linear warm-up and then constant, linear to zero, or half a cosine to
 * zero (as {@code transformers} schedules them, whose scheduler counts the first step as 0).
 *
 * @param peak highest learning rate
 * @param warmup number of warm-up steps
 * @param total number of steps of the run
 */
public record LearningRateSchedule(Shape shape, double peak, long warmup, long total) {
  /** What follows the warm-up. */
  public enum Shape {
    CONSTANT,
    LINEAR,
    COSINE
  }

  /** Learning rate of a step; steps count from one. */
  public double at(long step) {
    long done = step - 1;
    if (done < warmup) {
      // Unlike transformers, the first step is not spent on a rate of zero.
      return peak * (done + 1.0) / (warmup + 1.0);
    }
    double progress = Math.min(1, (done - warmup) / (double) Math.max(1, total - warmup));
    return switch (shape) {
      case CONSTANT -> peak;
      case LINEAR -> peak * (1 - progress);
      case COSINE -> peak * 0.5 * (1 + Math.cos(Math.PI * progress));
    };
  }
}
