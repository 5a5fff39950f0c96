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

  /** Passes of a lane that are measured at least. */
  private static final int LEAST_PASSES = 5;

  private static final int MOST_RUNS = 50;

  private StepProbe() {}

  /**
   * What a step takes, in seconds.
   *
   * @param passes forward and backward of all lanes
   * @param forward the losses of all lanes' passes alone; none where they are not asked for
   * @param optimizer norm, update, and taking the masters over
   * @param fresh by which passes of a length that was not there before take longer: products are
   *     compiled for their shapes
   */
  public record Seconds(Passed passes, Passed forward, double optimizer, double fresh) {}

  /** Seconds of passes: those of the layers, with all that is around them, and of the head. */
  public record Passed(double layers, double head) {}

  /**
   * What is measured.
   *
   * @param model with something to train; its weights change
   * @param pass what each lane works on
   * @param repeats how often it does, before it waits for the other lanes
   * @param others passes of other lengths, a few for each lane; may be empty
   * @param lanes how many passes run side by side, as {@link Trainer#lanes} says
   * @param forward whether to measure losses alone, too
   */
  public record Subject(
      Decoder model,
      Parameters parameters,
      PackedTokens pass,
      int repeats,
      List<PackedTokens> others,
      int lanes,
      boolean forward) {}

  /**
   * Runs steps for about so many seconds, at least some, of all subjects in turns: what slows the
   * machine down for a moment touches all of them. Each gets its usual share of a turn, of the
   * usual turn, so that the subjects' proportions do not depend on when each was slowed down.
   *
   * @param between what is done after each turn but those that warm up; its time does not count
   */
  public static List<Seconds> measure(List<Subject> subjects, double seconds, Runnable between) {
    List<Steps> all = new ArrayList<>();
    try {
      subjects.forEach(subject -> all.add(new Steps(subject)));
      int repeats = subjects.stream().mapToInt(Subject::repeats).max().orElse(1);
      Budget budget = new Budget(seconds, Math.ceilDiv(LEAST_PASSES, repeats));
      for (int run = -WARM_UPS; budget.allows(run); run++) {
        for (Steps each : all) {
          each.step(run >= 0);
        }
        if (run >= 0) {
          budget.leaveOut(between);
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
        turns[i] += each.forward.get(i).all() + each.both.get(i).all() + each.optimizing.get(i);
      }
    }
    return turns;
  }

  /** The usual share of these times in their turns, of the usual turn. */
  static double usual(List<Double> times, double[] turns) {
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < turns.length; i++) {
      shares.add(times.get(i) / turns[i]);
    }
    return usual(shares) * usual(DoubleStream.of(turns).boxed().toList());
  }

  /**
   * The mean without the highest and the lowest fifth. Processors that are shared may run at one of
   * two speeds, between which a median would jump.
   */
  public static double usual(List<Double> times) {
    int least = times.size() / 5;
    return times.stream()
        .sorted()
        .skip(least)
        .limit(times.size() - 2L * least)
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(0);
  }

  /** A measured pass of all lanes. */
  private record Passing(double all, double head) {}

  /** Steps of one subject. */
  private static final class Steps implements AutoCloseable {
    private final Subject subject;
    private final Passes passes;
    private final AdamW optimizer;
    private final List<List<PackedTokens>> once;
    private final List<List<PackedTokens>> repeated;
    private final List<Passing> forward = new ArrayList<>();
    private final List<Passing> both = new ArrayList<>();
    private final List<Double> optimizing = new ArrayList<>();
    private long steps;

    Steps(Subject subject) {
      this.subject = subject;
      this.once = lanes(1);
      this.repeated = lanes(subject.repeats());
      this.passes = new Passes(subject.model(), subject.parameters(), subject.lanes());
      this.optimizer = new AdamW(subject.parameters(), 0);
    }

    private List<List<PackedTokens>> lanes(int repeats) {
      return Collections.nCopies(subject.lanes(), Collections.nCopies(repeats, subject.pass()));
    }

    void step(boolean counts) {
      List<List<PackedTokens>> wanted = counts ? repeated : once;
      Passing ahead = new Passing(0, 0);
      if (subject.forward()) {
        ahead = passing(once, () -> passes.forward(once));
      }
      Passing whole = passing(wanted, () -> passes.run(wanted, 1e-6, 0));
      double update = time(this::update);
      if (counts) {
        forward.add(ahead);
        both.add(whole);
        optimizing.add(update);
      }
    }

    /** The lanes work side by side, so each has its part of the head's seconds. */
    private Passing passing(List<List<PackedTokens>> lanes, Runnable work) {
      int repeats = lanes.getFirst().size();
      double before = subject.model().headSeconds();
      double all = time(work) / repeats;
      double head = (subject.model().headSeconds() - before) / subject.lanes() / repeats;
      return new Passing(all, head);
    }

    private void update() {
      double _ = Ops.norm(subject.parameters().gradients());
      optimizer.step(++steps, 1e-9);
      passes.refresh();
    }

    Seconds seconds(double[] turns) {
      List<Double> fresh = fresh();
      double more = fresh.isEmpty() ? 0 : Math.max(0, usual(fresh));
      return new Seconds(
          passed(both, turns), passed(forward, turns), usual(optimizing, turns), more);
    }

    private static Passed passed(List<Passing> times, double[] turns) {
      double all = usual(times.stream().map(Passing::all).toList(), turns);
      double head = usual(times.stream().map(Passing::head).toList(), turns);
      return new Passed(Math.max(0, all - head), head);
    }

    /** What passes that have lengths of their own take longer. */
    private List<Double> fresh() {
      List<Double> times = new ArrayList<>();
      int lanes = subject.lanes();
      double one = usual(both.stream().map(Passing::all).toList());
      double eachToken = one / subject.pass().tokens();
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
    private final int least;
    private long began = System.nanoTime();
    private long measuring = began;

    Budget(double seconds, int least) {
      this.seconds = seconds;
      this.least = least;
    }

    /** Does something whose time does not count. */
    void leaveOut(Runnable work) {
      long before = System.nanoTime();
      work.run();
      long took = System.nanoTime() - before;
      began += took;
      measuring += took;
    }

    boolean allows(int run) {
      long now = System.nanoTime();
      if (run <= 0) {
        measuring = now;
        return true;
      }
      boolean wanted = run < least && now - began < PATIENCE * seconds * 1e9;
      return run < MOST_RUNS && (wanted || now - measuring < seconds * 1e9);
    }
  }

  private static double time(Runnable work) {
    long began = System.nanoTime();
    work.run();
    return (System.nanoTime() - began) / 1e9;
  }
}
