package dev.graft.compare;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/** Comparisons of made-up numbers. */
final class Comparisons {
  static final int EXAMPLES = 40;

  private final List<CellResult> cells = new ArrayList<>();
  private final List<Strategy> strategies = new ArrayList<>();
  private boolean goal;
  private String equal = "data";

  /**
   * Adds a cell.
   *
   * @param loss mean over examples
   * @param spread of the examples around it, different for each strategy
   */
  Comparisons cell(String strategy, int size, double loss, double spread) {
    return cell(strategy, size, 1, loss, spread);
  }

  Comparisons cell(String name, int size, long seed, double loss, double spread) {
    Strategy strategy = Strategy.parse("--strategies", name);
    if (!strategies.contains(strategy)) {
      strategies.add(strategy);
    }
    SplittableRandom random = new SplittableRandom(name.hashCode() * 31L + size * 7L + seed);
    double[] losses = new double[EXAMPLES];
    for (int i = 0; i < EXAMPLES; i += 2) {
      double off = spread * random.nextDouble();
      losses[i] = loss + off;
      losses[i + 1] = loss - off;
    }
    cells.add(result(new Cell(strategy, size, seed), losses, strategy.trains() ? 1e9 * size : 0));
    return this;
  }

  /** The curve of the last cell. */
  Comparisons curve(double... losses) {
    CellResult last = cells.removeLast();
    List<CellResult.Point> curve = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      curve.add(new CellResult.Point(i + 1L, losses[i]));
    }
    cells.add(
        new CellResult(
            last.cell(),
            last.folder(),
            last.run(),
            last.trained(),
            last.learningRate(),
            last.cost(),
            curve,
            last.scores(),
            last.texts()));
    return this;
  }

  Comparisons withGoal() {
    goal = true;
    return this;
  }

  Comparisons withEqual(String what) {
    equal = what;
    return this;
  }

  /** ROUGE-L falls with the loss; rules are kept by every other answer. */
  static CellResult result(Cell cell, double[] losses, double flops) {
    int n = losses.length;
    int[] tokens = new int[n];
    Arrays.fill(tokens, 5);
    double[] rouge = Arrays.stream(losses).map(loss -> 1 / (1 + loss)).toArray();
    double[] rules = new double[n];
    for (int i = 0; i < n; i += 2) {
      rules[i] = 1;
    }
    double[] length = new double[n];
    Arrays.fill(length, 1);
    long trained = cell.strategy().kind() == Strategy.Kind.LORA ? 100 : 1000;
    return new CellResult(
        cell,
        "cells/" + cell.strategy().id(),
        cell.strategy().trains() ? "runs/" + cell.strategy().id() : "",
        cell.strategy().trains() ? trained : 0,
        cell.strategy().trains() ? OptionalDouble.of(1e-3) : OptionalDouble.empty(),
        new CellCost(flops, 2, 3e6, 10, "estimate", 1e6, 10, 1000, 5e6),
        List.of(),
        new Scores(losses, tokens, rouge, new double[n], rules, length),
        Collections.nCopies(n, "an answer of " + cell.strategy().id()));
  }

  Comparison build() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("equal", equal);
    return new Comparison(
        new Comparison.Setting("test", Instant.EPOCH, "a processor", 1),
        new Comparison.Model("a model", 1000),
        new Comparison.Task(
            Path.of("train.jsonl"),
            Path.of("valid.jsonl"),
            Path.of("test.jsonl"),
            400,
            EXAMPLES,
            goal ? Optional.of(Path.of("goal.yaml")) : Optional.empty()),
        settings,
        strategies,
        cells,
        List.of(new Comparison.Shown(0, "the question", "the reference")),
        Optional.empty());
  }
}
