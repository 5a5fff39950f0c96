package dev.graft.compare;

import dev.graft.evaluate.Bootstrap;
import dev.graft.ledger.Ledger;
import dev.graft.ledger.Spent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** {@code comparison.json}; its form is documented in {@code docs/compare.md}. */
public final class ComparisonJson {
  private static final int VERSION = 1;
  private static final JsonMapper JSON = new JsonMapper();

  private ComparisonJson() {}

  /** The comparison as JSON, pretty, with the end of the last line. */
  public static String write(Comparison comparison) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree(comparison)) + "\n";
  }

  private static Map<String, @Nullable Object> tree(Comparison comparison) {
    List<Result> results = comparison.results();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("comparison", VERSION);
    json.put("graft", comparison.setting().graft());
    json.put("created", comparison.setting().created().toString());
    json.put("processor", comparison.setting().processor());
    json.put("threads", comparison.setting().threads());
    json.put(
        "model",
        Map.of("name", comparison.model().name(), "parameters", comparison.model().parameters()));
    json.put("task", task(comparison.task()));
    json.put("settings", comparison.settings());
    json.put("metrics", comparison.metrics().stream().map(ComparisonJson::metric).toList());
    json.put("strategies", comparison.largest().stream().map(ComparisonJson::strategy).toList());
    json.put("cells", comparison.cells().stream().map(cell -> cell(comparison, cell)).toList());
    json.put(
        "results", results.stream().map(result -> result(comparison, results, result)).toList());
    json.put(
        "answers", comparison.shown().stream().map(shown -> answer(comparison, shown)).toList());
    json.put("lineage", comparison.lineage().map(ComparisonJson::lineage).orElse(null));
    json.put("verdict", Verdict.of(comparison));
    json.put("next", NextSteps.of(comparison));
    return json;
  }

  private static Map<String, @Nullable Object> task(Comparison.Task task) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("train", task.train().toString());
    json.put("valid", task.valid().toString());
    json.put("test", task.test().toString());
    json.put("train_rows", task.trainRows());
    json.put("test_rows", task.testRows());
    json.put("goal", task.goal().map(Object::toString).orElse(null));
    return json;
  }

  private static Map<String, Object> metric(Metric metric) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", metric.id());
    json.put("name", metric.label());
    json.put("unit", metric.unit());
    json.put("better", metric.better().name().toLowerCase(java.util.Locale.ROOT));
    return json;
  }

  private static Map<String, @Nullable Object> strategy(Result result) {
    Strategy strategy = result.strategy();
    OptionalDouble rate = result.cells().getFirst().learningRate();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", strategy.id());
    json.put("name", strategy.label());
    json.put("trains", strategy.trains());
    json.put("trainable_parameters", result.trained());
    json.put("learning_rate", rate.isPresent() ? rate.getAsDouble() : null);
    json.put("detail", strategy.detail());
    return json;
  }

  private static Map<String, @Nullable Object> cell(Comparison comparison, CellResult result) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("strategy", result.cell().strategy().id());
    json.put("size", result.cell().size());
    json.put("seed", result.cell().seed());
    json.put("folder", result.folder());
    if (!result.run().isEmpty()) {
      json.put("run", result.run());
    }
    Map<String, @Nullable Object> metrics = new LinkedHashMap<>();
    for (Metric metric : comparison.metrics()) {
      metrics.put(metric.id(), finite(result.scores().mean(metric)));
    }
    json.put("metrics", metrics);
    json.put("cost", cost(result.cost()));
    json.put("curve", curve(result));
    return json;
  }

  /** Also in {@code cell.json}. */
  static List<Map<String, Object>> curve(CellResult result) {
    List<Map<String, Object>> curve = new ArrayList<>();
    for (CellResult.Point point : result.curve()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("step", point.step());
      json.put("loss", point.loss());
      curve.add(json);
    }
    return curve;
  }

  /** Also in {@code cell.json}. */
  static Map<String, @Nullable Object> cost(CellCost cost) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("flops", finite(cost.flops()));
    json.put("seconds", finite(cost.seconds()));
    json.put("memory_bytes", finite(cost.memoryBytes()));
    json.put("energy_joules", finite(cost.energyJoules()));
    json.put("energy_source", cost.energySource());
    json.put("result_bytes", finite(cost.resultBytes()));
    json.put("steps", finite(cost.steps()));
    json.put("tokens", finite(cost.tokens()));
    json.put("answer_flops", finite(cost.answerFlops()));
    return json;
  }

  private static Map<String, @Nullable Object> result(
      Comparison comparison, List<Result> all, Result result) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("strategy", result.strategy().id());
    json.put("size", result.size());
    Map<String, @Nullable Object> metrics = new LinkedHashMap<>();
    Map<String, @Nullable Object> pareto = new LinkedHashMap<>();
    for (Metric metric : comparison.metrics()) {
      Bootstrap.Interval interval = result.interval(metric);
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      values.put("mean", finite(interval.mean()));
      values.put("low", finite(interval.low()));
      values.put("high", finite(interval.high()));
      metrics.put(metric.id(), values);
      if (metric.better() != Metric.Better.NONE) {
        pareto.put(metric.id(), Pareto.isOptimal(result, all, metric));
      }
    }
    json.put("metrics", metrics);
    json.put("cost", cost(result.cost()));
    json.put("pareto", pareto);
    return json;
  }

  private static Map<String, Object> answer(Comparison comparison, Comparison.Shown shown) {
    List<Map<String, Object>> answers = new ArrayList<>();
    for (Result result : comparison.largest()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("strategy", result.strategy().id());
      json.put("size", result.size());
      json.put("text", result.cells().getFirst().texts().get(shown.index()));
      answers.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("index", shown.index());
    json.put("prompt", shown.prompt());
    json.put("reference", shown.reference());
    json.put("answers", answers);
    return json;
  }

  private static Map<String, @Nullable Object> lineage(Ledger ledger) {
    Spent total = ledger.total();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("flops", finite(total.flops().total()));
    json.put("complete", !ledger.isIncomplete());
    json.put("tokens", total.data().tokens());
    json.put("seconds", finite(total.seconds().total()));
    return json;
  }

  /** JSON has no NaN and no infinity. */
  static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
