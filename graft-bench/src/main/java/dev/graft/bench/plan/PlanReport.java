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
  /** Seconds of a step, as planned and as measured one behind the other. */
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

    Statistics over(ToDoubleFunction<Round> value) {
      return Statistics.of(rounds.stream().map(round -> value.applyAsDouble(round)).toList());
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
          Markdown.number(run.over(Round::planned).median(), 3),
          Markdown.number(run.over(Round::measured).median(), 3),
          percent(run.over(Round::error).median()),
          percent(run.over(Round::error).min()) + " to " + percent(run.over(Round::error).max()));
    }
    StringBuilder page = new StringBuilder("# graft plan against measured steps\n\n");
    page.append(machine.line()).append(".\n\n");
    settings.forEach(line -> page.append("- ").append(line).append('\n'));
    page.append('\n').append(table).append('\n');
    page.append("Memory is the most that tensors held at a time, without the Java virtual machine");
    page.append(" and the libraries.\nTime is that of the median step; its error is the median of");
    page.append(" the rounds'.\n");
    return page.toString();
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "–" : Markdown.number(100 * share, 1) + " %";
  }
}
