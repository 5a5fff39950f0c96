package dev.graft.plan;

import dev.graft.engine.DType;
import java.util.ArrayList;
import java.util.List;

/** The formula behind each number, with the numbers put in. */
final class Explanation {
  private Explanation() {}

  /** All of them as text. */
  static String of(Plan plan) {
    StringBuilder out = new StringBuilder("\nformulas\n");
    for (Plan.Row row : plan.rows()) {
      out.append("  ").append(row.technique().label());
      out.append(" [").append(row.technique().kind().source()).append("]\n");
      lines(plan, row).forEach(line -> out.append("    ").append(line).append('\n'));
    }
    out.append("  all rows\n");
    common(plan).forEach(line -> out.append("    ").append(line).append('\n'));
    return out.toString();
  }

  /** Those of a row. */
  static List<String> lines(Plan plan, Plan.Row row) {
    StepShape step = Plan.shape(plan.settings(), row.technique(), plan.load());
    List<String> lines = new ArrayList<>();
    lines.add(
        "trainable = "
            + row.technique().trainableFormula(plan.spec(), step.targets())
            + " = "
            + Figures.exact(row.work().trainable()));
    lines.addAll(Formulas.memory(step));
    lines.addAll(FlopCount.formulas(Plan.work(plan.spec(), step), Plan.load(step, plan.load())));
    return lines;
  }

  /** Those that all rows share. */
  static List<String> common(Plan plan) {
    PlanSettings.Scale scale = plan.settings().scale();
    List<String> lines = new ArrayList<>();
    if (scale.sharding() != MemoryParts.Sharding.NONE) {
      lines.add(
          "memory of one of "
              + scale.devices()
              + " devices: what is sharded is divided by them (Rajbhandari et al. 2020, arXiv"
              + " 1910.02054)");
    }
    lines.add("total FLOPs = (forward + backward + again) · epochs");
    lines.add("steps = examples · epochs / (examples a step · devices), rounded up");
    for (Machine machine : plan.settings().machines()) {
      lines.add(
          machine.name()
              + ": time = FLOPs / ("
              + machine.rate()
              + ") / devices; energy = time · devices · "
              + Figures.significant(machine.watts())
              + " W ("
              + machine.power()
              + ")"
              + (Double.isNaN(machine.pricePerHour())
                  ? ""
                  : "; price = hours · devices · " + Figures.significant(machine.pricePerHour())));
    }
    for (ScalingLaw law : ScalingLaw.all()) {
      lines.add(law.name() + ": " + law.formula() + " [" + law.source() + "]");
    }
    lines.add(
        "best for a budget C: N = (αA/(βB))^(1/(α+β)) · (C/6)^(β/(α+β)), D = C/(6·N); best for a"
            + " size: αA/N^α = βB/D^β");
    return lines;
  }

  /** A machine in a line. */
  static String machine(Machine machine) {
    return machine.name()
        + ": "
        + machine.rate()
        + "; "
        + Figures.significant(machine.watts())
        + " W, "
        + machine.power()
        + (machine.memory() == Long.MAX_VALUE ? "" : "; " + Figures.bytes(machine.memory()))
        + " ["
        + machine.source()
        + "]";
  }

  /** Settings as flags of the command line. */
  static String flags(Fit.Choice choice) {
    return "--batch-size "
        + choice.examples()
        + " --micro-batch-size "
        + choice.batch()
        + " --max-length "
        + choice.length()
        + (choice.checkpointing() ? " --activation-checkpointing" : "");
  }

  /** As the option names it. */
  static String name(DType dtype) {
    return dtype == DType.BF16 ? "bf16" : "fp32";
  }
}
