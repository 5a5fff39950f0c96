package dev.graft.bench.plan;

import dev.graft.adapter.TargetModules;
import dev.graft.plan.Machine;
import dev.graft.plan.MemoryParts;
import dev.graft.plan.Pace;
import dev.graft.plan.PaceProbe;
import dev.graft.plan.Plan;
import dev.graft.plan.PlanSettings;
import dev.graft.plan.StepShape;
import dev.graft.plan.Technique;
import dev.graft.plan.TokenLoad;
import dev.graft.train.StepProbe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A plan's measurement and steps of what it plans, in turns: on a machine that is now faster and
 * now slower, both meet the same.
 */
final class PlanTurns {
  /** Steps to plan: the measured ones are those of a training that is well under way. */
  private static final int LONG_RUN = 1000;

  /** Steps that each setting takes before. */
  private static final int WARM_UP = 4;

  /**
   * One setting.
   *
   * @param planned seconds of a step
   * @param plannedBytes most that tensors take at a time
   * @param seconds of the measured steps
   */
  record Outcome(double planned, double plannedBytes, long trained, List<Double> seconds) {
    /** Seconds of a step, as the plan's own measurement counts them. */
    double measured() {
      return StepProbe.usual(seconds);
    }
  }

  private final PlanSubject subject;
  private final List<PlanCase> cases;
  private final double probe;

  /**
   * Of these settings.
   *
   * @param probe seconds of the plan's own measurement
   */
  PlanTurns(PlanSubject subject, List<PlanCase> cases, double probe) {
    this.subject = subject;
    this.cases = cases;
    this.probe = probe;
  }

  /** Measures; one outcome a setting. */
  List<Outcome> measure(Path checkpoints) {
    List<CaseTraining> trainings = new ArrayList<>();
    try {
      for (PlanCase each : cases) {
        trainings.add(new CaseTraining(subject, each.rank(), checkpoints));
      }
      for (CaseTraining training : trainings) {
        double _ = training.steps(WARM_UP);
      }
      List<List<Double>> seconds = new ArrayList<>();
      trainings.forEach(training -> seconds.add(new ArrayList<>()));
      PaceProbe.Between turn =
          kind -> {
            for (int at = 0; at < trainings.size(); at++) {
              if (cases.get(at).technique().kind() == kind) {
                seconds.get(at).add(trainings.get(at).step());
              }
            }
          };
      Plan plan = plan(turn);
      List<Outcome> outcomes = new ArrayList<>();
      for (int at = 0; at < cases.size(); at++) {
        outcomes.add(outcome(plan, cases.get(at), seconds.get(at)));
      }
      return outcomes;
    } finally {
      trainings.forEach(CaseTraining::close);
    }
  }

  private static Outcome outcome(Plan plan, PlanCase each, List<Double> seconds) {
    Plan.Row row =
        plan.rows().stream()
            .filter(one -> one.technique().equals(each.technique()))
            .findFirst()
            .orElseThrow();
    return new Outcome(
        row.costs().getFirst().seconds() / row.work().steps(),
        row.memory().total(),
        row.work().trainable(),
        seconds);
  }

  private Plan plan(PaceProbe.Between turn) {
    StepShape step =
        new StepShape(
            new Technique(Technique.Kind.PROMPTING, 0),
            new TargetModules.AllLinear(),
            subject.dtype(),
            new StepShape.Batch(subject.batch(), 0),
            subject.length(),
            subject.learntShare(),
            subject.checkpointing(),
            subject.threads());
    long tokens = (long) subject.length() * subject.batch() * LONG_RUN;
    TokenLoad load = TokenLoad.of(tokens, subject.length(), subject.learntShare(), "bench plan");
    List<Integer> ranks = cases.stream().map(PlanCase::rank).filter(rank -> rank > 0).toList();
    Pace pace = PaceProbe.measure(subject.spec(), step, load, ranks, probe, turn);
    PlanSettings settings =
        new PlanSettings(
            step,
            new PlanSettings.Scale(1, 1, MemoryParts.Sharding.NONE),
            cases.stream().map(PlanCase::technique).toList(),
            List.of(here(pace)),
            new PlanSettings.Wish(0, false, 0));
    return Plan.of(subject.spec(), settings, load);
  }

  private Machine here(Pace pace) {
    return new Machine(
        "here",
        1 / pace.all().layers(),
        Optional.of(pace),
        subject.threads(),
        "as measured",
        0,
        "not asked for",
        Long.MAX_VALUE,
        Double.NaN,
        "this measurement");
  }
}
