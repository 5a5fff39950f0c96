package dev.graft.bench.plan;

import dev.graft.bench.report.Machine;
import dev.graft.bench.report.Markdown;
import dev.graft.bench.report.ReportFiles;
import dev.graft.bench.report.Statistics;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Predictions beside measurements. */
record PlanReport(Machine machine, List<String> settings, List<Measured> runs) {
  /** Seconds of a step, as planned and as measured in turns. */
  record Round(double planned, double measured) {
    double error() {
      return planned / measured - 1;
    }
  }

  /**
   * One setting.
   *
   * @param plannedBytes most that tensors take at a time
   * @param bytes the same, as measured; 0 where the system does not tell
   */
  record Measured(
      String model,
      PlanCase setting,
      long trained,
      double plannedBytes,
      double bytes,
      List<Round> rounds) {
    double bytesError() {
      return bytes == 0 ? Double.NaN : plannedBytes / bytes - 1;
    }

    /** Of all rounds together. */
    Round mean() {
      return new Round(mean(Round::planned), mean(Round::measured));
    }

    private double mean(ToDoubleFunction<Round> value) {
      return rounds.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    Statistics errors() {
      return Statistics.of(rounds.stream().map(Round::error).toList());
    }
  }

  void write(Path folder) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("machine", machine);
    json.put("settings", settings);
    json.put("runs", runs);
    ReportFiles.write(folder, "plan", page(), json);
  }

  String page() {
    Markdown table =
        new Markdown(
            "model",
            "method",
            "length",
            "recomputed",
            "trained",
            "planned MiB",
            "measured MiB",
            "error",
            "planned s",
            "measured s",
            "error",
            "min to max");
    for (Measured run : runs) {
      PlanCase each = run.setting();
      table.row(
          run.model(),
          each.technique().label(),
          Integer.toString(each.length()),
          each.checkpointing() ? "yes" : "no",
          Markdown.number(run.trained() / 1e6, 1) + " M",
          Markdown.mebibytes(run.plannedBytes()),
          Markdown.mebibytes(run.bytes() == 0 ? Double.NaN : run.bytes()),
          percent(run.bytesError()),
          Markdown.number(run.mean().planned(), 3),
          Markdown.number(run.mean().measured(), 3),
          percent(run.mean().error()),
          percent(run.errors().min()) + " to " + percent(run.errors().max()));
    }
    StringBuilder page = new StringBuilder("# graft plan against measured steps\n\n");
    page.append(machine.line()).append(".\n\n");
    settings.forEach(line -> page.append("- ").append(line).append('\n'));
    page.append('\n').append(table).append('\n');
    page.append(
        "Memory is the most that tensors held at a time in a step, without the Java virtual");
    page.append(
        " machine and the libraries.\nTime is the mean of a step, without the fastest and the");
    page.append(" slowest fifth, over all rounds.\n");
    return page.toString();
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "–" : Markdown.number(100 * share, 1) + " %";
  }
}
