package dev.graft.compare;

import dev.graft.ledger.Ledger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that was measured.
 *
 * @param setting where and when
 * @param model the base model
 * @param task the data
 * @param settings what was asked for, as in {@code comparison.json}
 * @param strategies in the order in which they were asked for
 * @param cells in the order in which they were done; at least one for each strategy
 * @param shown answers to some test rows
 * @param lineage what the base model took; empty where it carries no ledger
 */
public record Comparison(
    Setting setting,
    Model model,
    Task task,
    Map<String, Object> settings,
    List<Strategy> strategies,
    List<CellResult> cells,
    List<Shown> shown,
    Optional<Ledger> lineage) {

  /** Where and when it was put together. */
  public record Setting(String graft, Instant created, String processor, int threads) {}

  /** The base model. */
  public record Model(String name, long parameters) {}

  /**
   * The data.
   *
   * @param trainRows rows that subsets are drawn from
   * @param testRows rows that are measured on
   */
  public record Task(
      Path train, Path valid, Path test, int trainRows, int testRows, Optional<Path> goal) {}

  /**
   * A test row that is shown with its answers.
   *
   * @param index in the test file
   * @param prompt the last question
   */
  public record Shown(int index, String prompt, String reference) {}

  /** Strategies with a number of rows, over all seeds. */
  public List<Result> results() {
    return Result.of(cells);
  }

  /** What was measured: rules only with a goal. */
  public List<Metric> metrics() {
    return Arrays.stream(Metric.values())
        .filter(metric -> metric != Metric.RULES || task.goal().isPresent())
        .toList();
  }

  /** Of each strategy the result with the most rows, in the strategies' order. */
  List<Result> largest() {
    List<Result> all = results();
    return strategies.stream()
        .flatMap(strategy ->
            all.stream()
                .filter(result -> result.strategy().equals(strategy))
                .max(java.util.Comparator.comparingInt(Result::size))
                .stream())
        .toList();
  }

  /** The results of a strategy by their rows, the fewest first. */
  List<Result> bySize(Strategy strategy) {
    return results().stream()
        .filter(result -> result.strategy().equals(strategy))
        .sorted(java.util.Comparator.comparingInt(Result::size))
        .toList();
  }
}
