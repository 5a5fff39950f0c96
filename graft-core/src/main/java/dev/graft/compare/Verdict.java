package dev.graft.compare;

import dev.graft.evaluate.Bootstrap;
import dev.graft.ledger.Ledger;
import dev.graft.ledger.Units;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the comparison says, in sentences. A difference is claimed only where the 95 % interval of
 * the paired bootstrap over test examples and seeds leaves out zero; see {@link Result#minus}.
 */
public final class Verdict {
  private final Comparison comparison;
  private final List<Result> largest;
  private final List<String> sentences = new ArrayList<>();

  private Verdict(Comparison comparison) {
    this.comparison = comparison;
    this.largest = comparison.largest();
  }

  /** The sentences, the most important first. */
  public static List<String> of(Comparison comparison) {
    Verdict verdict = new Verdict(comparison);
    verdict.best(Metric.LOSS);
    verdict.best(Metric.ROUGE_L);
    verdict.loraAgainstFull();
    verdict.scratchAgainstTuned();
    verdict.prompting();
    verdict.rules();
    verdict.lineage();
    verdict.limits();
    return List.copyOf(verdict.sentences);
  }

  /** The one with the best mean. */
  static Optional<Result> best(List<Result> all, Metric metric, Predicate<Strategy> which) {
    return all.stream()
        .filter(result -> which.test(result.strategy()))
        .max(Comparator.comparingDouble(result -> metric.gain(result.mean(metric), 0)));
  }

  private void best(Metric metric) {
    Result best = best(largest, metric, strategy -> true).orElseThrow();
    Bootstrap.Interval own = best.interval(metric);
    String interval =
        Double.isFinite(own.low())
            ? String.format(Locale.ROOT, " (95 %% %.3f to %.3f)", own.low(), own.high())
            : "";
    String what =
        String.format(
            Locale.ROOT,
            "Best in %s: %s with %.3f%s.",
            metric.label(),
            best.label(),
            own.mean(),
            interval);
    List<Result> others =
        largest.stream()
            .filter(result -> !result.strategy().equals(best.strategy()))
            .sorted(Comparator.comparingDouble(result -> -metric.gain(result.mean(metric), 0)))
            .toList();
    List<String> alike =
        others.stream()
            .filter(other -> !best.minus(other, metric).isClear())
            .map(Result::label)
            .toList();
    if (!alike.isEmpty()) {
      what += " It cannot be told apart from " + list(alike) + " on these test rows.";
    } else if (!others.isEmpty()) {
      Result next = others.getFirst();
      what +=
          " The next, %s, is worse by %s, which is more than noise."
              .formatted(next.label(), best.minus(next, metric));
    }
    if (metric == Metric.ROUGE_L && own.mean() == 0) {
      what = "No answer of any strategy shares a word with its reference.";
    }
    sentences.add(what);
  }

  /** What can be said about two results in a metric. */
  private static String against(Result a, Result b, Metric metric) {
    Difference difference = a.minus(b, metric);
    if (!difference.isClear()) {
      return "in " + metric.label() + " they cannot be told apart (difference " + difference + ")";
    }
    return "its "
        + metric.label()
        + " is "
        + (difference.mean() > 0 ? "higher" : "lower")
        + " by "
        + difference;
  }

  private void loraAgainstFull() {
    Optional<Result> lora = best(largest, Metric.LOSS, s -> s.kind() == Strategy.Kind.LORA);
    Optional<Result> full = best(largest, Metric.LOSS, s -> s.kind() == Strategy.Kind.FULL);
    if (lora.isEmpty() || full.isEmpty()) {
      return;
    }
    Result a = lora.get();
    Result b = full.get();
    sentences.add(
        "%s against %s: %s, and %s. It trains %s of the parameters, with %s times the FLOP and %s"
                .formatted(
                    capital(a.label()),
                    b.label(),
                    against(a, b, Metric.LOSS),
                    against(a, b, Metric.ROUGE_L),
                    percent(a.trained() / (double) Math.max(1, b.trained())),
                    ratio(a.cost().flops(), b.cost().flops()),
                    ratio(a.cost().memoryBytes(), b.cost().memoryBytes()))
            + " times the memory.");
  }

  private void scratchAgainstTuned() {
    Optional<Result> scratch = best(largest, Metric.LOSS, s -> s.kind() == Strategy.Kind.SCRATCH);
    Optional<Result> tuned = best(largest, Metric.LOSS, Strategy::tunes);
    if (scratch.isEmpty() || tuned.isEmpty()) {
      return;
    }
    Result a = scratch.get();
    Result b = tuned.get();
    sentences.add(
        "%s against %s, %s: %s, and %s."
            .formatted(
                capital(a.label()),
                b.label(),
                equality(),
                against(a, b, Metric.LOSS),
                against(a, b, Metric.ROUGE_L)));
    rowsNeeded(a, comparison.bySize(b.strategy()));
  }

  private String equality() {
    return switch (String.valueOf(comparison.settings().get("equal"))) {
      case "flops" -> "with the same FLOP of training";
      default -> "with the same rows and epochs";
    };
  }

  /**
   * The fewest rows with which fine-tuning is clearly better than from scratch with all. That two
   * can't be told apart does not show that they are equal, so nothing is claimed of that.
   */
  private void rowsNeeded(Result scratch, List<Result> tuned) {
    List<Result> fewer = tuned.stream().filter(some -> some.size() < scratch.size()).toList();
    Optional<Result> better =
        fewer.stream().filter(some -> isClearly(some, scratch, Metric.LOSS)).findFirst();
    Optional<Result> open =
        fewer.stream().filter(some -> !some.minus(scratch, Metric.LOSS).isClear()).findFirst();
    if (better.isPresent()) {
      Result some = better.get();
      sentences.add(
          "With %d rows %s is already better than from scratch with %d (loss lower by %s): less"
                  .formatted(
                      some.size(),
                      some.strategy().label(),
                      scratch.size(),
                      some.minus(scratch, Metric.LOSS))
              + " labelled data is needed, here "
              + percent(some.size() / (double) scratch.size())
              + " of it or less.");
    } else if (open.isPresent()) {
      Result some = open.get();
      sentences.add(
          "With %d rows %s cannot be told apart from scratch with %d (difference of loss %s)."
              .formatted(
                  some.size(),
                  some.strategy().label(),
                  scratch.size(),
                  some.minus(scratch, Metric.LOSS)));
    } else if (!fewer.isEmpty()) {
      sentences.add(
          "With fewer than %d rows %s is not as good as from scratch with %d."
              .formatted(scratch.size(), fewer.getFirst().strategy().label(), scratch.size()));
    }
  }

  private void prompting() {
    Optional<Result> prompted = best(largest, Metric.ROUGE_L, s -> !s.trains());
    Optional<Result> trained = best(largest, Metric.ROUGE_L, Strategy::trains);
    if (prompted.isEmpty() || trained.isEmpty()) {
      return;
    }
    Result a = prompted.get();
    Result b = trained.get();
    boolean worse = isClearly(b, a, Metric.ROUGE_L) || isClearly(b, a, Metric.LOSS);
    boolean better = isClearly(a, b, Metric.ROUGE_L) || isClearly(a, b, Metric.LOSS);
    String claim = "Prompting may be enough";
    if (worse != better) {
      claim = worse ? "Prompting is not enough" : "Prompting is enough";
    }
    sentences.add(
        "%s: %s against %s, %s, and %s."
            .formatted(
                claim,
                a.label(),
                b.label(),
                against(a, b, Metric.ROUGE_L),
                against(a, b, Metric.LOSS)));
  }

  /** Whether the first is better beyond the noise. */
  private static boolean isClearly(Result better, Result worse, Metric metric) {
    Difference difference = better.minus(worse, metric);
    return difference.isClear() && metric.gain(difference.mean(), 0) > 0;
  }

  private void rules() {
    if (!comparison.metrics().contains(Metric.RULES)) {
      return;
    }
    Result best = best(largest, Metric.RULES, s -> true).orElseThrow();
    Result worst =
        largest.stream()
            .min(Comparator.comparingDouble(result -> result.mean(Metric.RULES)))
            .orElseThrow();
    String what =
        "All rules of the goal are kept by %s of the answers of %s"
            .formatted(percent(best.mean(Metric.RULES)), best.label());
    Difference difference = best.minus(worst, Metric.RULES);
    sentences.add(
        difference.isClear()
            ? "%s, by %s of those of %s."
                .formatted(what, percent(worst.mean(Metric.RULES)), worst.label())
            : what + "; the strategies cannot be told apart in this.");
  }

  private void lineage() {
    Optional<Result> tuned = best(largest, Metric.LOSS, Strategy::tunes);
    if (tuned.isEmpty()) {
      return;
    }
    if (comparison.lineage().isEmpty()) {
      sentences.add(
          "What it took to make the base model is not known: it carries no ledger. Fine-tuning and"
              + " prompting build on that work, from scratch does not.");
      return;
    }
    Ledger ledger = comparison.lineage().get();
    double before = ledger.total().flops().total();
    double own = tuned.get().cost().flops();
    sentences.add(
        "The base model itself took %s%s, %s times as much as the training of %s; from scratch has"
                .formatted(
                    ledger.isIncomplete() ? "at least " : "",
                    Units.flops(before),
                    ratio(before, own),
                    tuned.get().label())
            + " nothing of it.");
  }

  private void limits() {
    if (comparison.task().testRows() < 2) {
      sentences.add("With one test row there are no intervals, and nothing can be told apart.");
    } else if (largest.stream().anyMatch(r -> r.strategy().trains() && r.cells().size() < 2)) {
      sentences.add(
          "With one seed the intervals say nothing about what another draw of rows would give.");
    }
  }

  private static String list(List<String> items) {
    return items.size() == 1
        ? items.getFirst()
        : String.join(", ", items.subList(0, items.size() - 1)) + " and " + items.getLast();
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * share);
  }

  private static String ratio(double a, double b) {
    double ratio = a / b;
    if (!Double.isFinite(ratio)) {
      return "?";
    }
    return ratio < 9.95
        ? String.format(Locale.ROOT, "%.2f", ratio)
        : String.format(Locale.ROOT, "%,.0f", ratio);
  }
}
