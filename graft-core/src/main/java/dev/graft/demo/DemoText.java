package dev.graft.demo;

import dev.graft.compare.Comparison;
import dev.graft.compare.ComparisonText;
import dev.graft.compare.Result;
import dev.graft.compare.Strategy;
import dev.graft.data.check.CheckReport;
import dev.graft.data.check.Finding;
import dev.graft.data.check.ReportText;
import dev.graft.data.check.Severity;
import dev.graft.goal.GoalReport;
import dev.graft.ledger.Ledger;
import dev.graft.ledger.LedgerText;
import dev.graft.ledger.Units;
import dev.graft.plan.Plan;
import dev.graft.plan.Technique;
import dev.graft.plan.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the demo says. */
final class DemoText {
  private static final int ROWS_SHOWN = 3;

  private DemoText() {}

  static String title(DemoFiles files) {
    return """
    Can a small general model learn to summarise support tickets, and what does that take?
    model  %s
    data   %s, support tickets with their summaries
    """
        .formatted(files.model(), files.train());
  }

  /** The rows that the demo will run, before it does. */
  static String plan(Plan plan, Optional<Ledger> origin) {
    TextTable table = new TextTable();
    table.row(List.of("", "trainable", "memory", "FLOP", "time here"));
    for (Plan.Row row : plan.rows()) {
      if (isShown(row.technique())) {
        table.row(
            List.of(
                row.technique().label(),
                Units.count(row.work().trainable()),
                Units.bytes(row.memory().total()),
                Units.number(row.work().flops().total()),
                Units.time(row.costs().getFirst().seconds())));
      }
    }
    StringBuilder text = new StringBuilder();
    heading(text, 1, "What would it cost?", "graft plan");
    text.append(table);
    origin.ifPresent(ledger ->
        text.append("The model's own pre-training took ")
            .append(LedgerText.line(ledger.total()))
            .append(".\n"));
    return text.toString();
  }

  private static boolean isShown(Technique technique) {
    return technique.kind() == Technique.Kind.FULL || technique.kind() == Technique.Kind.LORA;
  }

  static String data(DemoFiles files, CheckReport report, GoalReport goal) {
    StringBuilder text = new StringBuilder();
    heading(text, 2, "Is the data fit for it?", "graft data check");
    for (Severity severity : List.of(Severity.ERROR, Severity.WARNING)) {
      for (Finding finding : report.findings(severity)) {
        text.append(ReportText.line(report, finding, ROWS_SHOWN)).append('\n');
      }
    }
    text.append(ReportText.summary(report)).append('\n');
    text.append("house style of ").append(files.goal()).append(", met by the answers:\n");
    TextTable table = new TextTable();
    for (GoalReport.RuleResult rule : goal.rules()) {
      table.row(
          List.of(
              "  " + rule.text(),
              rule.counts().met() + " of " + rule.counts().judged(),
              rule.verdict() == GoalReport.Verdict.MISSED ? "MISSED" : "ok"));
    }
    return text.append(table).toString();
  }

  /**
   * The comparison.
   *
   * @param found cells that an earlier run had done
   */
  static String comparison(Comparison comparison, int found) {
    StringBuilder text = new StringBuilder();
    heading(text, 3, "Which way is best for its cost?", "graft compare --equal flops");
    if (found > 0) {
      text.append(found)
          .append(" of ")
          .append(comparison.cells().size())
          .append(" cells are of an earlier run in this folder.\n");
    }
    return text.append(ComparisonText.of(comparison)).toString();
  }

  /** What plan said of the adapter beside what it took. */
  static String predicted(Plan plan, Comparison comparison) {
    StringBuilder text = new StringBuilder();
    for (Plan.Row row : plan.rows()) {
      if (row.technique().kind() == Technique.Kind.LORA) {
        result(row.technique(), comparison)
            .ifPresent(result ->
                text.append(row.technique().label())
                    .append(": plan said ")
                    .append(Units.time(row.costs().getFirst().seconds()))
                    .append(" and ")
                    .append(Units.number(row.work().executed().total()))
                    .append(" executed FLOP, it took ")
                    .append(Units.time(result.cost().seconds()))
                    .append(" and ")
                    .append(Units.number(result.cost().flops()))
                    .append(".\n"));
      }
    }
    return text.toString();
  }

  private static Optional<Result> result(Technique technique, Comparison comparison) {
    Strategy strategy = new Strategy(Strategy.Kind.LORA, technique.size());
    return comparison.results().stream()
        .filter(result -> result.strategy().equals(strategy))
        .findFirst();
  }

  static String ledger(Ledger ledger) {
    StringBuilder text = new StringBuilder();
    heading(text, 4, "What did the adapter take, beside the model it stands on?", "graft ledger");
    return text.append(LedgerText.of(ledger)).toString();
  }

  static String end(DemoFiles files, Path adapter, Path output, double seconds) {
    StringBuilder text = new StringBuilder();
    heading(text, 5, "Go on", "");
    List<String> lines = new ArrayList<>();
    lines.add("report      " + output.resolve("report.html"));
    lines.add(
        "ask it      ./graft generate --model "
            + files.model()
            + " --adapter "
            + adapter
            + " --prompt \"Summarise this support ticket in one or two sentences. …\"");
    lines.add(
        "your own    ./graft plan, data check and compare take any Llama, Mistral or Qwen model and"
            + " your data: ./graft compare --help");
    lines.add(
        "less data   ./graft compare --model "
            + files.model()
            + " --data "
            + files.train()
            + " --test "
            + files.test()
            + " --sizes 50,100,200,400 --output runs/sizes");
    lines.forEach(line -> text.append(line).append('\n'));
    return text.append(String.format(Locale.ROOT, "took        %s%n", Units.time(seconds)))
        .toString();
  }

  private static void heading(StringBuilder text, int number, String question, String command) {
    text.append('\n').append(number).append("  ").append(question);
    text.append(command.isEmpty() ? "" : "  (" + command + ")").append("\n\n");
  }
}
