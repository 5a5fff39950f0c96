package dev.graft.run;

import dev.graft.compare.Strategy;
import dev.graft.config.DataChecking;
import dev.graft.config.Precision;
import dev.graft.data.RowOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What to compare.
 *
 * @param model folder, GGUF file or Hub name
 * @param threads 0 for one per core
 */
public record CompareRequest(
    String model,
    Files files,
    Grid grid,
    Training training,
    Answering answering,
    Precision precision,
    int threads) {

  /** What is the same for all strategies that train. */
  public enum Equal {
    /** Rows and epochs. */
    DATA,
    /** Floating-point operations of the training steps. */
    FLOPS
  }

  /**
   * What is read and written.
   *
   * @param valid empty to hold some training rows out
   * @param test empty to hold some training rows out
   * @param rows how rows are understood
   * @param goal rules for answers
   * @param output folder of the comparison
   */
  public record Files(
      Path train,
      Optional<Path> valid,
      Optional<Path> test,
      RowOptions rows,
      Optional<Path> goal,
      Path output) {}

  /**
   * What is done.
   *
   * @param sizes numbers of training rows; empty for all there are
   */
  public record Grid(List<Strategy> strategies, List<Integer> sizes, List<Long> seeds) {
    public Grid {
      strategies = List.copyOf(strategies);
      sizes = sizes.stream().distinct().sorted().toList();
      seeds = seeds.stream().distinct().toList();
    }
  }

  /**
   * How it is trained.
   *
   * @param reference strategy whose work is the budget, where FLOP are equal
   * @param budget the budget itself, in floating-point operations
   * @param learningRates those that are not the strategy's own
   * @param dataCheck what mistakes in the training rows do
   */
  public record Training(
      Equal equal,
      Optional<Strategy> reference,
      OptionalDouble budget,
      double epochs,
      int batchSize,
      int maxLength,
      Map<Strategy, Double> learningRates,
      DataChecking dataCheck) {
    public Training {
      learningRates = Map.copyOf(learningRates);
    }
  }

  /**
   * How test rows are answered.
   *
   * @param maxNewTokens most tokens of an answer
   * @param shown test rows that are shown with their answers
   */
  public record Answering(int maxNewTokens, int shown) {}
}
