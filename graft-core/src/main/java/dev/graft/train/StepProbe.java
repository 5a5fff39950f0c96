package dev.graft.train;

import dev.graft.engine.Ops;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
   * @param fresh by which passes of a length that was not there before take longer: products are
   *     compiled for their shapes
   */
  public record Seconds(double passes, double forward, double optimizer, double fresh) {}

  /**
   * What is worked on.
   *
   * @param pass what each lane works on
   * @param others passes of other lengths, a few for each lane; may be empty
   * @param lanes how many passes run side by side, as {@link Trainer#lanes} says
   */
  public record Work(PackedTokens pass, List<PackedTokens> others, int lanes) {}

  /**
   * Runs steps for about so many seconds, at least some.
   *
   * @param model with something to train; its weights change
   */
  public static Seconds measure(Decoder model, Parameters parameters, Work work, double seconds) {
    PackedTokens pass = work.pass();
    List<List<PackedTokens>> same = Collections.nCopies(work.lanes(), List.of(pass));
    double[] forward = new double[MOST_RUNS];
    double[] both = new double[MOST_RUNS];
    double[] optimizing = new double[MOST_RUNS];
    int runs = 0;
    double fresh;
    try (Passes passes = new Passes(model, parameters, work.lanes());
        AdamW optimizer = new AdamW(parameters, 0)) {
      Budget budget = new Budget(seconds);
      for (int run = -WARM_UPS; budget.allows(run); run++) {
        int at = Math.max(0, run);
        forward[at] = time(() -> model.losses(pass));
        both[at] = time(() -> passes.run(same, 1e-6, 0));
        long step = run + WARM_UPS + 1L;
        optimizing[at] =
            time(() -> {
              double _ = Ops.norm(parameters.gradients());
              optimizer.step(step, 1e-9);
              model.refresh();
            });
        runs = at + 1;
      }
      fresh = fresh(passes, work);
    }
    double usual = median(both, runs);
    return new Seconds(
        usual, median(forward, runs), median(optimizing, runs), Math.max(0, fresh - usual));
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

  /** Median of passes that have lengths of their own. */
  private static double fresh(Passes passes, Work work) {
    int count = work.others().size() / work.lanes();
    double[] times = new double[count];
    for (int i = 0; i < count; i++) {
      List<List<PackedTokens>> lanes = new ArrayList<>();
      for (int lane = 0; lane < work.lanes(); lane++) {
        lanes.add(List.of(work.others().get(i * work.lanes() + lane)));
      }
      times[i] = time(() -> passes.run(lanes, 1e-6, 0));
    }
    return count == 0 ? 0 : median(times, count);
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
