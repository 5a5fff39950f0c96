package dev.graft.train;

import dev.graft.engine.Ops;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;

/** Measures on real steps how long their parts take; nothing of the training is kept. */
public final class StepProbe {
  private static final int WARM_UPS = 2;

  /** After so many times the seconds asked for, one measured step must do. */
  private static final double PATIENCE = 4;

  private static final int LEAST_RUNS = 5;
  private static final int MOST_RUNS = 50;

  private StepProbe() {}

  /**
   * What a step takes, in seconds.
   *
   * @param passes forward and backward of all lanes
   * @param forward the losses of all lanes' passes alone; 0 where they are not asked for
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
   * @param forward whether to measure losses alone, too
   */
  public record Subject(
      Decoder model,
      Parameters parameters,
      PackedTokens pass,
      List<PackedTokens> others,
      int lanes,
      boolean forward) {}

  /**
   * Runs steps for about so many seconds, at least some, of all subjects in turns: what slows the
   * machine down for a moment touches all of them. Each gets its median share of a turn, of the
   * median turn, so that the subjects' proportions do not depend on when each was slowed down.
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
      double[] turns = turns(all);
      return all.stream().map(steps -> steps.seconds(turns)).toList();
    } finally {
      all.forEach(Steps::close);
    }
  }

  /** How long each turn took, all subjects together. */
  private static double[] turns(List<Steps> all) {
    double[] turns = new double[all.getFirst().both.size()];
    for (Steps each : all) {
      for (int i = 0; i < turns.length; i++) {
        turns[i] += each.forward.get(i) + each.both.get(i) + each.optimizing.get(i);
      }
    }
    return turns;
  }

  /** The median share of these times in their turns, of the median turn. */
  static double usual(List<Double> times, double[] turns) {
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < turns.length; i++) {
      shares.add(times.get(i) / turns[i]);
    }
    return median(shares) * median(DoubleStream.of(turns).boxed().toList());
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
      double ahead = subject.forward() ? time(() -> passes.forward(same)) : 0;
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

    Seconds seconds(double[] turns) {
      List<Double> fresh = fresh();
      double more = fresh.isEmpty() ? 0 : Math.max(0, median(fresh));
      return new Seconds(usual(both, turns), usual(forward, turns), usual(optimizing, turns), more);
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
