package dev.graft.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What to try next, by simple rules. */
public final class NextSteps {
  /** Validation loss above its lowest, relatively, from which on it has risen. */
  private static final double RISEN = 0.01;

  /** Share of answers that keep all rules below which something is wrong. */
  private static final double ENOUGH = 0.9;

  private final Comparison comparison;
  private final List<Result> largest;
  private final List<String> steps = new ArrayList<>();

  private NextSteps(Comparison comparison) {
    this.comparison = comparison;
    this.largest = comparison.largest();
  }

  /** The suggestions; none where no rule applies. */
  public static List<String> of(Comparison comparison) {
    NextSteps next = new NextSteps(comparison);
    Optional<Result> best = Verdict.best(next.largest, Metric.LOSS, Strategy::trains);
    best.ifPresent(next::moreData);
    next.higherRank();
    best.ifPresent(next::epochs);
    next.rules();
    next.undecided();
    return List.copyOf(next.steps);
  }

  private void moreData(Result best) {
    List<Result> sizes = comparison.bySize(best.strategy());
    if (sizes.size() < 2) {
      return;
    }
    Result before = sizes.get(sizes.size() - 2);
    Difference gain = best.minus(before, Metric.LOSS);
    if (gain.isClear() && gain.mean() < 0) {
      steps.add(
          "More data: from %d to %d rows the loss of %s still fell by %s."
              .formatted(before.size(), best.size(), best.strategy().label(), gain));
    } else {
      steps.add(
          "More rows of the same kind may not help: from %d to %d rows the loss of %s did not fall"
                  .formatted(before.size(), best.size(), best.strategy().label())
              + " beyond the noise.");
    }
  }

  private void higherRank() {
    Optional<Result> lora = Verdict.best(largest, Metric.LOSS, s -> s.kind() == Strategy.Kind.LORA);
    Optional<Result> full = Verdict.best(largest, Metric.LOSS, s -> s.kind() == Strategy.Kind.FULL);
    if (lora.isEmpty() || full.isEmpty()) {
      return;
    }
    Difference difference = lora.get().minus(full.get(), Metric.LOSS);
    if (difference.isClear() && difference.mean() > 0) {
      steps.add(
          "A higher rank (lora-r%d), another --learning-rate for it, or full fine-tuning: the loss"
                  .formatted(4 * lora.get().strategy().size())
              + " of LoRA is higher by "
              + difference
              + ".");
    }
  }

  private void epochs(Result best) {
    int risen = 0;
    int falling = 0;
    int known = 0;
    for (CellResult cell : best.cells()) {
      List<CellResult.Point> curve = cell.curve();
      if (curve.size() > 1) {
        double last = curve.getLast().loss();
        double least = curve.stream().mapToDouble(CellResult.Point::loss).min().orElse(Double.NaN);
        known++;
        risen += last > least * (1 + RISEN) ? 1 : 0;
        falling += last <= least ? 1 : 0;
      }
    }
    if (2 * risen > known) {
      steps.add(
          "Fewer epochs, or more rows: the validation loss of %s rises again before the end (%d of"
                  .formatted(best.label(), risen)
              + " %d runs).".formatted(known));
    } else if (known > 0 && falling == known) {
      steps.add(
          "More epochs: the validation loss of %s is at its lowest at the end of every run."
              .formatted(best.label()));
    }
  }

  private void rules() {
    if (!comparison.metrics().contains(Metric.RULES)) {
      return;
    }
    Verdict.best(largest, Metric.RULES, Strategy::trains)
        .filter(best -> best.mean(Metric.RULES) < ENOUGH)
        .ifPresent(best ->
            steps.add(
                "Look whether the training rows keep the rules: graft data check --goal %s --data %s"
                    .formatted(
                        comparison.task().goal().map(Object::toString).orElse(""),
                        comparison.task().train())));
  }

  private void undecided() {
    Optional<Result> best = Verdict.best(largest, Metric.ROUGE_L, s -> true);
    boolean undecided =
        best.isPresent()
            && largest.stream()
                .anyMatch(other ->
                    !other.strategy().equals(best.get().strategy())
                        && !best.get().minus(other, Metric.ROUGE_L).isClear());
    if (undecided) {
      steps.add(
          "More test rows (now %d) or more --seeds, to tell apart what is not yet."
              .formatted(comparison.task().testRows()));
    }
  }
}
