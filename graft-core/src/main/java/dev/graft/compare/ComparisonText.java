package dev.graft.compare;

import dev.graft.evaluate.Bootstrap;
import dev.graft.ledger.Units;
import dev.graft.plan.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The comparison for a terminal. */
public final class ComparisonText {
  private static final int SHOWN = 2;
  private static final int LONGEST = 400;

  private ComparisonText() {}

  /** Tables, some answers before and after, verdict and what to try next. */
  public static String of(Comparison comparison) {
    StringBuilder text = new StringBuilder();
    List<Result> results = comparison.results();
    text.append("Quality on ").append(comparison.task().testRows()).append(" test rows");
    text.append(", means over seeds with 95 % intervals\n\n");
    text.append(quality(comparison, results));
    text.append("\n* no other is as good for as few FLOP of training\n\nCost\n\n");
    text.append(cost(results)).append('\n');
    answers(comparison, text);
    section("Verdict", Verdict.of(comparison), text);
    section("Next", NextSteps.of(comparison), text);
    return text.toString();
  }

  private static TextTable quality(Comparison comparison, List<Result> results) {
    TextTable table = new TextTable();
    List<String> head = new ArrayList<>(List.of("strategy", "rows"));
    comparison.metrics().forEach(metric -> head.add(metric.label()));
    table.row(head);
    for (Result result : results) {
      List<String> row = new ArrayList<>(List.of(result.strategy().id(), rows(result)));
      for (Metric metric : comparison.metrics()) {
        boolean marked =
            metric.better() != Metric.Better.NONE && Pareto.isOptimal(result, results, metric);
        row.add(interval(result.interval(metric)) + (marked ? "*" : " "));
      }
      table.row(row);
    }
    return table;
  }

  private static TextTable cost(List<Result> results) {
    TextTable table = new TextTable();
    table.row(
        List.of(
            "strategy", "rows", "FLOP", "time", "memory", "trainable", "result", "FLOP/answer"));
    for (Result result : results) {
      CellCost cost = result.cost();
      boolean trains = result.strategy().trains();
      table.row(
          List.of(
              result.strategy().id(),
              rows(result),
              trains ? Units.number(cost.flops()) : "-",
              trains ? Units.time(cost.seconds()) : "-",
              Units.bytes(Math.round(cost.memoryBytes())),
              trains ? Units.count(result.trained()) : "-",
              trains ? Units.bytes(Math.round(cost.resultBytes())) : "-",
              Units.number(cost.answerFlops())));
    }
    return table;
  }

  private static String rows(Result result) {
    return result.size() == 0 ? "-" : Integer.toString(result.size());
  }

  private static String interval(Bootstrap.Interval interval) {
    return Double.isFinite(interval.low())
        ? String.format(
            Locale.ROOT, "%.3f [%.3f %.3f]", interval.mean(), interval.low(), interval.high())
        : String.format(Locale.ROOT, "%.3f", interval.mean());
  }

  private static void answers(Comparison comparison, StringBuilder text) {
    List<Result> largest = comparison.largest();
    Optional<Result> before =
        largest.stream().filter(result -> !result.strategy().trains()).findFirst();
    Optional<Result> after = Verdict.best(largest, Metric.ROUGE_L, Strategy::trains);
    if (comparison.shown().isEmpty()) {
      return;
    }
    text.append("Answers\n");
    for (Comparison.Shown shown : comparison.shown().subList(0, shownAtMost(comparison))) {
      text.append('\n');
      line(text, "prompt", shown.prompt());
      line(text, "reference", shown.reference());
      before.ifPresent(result -> line(text, result.strategy().id(), text(result, shown)));
      after.ifPresent(result -> line(text, result.strategy().id(), text(result, shown)));
    }
    text.append('\n');
  }

  private static int shownAtMost(Comparison comparison) {
    return Math.min(SHOWN, comparison.shown().size());
  }

  private static String text(Result result, Comparison.Shown shown) {
    return result.cells().getFirst().texts().get(shown.index());
  }

  private static void line(StringBuilder text, String name, String what) {
    text.append(String.format(Locale.ROOT, "  %-12s %s%n", name, plain(what)));
  }

  /** One line without control characters: a model may answer anything. */
  private static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    text.strip()
        .codePoints()
        .limit(LONGEST)
        .forEach(c -> plain.appendCodePoint(isShown(c) ? c : ' '));
    return plain.isEmpty() ? "(nothing)" : plain.toString().replaceAll(" +", " ");
  }

  private static boolean isShown(int c) {
    int type = Character.getType(c);
    return !Character.isISOControl(c)
        && type != Character.FORMAT
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR;
  }

  private static void section(String title, List<String> sentences, StringBuilder text) {
    if (!sentences.isEmpty()) {
      text.append(title).append("\n\n");
      sentences.forEach(sentence -> text.append("- ").append(sentence).append('\n'));
      text.append('\n');
    }
  }
}
