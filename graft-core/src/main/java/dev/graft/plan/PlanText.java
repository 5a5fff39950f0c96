package dev.graft.plan;

import dev.graft.model.DecoderSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A plan as text. */
public final class PlanText {
  private static final String NO_ROOM = " !";

  private final Plan plan;
  private final StringBuilder out = new StringBuilder();

  private PlanText(Plan plan) {
    this.plan = plan;
  }

  /**
   * The tables.
   *
   * @param explain whether the formulas follow
   */
  public static String of(Plan plan, boolean explain) {
    PlanText text = new PlanText(plan);
    text.head();
    text.memory();
    text.work();
    text.costs();
    text.fits();
    text.scaling();
    text.advice();
    if (explain) {
      text.out.append(Explanation.of(plan));
    }
    return text.out.toString();
  }

  private void head() {
    DecoderSpec spec = plan.spec();
    StepShape step = plan.settings().step();
    PlanSettings.Scale scale = plan.settings().scale();
    line(
        "model   ",
        spec.family(),
        ", ",
        Figures.exact(plan.scaling().parameters()),
        " parameters, ",
        spec.layers(),
        " layers, hidden ",
        spec.hidden(),
        ", context ",
        spec.maxPositions());
    line(
        "tokens  ",
        Figures.exact(plan.load().tokens()),
        " in ",
        Figures.exact(plan.load().examples()),
        " examples, ",
        Figures.exact(plan.load().learnt()),
        " learnt, epochs ",
        Figures.significant(scale.epochs()),
        "; ",
        plan.load().source());
    line(
        "step    ",
        Explanation.name(step.dtype()),
        ", ",
        step.batch().examples(),
        " examples of at most ",
        step.length(),
        " tokens, ",
        step.batch().pass() == 0
            ? "as many at once as training takes by itself"
            : step.batch().pass() + " at once",
        step.checkpointing() ? ", activations recomputed" : "",
        scale.devices() == 1
            ? ""
            : ", "
                + scale.devices()
                + " devices, sharded: "
                + scale.sharding().name().toLowerCase(java.util.Locale.ROOT));
  }

  private void memory() {
    long limit = plan.settings().wish().memory();
    TextTable table = new TextTable();
    List<String> header =
        new ArrayList<>(
            List.of(
                "memory of a step",
                "trainable",
                "weights",
                "gradients",
                "optimizer",
                "activations",
                "logits",
                "workspace",
                "total"));
    if (limit > 0) {
      header.add("fits " + Figures.bytes(limit));
    }
    table.row(header);
    for (Plan.Row row : plan.rows()) {
      MemoryParts parts = row.memory();
      List<String> cells = new ArrayList<>();
      cells.add(name(row));
      cells.add(Figures.exact(row.work().trainable()));
      for (long bytes :
          new long[] {
            parts.weights(),
            parts.gradients(),
            parts.optimizer(),
            parts.activations(),
            parts.logits(),
            parts.workspace(),
            parts.total()
          }) {
        cells.add(Figures.bytes(bytes));
      }
      if (limit > 0) {
        cells.add(parts.total() <= limit ? "yes" : "no");
      }
      table.row(cells);
    }
    out.append('\n').append(table);
    if (plan.rows().stream().anyMatch(row -> row.technique().isPrediction())) {
      line("* a prediction: Graft has no such method");
    }
  }

  private void work() {
    TextTable table = new TextTable();
    table.row(
        List.of(
            "work",
            "steps",
            "forward",
            "to inputs",
            "to weights",
            "adapter",
            "again",
            "total",
            "executed"));
    for (Plan.Row row : plan.rows()) {
      FlopCount flops = row.work().flops();
      table.row(
          List.of(
              name(row),
              Figures.exact(row.work().steps()),
              Figures.flops(flops.forward()),
              Figures.flops(flops.toInputs()),
              Figures.flops(flops.toWeights()),
              Figures.flops(flops.adapter()),
              Figures.flops(flops.recomputed()),
              Figures.flops(flops.total()),
              Figures.flops(row.work().executed().total())));
    }
    out.append('\n').append(table);
  }

  private void costs() {
    List<Machine> machines = plan.settings().machines();
    if (machines.isEmpty()) {
      return;
    }
    cost("time", cost -> Figures.time(cost.seconds()) + (cost.fits() ? "" : NO_ROOM));
    if (plan.rows().stream().flatMap(row -> row.costs().stream()).anyMatch(c -> !c.fits())) {
      line("! the step needs more memory than this device has");
    }
    speed();
    cost("energy", cost -> Figures.energy(cost.kilowattHours()));
    if (machines.stream().anyMatch(machine -> !Double.isNaN(machine.pricePerHour()))) {
      cost("price", cost -> Double.isNaN(cost.price()) ? "" : Figures.significant(cost.price()));
    }
    out.append('\n');
    for (Machine machine : machines) {
      line(Explanation.machine(machine));
    }
  }

  private void speed() {
    TextTable table = new TextTable();
    List<String> header = new ArrayList<>(List.of("tokens a second"));
    plan.settings().machines().forEach(machine -> header.add(machine.name()));
    table.row(header);
    for (Plan.Row row : plan.rows()) {
      List<String> cells = new ArrayList<>(List.of(name(row)));
      row.costs().forEach(cost -> cells.add(Figures.exact(row.tokens() / cost.seconds())));
      table.row(cells);
    }
    out.append('\n').append(table);
  }

  private void cost(String what, Function<Plan.Cost, String> cell) {
    TextTable table = new TextTable();
    List<String> header = new ArrayList<>(List.of(what));
    plan.settings().machines().forEach(machine -> header.add(machine.name()));
    table.row(header);
    for (Plan.Row row : plan.rows()) {
      List<String> cells = new ArrayList<>(List.of(name(row)));
      row.costs().forEach(cost -> cells.add(cell.apply(cost)));
      table.row(cells);
    }
    out.append('\n').append(table);
  }

  private void fits() {
    if (!plan.settings().wish().fit()) {
      return;
    }
    TextTable table = new TextTable();
    table.row(
        List.of(
            "fit in " + Figures.bytes(plan.settings().wish().memory()),
            "largest pass",
            "longest example",
            "cheapest settings"));
    for (Plan.Row row : plan.rows()) {
      Fit fit = row.fit().orElseThrow();
      table.row(
          List.of(
              name(row),
              fit.largestBatch() == 0 ? "none" : Integer.toString(fit.largestBatch()),
              fit.largestLength() == 0 ? "none" : Integer.toString(fit.largestLength()),
              fit.cheapest().map(Explanation::flags).orElse("nothing fits")));
    }
    out.append('\n').append(table);
  }

  private void scaling() {
    Plan.Scaling scaling = plan.scaling();
    TextTable table = new TextTable();
    table.row(
        List.of(
            "pre-training by scaling law",
            "parameters",
            "tokens",
            "tokens/param",
            "FLOPs",
            "loss"));
    for (ScalingLaw law : ScalingLaw.all()) {
      ScalingLaw.Point here =
          new ScalingLaw.Point(
              scaling.parameters(),
              scaling.tokens(),
              law.loss((double) scaling.parameters(), scaling.tokens()));
      point(table, law.name() + ", this model and data", here);
      point(table, "  best for this model", law.optimalData((double) scaling.parameters()));
      point(table, "  best for " + Figures.flops(scaling.flops()), law.optimum(scaling.flops()));
    }
    out.append('\n').append(table);
    line("Losses are in nats a token of the papers' text and tokenizer; others' are not the same.");
  }

  private static void point(TextTable table, String name, ScalingLaw.Point point) {
    table.row(
        List.of(
            name,
            Figures.count(point.parameters()),
            Figures.count(point.tokens()),
            Figures.significant(point.tokens() / point.parameters()),
            Figures.flops(point.flops()),
            Figures.significant(point.loss())));
  }

  private void advice() {
    out.append("\nadvice\n");
    for (Advice advice : plan.advice()) {
      line("  ", advice.topic(), ": ", advice.advice(), " [", advice.source(), "]");
    }
  }

  private static String name(Plan.Row row) {
    return row.technique().label() + (row.technique().isPrediction() ? " *" : "");
  }

  private void line(Object... parts) {
    for (Object part : parts) {
      out.append(part);
    }
    out.append('\n');
  }
}
