package dev.graft.train;

import dev.graft.engine.Ops;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import java.util.ArrayList;
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
   * @param forward the losses of all lanes' passes alone
   * @param optimizer norm, update, and taking the masters over
   * @param fresh by which passes of a length that was not there before take longer: products are
   *     compiled for their shapes
   */
  public record Seconds(double passes, double forward, double optimizer, double fresh) {}

  /**
   * What is measured.
   *
   * @param model with something to train; its weights change
   * @param pass what each lane works on
   * @param others passes of other lengths, a few for each lane; may be empty
   * @param lanes how many passes run side by side, as {@link Trainer#lanes} says
   */
  public record Subject(
      Decoder model,
      Parameters parameters,
      PackedTokens pass,
      List<PackedTokens> others,
      int lanes) {}

  /**
   * Runs steps for about so many seconds, at least some, of all subjects in turns: what slows the
   * machine down for a moment touches all of them.
   */
  public static List<Seconds> measure(List<Subject> subjects, double seconds) {
    List<Steps> all = new ArrayList<>();
    try {
      subjects.forEach(subject -> all.add(new Steps(subject)));
      Budget budget = new Budget(seconds);
      for (int run = -WARM_UPS; budget.allows(run); run++) {
        for (Steps each : all) {
          each.step(run >= 0);
        }
      }
      return all.stream().map(Steps::seconds).toList();
    } finally {
      all.forEach(Steps::close);
    }
  }

  /** Steps of one subject. */
  private static final class Steps implements AutoCloseable {
    private final Subject subject;
    private final Passes passes;
    private final AdamW optimizer;
    private final List<List<PackedTokens>> same;
    private final List<Double> forward = new ArrayList<>();
    private final List<Double> both = new ArrayList<>();
    private final List<Double> optimizing = new ArrayList<>();
    private long steps;

    Steps(Subject subject) {
      this.subject = subject;
      this.same = Collections.nCopies(subject.lanes(), List.of(subject.pass()));
      this.passes = new Passes(subject.model(), subject.parameters(), subject.lanes());
      this.optimizer = new AdamW(subject.parameters(), 0);
    }

    void step(boolean counts) {
      double ahead = time(() -> passes.forward(same));
      double whole = time(() -> passes.run(same, 1e-6, 0));
      double update = time(this::update);
      if (counts) {
        forward.add(ahead);
        both.add(whole);
        optimizing.add(update);
      }
    }

    private void update() {
      double _ = Ops.norm(subject.parameters().gradients());
      optimizer.step(++steps, 1e-9);
      subject.model().refresh();
    }

    Seconds seconds() {
      List<Double> fresh = fresh();
      double more = fresh.isEmpty() ? 0 : Math.max(0, median(fresh));
      return new Seconds(median(both), median(forward), median(optimizing), more);
    }

    /** What passes that have lengths of their own take longer. */
    private List<Double> fresh() {
      List<Double> times = new ArrayList<>();
      int lanes = subject.lanes();
      double eachToken = median(both) / subject.pass().tokens();
      for (int at = 0; at + lanes <= subject.others().size(); at += lanes) {
        List<List<PackedTokens>> each =
            subject.others().subList(at, at + lanes).stream().map(List::of).toList();
        double usual = eachToken * subject.others().get(at).tokens();
        times.add(time(() -> passes.run(each, 1e-6, 0)) - usual);
      }
      return times;
    }

    @Override
    public void close() {
      optimizer.close();
      passes.close();
    }
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

  private static double median(List<Double> times) {
    return times.stream().sorted().toList().get(times.size() / 2);
  }
}
