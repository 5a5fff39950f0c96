package dev.graft.run;

import dev.graft.InputException;
import dev.graft.compare.Cell;
import dev.graft.compare.CellFile;
import dev.graft.compare.Strategy;
import dev.graft.config.DataChecking;
import dev.graft.config.Method;
import dev.graft.config.Precision;
import dev.graft.config.TrainOption;
import dev.graft.config.TrainOptions;
import dev.graft.data.Example;
import dev.graft.data.arrange.Subsets;
import dev.graft.train.log.DataHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is to be done, worked out before any of it is. */
final class CompareCells {
  /** Changes whenever a metric is measured in another way, so that cells are done anew. */
  private static final int METRICS = 1;

  private static final int HASH_BYTES = 6;

  private final CompareRequest request;
  private final CompareFiles files;
  private final CompareTask task;
  private final Subsets subsets;
  private final String ofModel;
  private final String ofMeasuring;

  /**
   * The cells of a comparison.
   *
   * @param subsets of the training rows
   * @param modelHash tells the base model, its tokenizer and its template from others
   */
  CompareCells(
      CompareRequest request,
      CompareFiles files,
      CompareTask task,
      Subsets subsets,
      String modelHash)
      throws IOException {
    this.request = request;
    this.files = files;
    this.task = task;
    this.subsets = subsets;
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("model", modelHash);
    parts.put("format", request.files().rows().format());
    parts.put("map", new TreeMap<>(request.files().rows().mapping().names()));
    parts.put("precision", request.precision());
    this.ofModel = parts.toString();
    parts.clear();
    parts.put("metrics", METRICS);
    parts.put("test", DataHash.sha256(files.test()));
    parts.put("max-new-tokens", request.answering().maxNewTokens());
    if (request.files().goal().isPresent()) {
      parts.put("goal", DataHash.sha256(request.files().goal().get()));
    }
    this.ofMeasuring = parts.toString();
  }

  /**
   * A cell ready to be done.
   *
   * @param place names of its folder and of its training's
   * @param rows file of the training rows that it sees; null for none
   * @param training the run that it needs; empty where nothing is trained
   * @param steps of that run
   */
  record Planned(
      Cell cell,
      CellFile.Place place,
      @Nullable Path rows,
      Optional<TrainOptions> training,
      long steps) {}

  /** All cells: small ones first, and within a size by seed. */
  List<Planned> plan() throws IOException {
    List<Planned> cells = new ArrayList<>();
    CompareRequest.Grid grid = request.grid();
    for (Strategy strategy : grid.strategies()) {
      if (strategy.kind() == Strategy.Kind.ZERO_SHOT) {
        cells.add(prompting(new Cell(strategy, 0, 0)));
      } else if (strategy.kind() == Strategy.Kind.FEW_SHOT) {
        for (long seed : grid.seeds()) {
          cells.add(prompting(new Cell(strategy, 0, seed)));
        }
      }
    }
    List<Strategy> trained = grid.strategies().stream().filter(Strategy::trains).toList();
    if (trained.isEmpty()) {
      return cells;
    }
    List<Integer> sizes = grid.sizes().isEmpty() ? List.of(subsets.rows()) : grid.sizes();
    for (int size : sizes) {
      for (long seed : grid.seeds()) {
        cells.addAll(trainings(trained, size, seed));
      }
    }
    return cells;
  }

  private Planned prompting(Cell cell) throws IOException {
    int shots = cell.strategy().size();
    Path rows = shots > 0 ? subset(shots, cell.seed()) : null;
    String data = rows == null ? "" : DataHash.sha256(rows);
    String name = name(cell, ofModel + "\n" + ofMeasuring + "\n" + data);
    CellFile.Place place = new CellFile.Place(CompareFiles.CELLS + "/" + name, "");
    return new Planned(cell, place, rows, Optional.empty(), 0);
  }

  /** The first rows of the seed's order, as a file. */
  private Path subset(int size, long seed) {
    Path file =
        request
            .files()
            .output()
            .resolve(CompareFiles.DATA)
            .resolve("train-n" + size + "-s" + seed + ".jsonl");
    subsets.write(file, seed, size);
    return file;
  }

  private List<Planned> trainings(List<Strategy> strategies, int size, long seed)
      throws IOException {
    Path rows = subset(size, seed);
    Map<Strategy, TrainOptions> all = new LinkedHashMap<>();
    for (Strategy strategy : strategies) {
      all.put(strategy, options(strategy, rows, seed));
    }
    TrainOptions any = all.values().iterator().next();
    List<Example> examples = task.examples(rows, any);
    if (request.training().equal() == CompareRequest.Equal.FLOPS) {
      double budget = budget(all, examples);
      all.replaceAll((strategy, options) ->
          options.toBuilder()
              .set(
                  TrainOption.MAX_STEPS, steps(strategy, options, examples).steps(budget, strategy))
              .build());
    }
    String data = DataHash.sha256(rows) + " " + DataHash.sha256(files.valid());
    List<Planned> cells = new ArrayList<>();
    for (Map.Entry<Strategy, TrainOptions> entry : all.entrySet()) {
      Cell cell = new Cell(entry.getKey(), size, seed);
      Map<String, Object> decisive = ResumeCheck.decisive(entry.getValue());
      decisive.remove(TrainOption.DATA_MAP.key()); // in ofModel, where its order is fixed
      String training = ofModel + "\n" + data + "\n" + decisive;
      // What is measured in another way, or by other rows, need not be trained again.
      CellFile.Place place =
          new CellFile.Place(
              CompareFiles.CELLS + "/" + name(cell, training + "\n" + ofMeasuring),
              CompareFiles.RUNS + "/" + name(cell, training));
      Path output = request.files().output().resolve(place.run());
      TrainOptions options = entry.getValue().toBuilder().set(TrainOption.OUTPUT, output).build();
      cells.add(
          new Planned(cell, place, rows, Optional.of(options), options.steps(examples.size())));
    }
    return cells;
  }

  private CompareBudget steps(Strategy strategy, TrainOptions options, List<Example> examples) {
    return new CompareBudget(task.base().spec(), strategy, options, examples);
  }

  /** The work of the reference: by itself the LoRA with most of it, or what else has most. */
  private double budget(Map<Strategy, TrainOptions> all, List<Example> examples) {
    CompareRequest.Training training = request.training();
    if (training.budget().isPresent()) {
      return training.budget().getAsDouble();
    }
    boolean lora = all.keySet().stream().anyMatch(s -> s.kind() == Strategy.Kind.LORA);
    double most = 0;
    for (Map.Entry<Strategy, TrainOptions> entry : all.entrySet()) {
      Strategy strategy = entry.getKey();
      boolean counts =
          training.reference().isPresent()
              ? strategy.equals(training.reference().get())
              : !lora || strategy.kind() == Strategy.Kind.LORA;
      if (counts) {
        long steps = entry.getValue().steps(examples.size());
        most = Math.max(most, steps(strategy, entry.getValue(), examples).flops(steps));
      }
    }
    return most;
  }

  /** As {@code graft train} would do it, but for what is asked. */
  private TrainOptions options(Strategy strategy, Path rows, long seed) {
    CompareRequest.Training training = request.training();
    TrainOptions.Builder options =
        TrainOptions.builder()
            .set(TrainOption.MODEL, Path.of(request.model()))
            .set(TrainOption.DATA, rows)
            .set(TrainOption.VALID, files.valid())
            .set(TrainOption.DATA_CHECK, DataChecking.OFF)
            .set(TrainOption.METHOD, method(strategy))
            .set(TrainOption.EPOCHS, training.epochs())
            .set(TrainOption.BATCH_SIZE, (long) training.batchSize())
            .set(TrainOption.MAX_LENGTH, (long) training.maxLength())
            .set(TrainOption.KEEP_CHECKPOINTS, 1L)
            .set(TrainOption.PRECISION, request.precision())
            .set(TrainOption.SEED, seed)
            .set(TrainOption.THREADS, (long) request.threads())
            .set(TrainOption.RESUME, true);
    setRows(options, request);
    Double rate = training.learningRates().get(strategy);
    if (rate != null) {
      options.set(TrainOption.LEARNING_RATE, OptionalDouble.of(rate));
    }
    if (strategy.kind() == Strategy.Kind.LORA) {
      options.set(TrainOption.RANK, (long) strategy.size());
    }
    if (strategy.kind() == Strategy.Kind.SCRATCH) {
      options.set(TrainOption.FROM_SCRATCH, true);
    }
    return options.build();
  }

  /** How rows are understood. */
  static void setRows(TrainOptions.Builder options, CompareRequest request) {
    request
        .files()
        .rows()
        .format()
        .ifPresent(format -> options.set(TrainOption.DATA_FORMAT, format));
    if (!request.files().rows().mapping().names().isEmpty()) {
      options.set(TrainOption.DATA_MAP, request.files().rows().mapping());
    }
  }

  private static Method method(Strategy strategy) {
    return strategy.kind() == Strategy.Kind.LORA ? Method.LORA : Method.FULL;
  }

  private String name(Cell cell, String decisive) {
    String hash = sha256(decisive).substring(0, 2 * HASH_BYTES);
    return cell.strategy().id()
        + (cell.size() > 0 ? "-n" + cell.size() : "")
        + (cell.seed() > 0 ? "-s" + cell.seed() : "")
        + "-"
        + hash;
  }

  /** In hexadecimal. */
  static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Finds what is wrong with the grid. */
  static void check(CompareRequest request, int rows) {
    CompareRequest.Grid grid = request.grid();
    for (int size : grid.sizes()) {
      if (size > rows) {
        throw new InputException(
            "--sizes: " + size + " is more than the " + rows + " rows there are to train on");
      }
    }
    int fewest = grid.sizes().isEmpty() ? rows : grid.sizes().getFirst();
    for (Strategy strategy : grid.strategies()) {
      if (strategy.kind() == Strategy.Kind.FEW_SHOT && strategy.size() > fewest) {
        throw new InputException(
            "--strategies: "
                + strategy.id()
                + " needs "
                + strategy.size()
                + " rows, the smallest of --sizes is "
                + fewest);
      }
    }
    CompareRequest.Training training = request.training();
    boolean flops = training.equal() == CompareRequest.Equal.FLOPS;
    if (!flops && (training.reference().isPresent() || training.budget().isPresent())) {
      throw new InputException("--reference and --budget need --equal flops");
    }
    if (training.reference().isPresent() && training.budget().isPresent()) {
      throw new InputException("--reference and --budget exclude each other");
    }
    training.reference().ifPresent(strategy -> checkTrained("--reference", strategy, grid));
    training
        .learningRates()
        .keySet()
        .forEach(strategy -> checkTrained("--learning-rate", strategy, grid));
  }

  private static void checkTrained(String flag, Strategy strategy, CompareRequest.Grid grid) {
    if (!grid.strategies().contains(strategy) || !strategy.trains()) {
      throw new InputException(
          flag
              + ": "
              + strategy.id()
              + (strategy.trains() ? " is none of --strategies" : " trains nothing"));
    }
  }

  /** Compute type of all passes. */
  static boolean isBfloat(CompareRequest request) {
    return request.precision() == Precision.BF16;
  }
}
