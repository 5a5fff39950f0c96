package dev.graft.plan;

import dev.graft.model.DecoderSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A plan as JSON, for programs. Bytes, operations, seconds; keys are never left out. */
public final class PlanJson {
  private PlanJson() {}

  /**
   * One object on one line, without a line end.
   *
   * @param explain whether rows carry their formulas
   */
  public static String of(Plan plan, boolean explain) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("model", model(plan));
    map.put("data", data(plan));
    map.put("step", step(plan.settings()));
    map.put("rows", plan.rows().stream().map(row -> row(plan, row, explain)).toList());
    map.put("machines", plan.settings().machines().stream().map(PlanJson::machine).toList());
    map.put("scaling", scaling(plan.scaling()));
    map.put("advice", plan.advice());
    if (explain) {
      map.put("formulas", Explanation.common(plan));
    }
    return new JsonMapper().writeValueAsString(map);
  }

  private static Map<String, Object> model(Plan plan) {
    DecoderSpec spec = plan.spec();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("family", spec.family());
    map.put("parameters", plan.scaling().parameters());
    map.put("parts", ModelShapes.of(spec));
    map.put("layers", spec.layers());
    map.put("hidden", spec.hidden());
    map.put("context", spec.maxPositions());
    return map;
  }

  private static Map<String, Object> data(Plan plan) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("source", plan.load().source());
    map.put("tokens", (long) plan.load().tokens());
    map.put("learnt", Math.round(plan.load().learnt()));
    map.put("examples", plan.load().examples());
    map.put("epochs", plan.settings().scale().epochs());
    return map;
  }

  private static Map<String, Object> step(PlanSettings settings) {
    StepShape step = settings.step();
    PlanSettings.Scale scale = settings.scale();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("precision", Explanation.name(step.dtype()));
    map.put("batch_size", step.batch().examples());
    map.put("micro_batch_size", step.batch().pass());
    map.put("max_length", step.length());
    map.put("learnt_share", step.learntShare());
    map.put("activation_checkpointing", step.checkpointing());
    map.put("devices", scale.devices());
    map.put("sharding", scale.sharding().name().toLowerCase(Locale.ROOT));
    map.put("threads", step.threads());
    map.put("memory_limit", settings.wish().memory() == 0 ? null : settings.wish().memory());
    return map;
  }

  private static Map<String, Object> row(Plan plan, Plan.Row row, boolean explain) {
    long limit = plan.settings().wish().memory();
    Technique technique = row.technique();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("method", technique.kind().name().toLowerCase(Locale.ROOT));
    map.put("label", technique.label());
    map.put("rank", technique.kind().hasAdapter() ? technique.size() : null);
    map.put("virtual_tokens", technique.kind().isSoftPrompt() ? technique.size() : null);
    map.put("prediction", technique.isPrediction());
    map.put("source", technique.kind().source());
    map.put("trainable", row.work().trainable());
    map.put("memory", memory(row.memory()));
    map.put("fits", limit == 0 ? null : row.memory().total() <= limit);
    map.put("flops", flops(row.work()));
    map.put("steps", row.work().steps());
    map.put("costs", row.costs().stream().map(cost -> cost(row, cost)).toList());
    map.put("fit", row.fit().map(PlanJson::fit).orElse(null));
    if (explain) {
      map.put("formulas", Explanation.lines(plan, row));
    }
    return map;
  }

  private static Map<String, Object> memory(MemoryParts parts) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("weights", parts.weights());
    map.put("gradients", parts.gradients());
    map.put("optimizer", parts.optimizer());
    map.put("activations", parts.activations());
    map.put("logits", parts.logits());
    map.put("workspace", parts.workspace());
    map.put("total", parts.total());
    return map;
  }

  private static Map<String, Object> flops(Plan.Work work) {
    FlopCount flops = work.flops();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("forward", flops.forward());
    map.put("to_inputs", flops.toInputs());
    map.put("to_weights", flops.toWeights());
    map.put("adapter", flops.adapter());
    map.put("recomputed", flops.recomputed());
    map.put("total", flops.total());
    map.put("executed", work.executed().total());
    return map;
  }

  private static Map<String, Object> cost(Plan.Row row, Plan.Cost cost) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("device", cost.machine().name());
    map.put("seconds", cost.seconds());
    map.put("tokens_per_second", row.tokens() / cost.seconds());
    map.put("kilowatt_hours", cost.kilowattHours());
    map.put("price", number(cost.price()));
    map.put("memory", cost.memory());
    map.put("fits", cost.fits());
    return map;
  }

  private static Map<String, Object> fit(Fit fit) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("largest_batch", fit.largestBatch());
    map.put("largest_length", fit.largestLength());
    map.put("cheapest", fit.cheapest().map(PlanJson::choice).orElse(null));
    return map;
  }

  private static Map<String, Object> choice(Fit.Choice choice) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("batch_size", choice.examples());
    map.put("micro_batch_size", choice.batch());
    map.put("max_length", choice.length());
    map.put("activation_checkpointing", choice.checkpointing());
    return map;
  }

  private static Map<String, Object> machine(Machine machine) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("device", machine.name());
    map.put("flops_per_second", number(machine.flopsPerSecond()));
    map.put("pace", machine.pace().orElse(null));
    map.put("rate", machine.rate());
    map.put("watts", machine.watts());
    map.put("power", machine.power());
    map.put("memory", machine.memory() == Long.MAX_VALUE ? null : machine.memory());
    map.put("price_per_hour", number(machine.pricePerHour()));
    map.put("source", machine.source());
    return map;
  }

  private static Map<String, Object> scaling(Plan.Scaling scaling) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("budget_flops", scaling.flops());
    map.put("laws", ScalingLaw.all().stream().map(law -> law(law, scaling)).toList());
    return map;
  }

  private static Map<String, Object> law(ScalingLaw law, Plan.Scaling scaling) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", law.name());
    map.put("source", law.source());
    map.put(
        "coefficients",
        List.of(
            law.floor(),
            law.sizeFactor(),
            law.sizeExponent(),
            law.dataFactor(),
            law.dataExponent()));
    map.put("loss_here", law.loss((double) scaling.parameters(), scaling.tokens()));
    map.put("best_for_model", law.optimalData((double) scaling.parameters()));
    map.put("best_for_budget", law.optimum(scaling.flops()));
    return map;
  }

  private static @Nullable Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
