package dev.graft.train;

import dev.graft.engine.Ops;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import java.util.Arrays;
import java.util.List;

/** Measures on real steps how long their parts take; nothing of the training is kept. */
public final class StepProbe {
  private static final int WARM_UPS = 2;

  /** After so many times the seconds asked for, one measured step must do. */
  private static final double PATIENCE = 4;

  private static final int LEAST_RUNS = 3;
  private static final int MOST_RUNS = 50;

  private StepProbe() {}

  /**
   * Medians of some steps, in seconds.
   *
   * @param passes forward and backward of all lanes
   * @param forward the losses of one lane's pass alone, on all threads
   * @param optimizer norm, update, and taking the masters over
   */
  public record Seconds(double passes, double forward, double optimizer) {}

  /**
   * Runs steps for about so many seconds, at least some.
   *
   * @param model with something to train; its weights change
   * @param pass what each lane works on
   * @param lanes how many passes run side by side, as {@link Trainer#lanes} says
   */
  public static Seconds measure(
      Decoder model, Parameters parameters, PackedTokens pass, int lanes, double seconds) {
    List<List<PackedTokens>> work = new java.util.ArrayList<>();
    for (int lane = 0; lane < lanes; lane++) {
      work.add(List.of(pass));
    }
    double[] forward = new double[MOST_RUNS];
    double[] both = new double[MOST_RUNS];
    double[] optimizing = new double[MOST_RUNS];
    int runs = 0;
    try (Passes passes = new Passes(model, parameters, lanes);
        AdamW optimizer = new AdamW(parameters, 0)) {
      Budget budget = new Budget(seconds);
      for (int run = -WARM_UPS; budget.allows(run); run++) {
        int at = Math.max(0, run);
        forward[at] = time(() -> model.losses(pass));
        both[at] = time(() -> passes.run(work, 1e-6, 0));
        long step = run + WARM_UPS + 1L;
        optimizing[at] =
            time(() -> {
              double _ = Ops.norm(parameters.gradients());
              optimizer.step(step, 1e-9);
              model.refresh();
            });
        runs = at + 1;
      }
    }
    return new Seconds(median(both, runs), median(forward, runs), median(optimizing, runs));
  }

  /**
   * When to stop: the seconds count from the first step that is measured, patience from the start.
   */
  private static final class Budget {
    private final double seconds;
    private final long began = System.nanoTime();
    private long measuring = began;

    Budget(double seconds) {
      this.seconds = seconds;
    }

    boolean allows(int run) {
      long now = System.nanoTime();
      if (run <= 0) {
        measuring = now;
        return true;
      }
      boolean wanted = run < LEAST_RUNS && now - began < PATIENCE * seconds * 1e9;
      return run < MOST_RUNS && (wanted || now - measuring < seconds * 1e9);
    }
  }

  private static double time(Runnable work) {
    long began = System.nanoTime();
    work.run();
    return (System.nanoTime() - began) / 1e9;
  }

  private static double median(double[] times, int count) {
    double[] sorted = Arrays.copyOf(times, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }
}
