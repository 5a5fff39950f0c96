package dev.graft.bench.train;

import dev.graft.bench.products.Limit;
import dev.graft.bench.report.Machine;
import dev.graft.bench.report.Markdown;
import dev.graft.bench.report.Statistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * The comparison as a page and as JSON.
 *
 * @param sides Graft first
 * @param runs of each side by name, one a round
 */
record TrainReport(
    Machine machine,
    TrainSettings settings,
    List<Side> sides,
    Map<String, List<SideRun>> runs,
    Limit limit) {

  /** Speed of Graft over that of a peer, round by round. */
  Statistics ratio(Side peer) {
    List<SideRun> mine = of(sides.getFirst());
    List<SideRun> theirs = of(peer);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < mine.size(); i++) {
      ratios.add(speed(mine.get(i)) / speed(theirs.get(i)));
    }
    return Statistics.of(ratios);
  }

  String markdown() {
    StringBuilder text = new StringBuilder("# LoRA training, tokens per second\n\n");
    text.append(machine.line()).append(".\n\n");
    settings
        .asMap()
        .forEach((key, value) ->
            text.append("- ")
                .append(key.replace('_', ' '))
                .append(": ")
                .append(value)
                .append('\n'));
    text.append('\n').append(speeds()).append('\n').append(ratios()).append('\n');
    text.append(
        """
        Real tokens (prompt and completion, no padding), the same rows in the same order on every side, checked step by
        step. The sides ran in turns, each run in a process of its own; of each run the first steps are left out. The
        speed of a side is the median over rounds of a run's median step; a ratio is the median over rounds of the
        ratio within a round. Losses are means over the learnt tokens; TRL also learns what the chat template puts behind
        the end-of-turn token, so its losses are lower. Products alone: with median times, and with the best ones.

        """);
    sides.forEach(side ->
        text.append("- ")
            .append(side.name())
            .append(": ")
            .append(side.about())
            .append("; ")
            .append(of(side).getFirst().versions())
            .append('\n'));
    return text.append('\n').append(limit.markdown()).toString();
  }

  private Markdown speeds() {
    Markdown table =
        new Markdown(
            "side",
            "tokens/s",
            "min to max",
            "best step",
            "s a step",
            "first step after s",
            "peak MiB",
            "first loss",
            "last loss");
    for (Side side : sides) {
      Statistics speed = over(side, this::speed);
      OptionalDouble peak = peak(side);
      table.row(
          side.name(),
          Markdown.number(speed.median(), 0),
          Markdown.number(speed.min(), 0) + " to " + Markdown.number(speed.max(), 0),
          Markdown.number(over(side, run -> run.speed(settings.settled()).max()).max(), 0),
          Markdown.number(over(side, run -> run.stepSeconds(settings.settled())).median(), 3),
          Markdown.number(over(side, SideRun::secondsToFirstStep).median(), 1),
          peak.isPresent() ? Markdown.mebibytes(peak.getAsDouble()) : "–",
          Markdown.number(of(side).getFirst().steps().getFirst().loss(), 4),
          Markdown.number(of(side).getFirst().steps().getLast().loss(), 4));
    }
    return table.row(
        "products alone",
        Markdown.number(limit.median(), 0),
        "",
        Markdown.number(limit.best(), 0),
        "",
        "",
        "",
        "",
        "");
  }

  private Markdown ratios() {
    Markdown table = new Markdown("graft over", "ratio", "min to max", "rounds");
    for (Side peer : sides.subList(1, sides.size())) {
      Statistics ratio = ratio(peer);
      table.row(
          peer.name(),
          Markdown.number(ratio.median(), 2),
          Markdown.number(ratio.min(), 2) + " to " + Markdown.number(ratio.max(), 2),
          Integer.toString(of(peer).size()));
    }
    return table;
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("machine", machine);
    json.put("settings", settings.asMap());
    Map<String, Object> all = new LinkedHashMap<>();
    sides.forEach(side -> all.put(side.name(), of(side).stream().map(this::json).toList()));
    json.put("runs", all);
    Map<String, Object> ratios = new LinkedHashMap<>();
    sides.subList(1, sides.size()).forEach(peer -> ratios.put(peer.name(), ratio(peer)));
    json.put("ratios", ratios);
    json.put("limit", limit.json());
    return json;
  }

  private Map<String, Object> json(SideRun run) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tokens_per_second_median", speed(run));
    json.put("tokens_per_second_best", run.speed(settings.settled()).max());
    json.put("step_seconds_median", run.stepSeconds(settings.settled()));
    json.put("seconds_to_first_step", run.secondsToFirstStep());
    run.peakBytes().ifPresent(bytes -> json.put("peak_rss_bytes", bytes));
    json.put("versions", run.versions());
    json.put("tokens", run.steps().stream().map(SideRun.Step::tokens).toList());
    json.put("seconds", run.steps().stream().map(SideRun.Step::seconds).toList());
    json.put("losses", run.steps().stream().map(SideRun.Step::loss).toList());
    return json;
  }

  private List<SideRun> of(Side side) {
    return runs.getOrDefault(side.name(), List.of());
  }

  private double speed(SideRun run) {
    return run.speed(settings.settled()).median();
  }

  private Statistics over(Side side, ToDoubleFunction<SideRun> value) {
    return Statistics.of(of(side).stream().map(run -> value.applyAsDouble(run)).toList());
  }

  private OptionalDouble peak(Side side) {
    return of(side).stream()
        .filter(run -> run.peakBytes().isPresent())
        .mapToDouble(run -> run.peakBytes().getAsLong())
        .max();
  }
}
