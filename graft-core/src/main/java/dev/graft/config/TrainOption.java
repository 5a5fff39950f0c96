package dev.graft.config;

import static dev.graft.config.OptionGroup.BATCHES;
import static dev.graft.config.OptionGroup.EVALUATION;
import static dev.graft.config.OptionGroup.FILES;
import static dev.graft.config.OptionGroup.OPTIMIZER;
import static dev.graft.config.OptionGroup.RUN;
import static dev.graft.config.OptionGroup.TUNING;

import dev.graft.InputException;
import dev.graft.adapter.TargetModules;
import dev.graft.config.ModuleTypes.ByModule;
import dev.graft.config.NumberTypes.Real;
import dev.graft.config.NumberTypes.RealOrAuto;
import dev.graft.config.NumberTypes.Size;
import dev.graft.config.NumberTypes.Whole;
import dev.graft.config.WordTypes.Choice;
import dev.graft.config.WordTypes.FilePath;
import dev.graft.config.WordTypes.Switch;
import dev.graft.data.DataFormat;
import dev.graft.data.LossOn;
import dev.graft.data.RowMapping;
import dev.graft.data.check.CheckCode;
import dev.graft.train.LearningRateSchedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code graft train}: the one place where they are declared. Flags, YAML keys,
 * {@code config.yaml}, JSON schema and documentation all come from this table.
 */
public final class TrainOption {
  private static final List<Option<?>> TABLE = new ArrayList<>();

  // Bounds of counts that only guard against slips of the pen.
  private static final long MANY = 1_000_000_000L;

  public static final Option<Path> MODEL =
      add(
          "model",
          new FilePath(),
          null,
          FILES,
          "Model: folder, GGUF file, or name on the Hub (owner/name)");
  public static final Option<Path> DATA =
      add(
          "data",
          new FilePath(),
          null,
          FILES,
          "Training examples: JSON lines, JSON, CSV, Parquet, text, or a folder of these");
  public static final Option<Path> VALID =
      add("valid", new FilePath(), null, FILES, "Held-out examples for evaluation");
  public static final Option<DataChecking> DATA_CHECK =
      add(
          "data-check",
          new Choice<>(DataChecking.class),
          DataChecking.ERROR,
          FILES,
          "What mistakes in the data do: error stops the run, warn shows them, off looks for none");
  public static final Option<Set<CheckCode>> DATA_CHECK_ALLOW =
      add(
          "data-check-allow",
          new CheckCodes(),
          Set.of(),
          FILES,
          "Errors of the data check that are to be warnings");
  public static final Option<DataFormat> DATA_FORMAT =
      add(
          "data-format",
          new Choice<>(DataFormat.class),
          null,
          FILES,
          "Layout of the examples; their keys tell it otherwise");
  public static final Option<RowMapping> DATA_MAP =
      add(
          "data-map",
          new MappingType(),
          null,
          FILES,
          "What the examples call keys and roles that have other names here");
  public static final Option<Path> OUTPUT =
      add("output", new FilePath(), Path.of("runs", "train"), FILES, "Folder of the run");
  public static final Option<Path> ADAPTER =
      add("adapter", new FilePath(), null, FILES, "Adapter folder to go on from");
  public static final Option<Boolean> RESUME =
      add("resume", new Switch(), false, FILES, "Go on from the run's newest checkpoint");
  public static final Option<Boolean> FINISH =
      add(
          "finish",
          new Switch(),
          false,
          FILES,
          "With resume: train no further, write the result of what is there");
  public static final Option<Boolean> OVERWRITE =
      add("overwrite", new Switch(), false, FILES, "Replace an earlier run in the output folder");

  public static final Option<Objective> OBJECTIVE =
      add(
          "objective",
          new Choice<>(Objective.class),
          Objective.SUPERVISED,
          TUNING,
          "Learn to answer as examples do, or pretrain: to go on with text");
  public static final Option<Boolean> SCALED_INIT =
      add(
          "scaled-init",
          new Switch(),
          false,
          TUNING,
          "Of a new model: begin with smaller residual projections, as GPT-2 did");
  public static final Option<Boolean> FROM_SCRATCH =
      add(
          "from-scratch",
          new Switch(),
          false,
          TUNING,
          "Begin with random weights: of the model only shape and tokenizer are taken");
  public static final Option<Method> METHOD =
      add(
          "method",
          new Choice<>(Method.class),
          Method.LORA,
          TUNING,
          "Train an adapter or all weights");
  public static final Option<Long> RANK =
      add("rank", new Whole(1, 65_536), 16L, TUNING, "Rank of the adapter");
  public static final Option<Double> ALPHA =
      add("alpha", Real.above(0, 1e6), 32.0, TUNING, "Scaling is alpha / rank");
  public static final Option<Double> DROPOUT =
      add("dropout", Real.below(0, 1), 0.0, TUNING, "Dropout on the adapter's input");
  public static final Option<Boolean> RSLORA =
      add("rslora", new Switch(), false, TUNING, "Scaling is alpha / sqrt(rank) instead");
  public static final Option<TargetModules> TARGET_MODULES =
      add(
          "target-modules",
          new ModuleTypes.Targets(),
          new TargetModules.AllLinear(),
          TUNING,
          "Modules that get an adapter");
  public static final Option<Map<String, Long>> RANK_PATTERN =
      add(
          "rank-pattern",
          new ByModule<>(new Whole(1, 65_536)),
          Map.of(),
          TUNING,
          "Other ranks for some modules");
  public static final Option<Map<String, Double>> ALPHA_PATTERN =
      add(
          "alpha-pattern",
          new ByModule<>(Real.above(0, 1e6)),
          Map.of(),
          TUNING,
          "Other alphas for some modules");

  public static final Option<OptionalDouble> LEARNING_RATE =
      add(
          "learning-rate",
          new RealOrAuto(Real.above(0, 10)),
          OptionalDouble.empty(),
          OPTIMIZER,
          "Peak learning rate; auto takes it from method and model width");
  public static final Option<LearningRateSchedule.Shape> SCHEDULE =
      add(
          "schedule",
          new Choice<>(LearningRateSchedule.Shape.class),
          LearningRateSchedule.Shape.COSINE,
          OPTIMIZER,
          "Learning rate after the warm-up");
  public static final Option<Double> WARMUP =
      add(
          "warmup",
          Real.between(0, MANY),
          0.03,
          OPTIMIZER,
          "Warm-up: fraction of all steps if below 1, else a number of steps");
  public static final Option<Double> WEIGHT_DECAY =
      add("weight-decay", Real.between(0, 10), 0.0, OPTIMIZER, "Decoupled weight decay (AdamW)");
  public static final Option<Double> MAX_GRAD_NORM =
      add(
          "max-grad-norm",
          Real.between(0, 1e9),
          1.0,
          OPTIMIZER,
          "Gradients are scaled down to this norm; 0 is off");

  public static final Option<Double> EPOCHS =
      add("epochs", Real.above(0, 1e6), 1.0, BATCHES, "Passes over the training examples");
  public static final Option<Long> MAX_STEPS =
      add("max-steps", new Whole(0, MANY), 0L, BATCHES, "Optimizer steps, over epochs; 0 is off");
  public static final Option<Long> TOKENS =
      add(
          "tokens",
          new Whole(0, 1_000_000_000_000_000L),
          0L,
          BATCHES,
          "Tokens to pretrain on, instead of max-steps; 0 is off");
  public static final Option<Long> SHUFFLE_BUFFER =
      add(
          "shuffle-buffer",
          new Whole(1024, MANY),
          4L << 20,
          BATCHES,
          "Tokens that are shuffled together in pretraining");
  public static final Option<Long> BATCH_SIZE =
      add("batch-size", new Whole(1, 1_000_000), 8L, BATCHES, "Examples per optimizer step");
  public static final Option<Long> MICRO_BATCH_SIZE =
      add(
          "micro-batch-size",
          new Whole(0, 1_000_000),
          0L,
          BATCHES,
          "Examples per pass; 0 takes as many as fit a token budget");
  public static final Option<Long> MAX_LENGTH =
      add("max-length", new Whole(8, 1 << 20), 2048L, BATCHES, "Longest example in tokens");
  public static final Option<Boolean> PACKING =
      add("packing", new Switch(), true, BATCHES, "Pack examples side by side, without padding");
  public static final Option<Boolean> ACTIVATION_CHECKPOINTING =
      add(
          "activation-checkpointing",
          new Switch(),
          false,
          BATCHES,
          "Recompute activations: far less memory, a third more time");
  public static final Option<Long> MEMORY_LIMIT =
      add(
          "memory-limit",
          new Size(),
          null,
          BATCHES,
          "Most memory of the process: turns on activation checkpointing where it is needed");
  public static final Option<LossOn> LOSS_ON =
      add(
          "loss-on",
          new Choice<>(LossOn.class),
          LossOn.COMPLETION,
          BATCHES,
          "Tokens that carry loss");

  public static final Option<Long> EVAL_EVERY =
      add(
          "eval-every",
          new Whole(0, MANY),
          0L,
          EVALUATION,
          "Steps between evaluations; 0 is about 10 a run");
  public static final Option<Long> EVAL_BATCHES =
      add(
          "eval-batches",
          new Whole(0, MANY),
          0L,
          EVALUATION,
          "Batches of held-out examples per evaluation; 0 is all");
  public static final Option<Long> PATIENCE =
      add(
          "patience",
          new Whole(0, MANY),
          0L,
          EVALUATION,
          "Stop after this many evaluations without improvement; 0 is off");
  public static final Option<Long> SAVE_EVERY =
      add(
          "save-every",
          new Whole(0, MANY),
          0L,
          EVALUATION,
          "Steps between checkpoints; 0 is with each evaluation");
  public static final Option<Long> KEEP_CHECKPOINTS =
      add("keep-checkpoints", new Whole(1, 100_000), 2L, EVALUATION, "Newest checkpoints to keep");

  public static final Option<Precision> PRECISION =
      add(
          "precision",
          new Choice<>(Precision.class),
          Precision.BF16,
          RUN,
          "Element type of weights and activations");
  public static final Option<Long> SEED =
      add("seed", new Whole(0, Long.MAX_VALUE), 42L, RUN, "Seed of order, initial values, dropout");
  public static final Option<Long> THREADS =
      add(
          "threads",
          new Whole(0, 4096),
          0L,
          RUN,
          "Threads of the engine, at most one per core; 0 is that many");

  /** Names that other tools use for these options, for "did you mean". */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("r", "rank"),
          Map.entry("lora-r", "rank"),
          Map.entry("lora-rank", "rank"),
          Map.entry("lora-alpha", "alpha"),
          Map.entry("lora-dropout", "dropout"),
          Map.entry("use-rslora", "rslora"),
          Map.entry("lora-target-modules", "target-modules"),
          Map.entry("lr", "learning-rate"),
          Map.entry("lr-scheduler", "schedule"),
          Map.entry("lr-scheduler-type", "schedule"),
          Map.entry("warmup-ratio", "warmup"),
          Map.entry("warmup-steps", "warmup"),
          Map.entry("iters", "max-steps"),
          Map.entry("num-epochs", "epochs"),
          Map.entry("num-train-epochs", "epochs"),
          Map.entry("per-device-train-batch-size", "batch-size"),
          Map.entry("max-seq-length", "max-length"),
          Map.entry("sequence-len", "max-length"),
          Map.entry("output-dir", "output"),
          Map.entry("model-name-or-path", "model"),
          Map.entry("base-model", "model"),
          Map.entry("dataset", "data"),
          Map.entry("train-file", "data"),
          Map.entry("val-set", "valid"),
          Map.entry("validation-file", "valid"),
          Map.entry("eval-steps", "eval-every"),
          Map.entry("save-steps", "save-every"),
          Map.entry("save-total-limit", "keep-checkpoints"),
          Map.entry("gradient-checkpointing", "activation-checkpointing"),
          Map.entry("grad-checkpoint", "activation-checkpointing"),
          Map.entry("dtype", "precision"));

  private static final List<Option<?>> ALL = List.copyOf(TABLE);

  private TrainOption() {}

  private static <T> Option<T> add(
      String key, OptionType<T> type, @Nullable T initial, OptionGroup group, String help) {
    Option<T> option = new Option<>(key, type, initial, group, help);
    TABLE.add(option);
    return option;
  }

  /** Every option, grouped, in the order in which they are listed. */
  public static List<Option<?>> all() {
    return ALL;
  }

  /** The option of this key. */
  static Optional<Option<?>> find(String key) {
    return ALL.stream().filter(option -> option.key().equals(key)).findFirst();
  }

  /**
   * Reads what the command line gives for an option of another command that shares its type.
   *
   * @throws InputException {@code --KEY: must be …}
   */
  public static <T> T parse(Option<T> option, String text) {
    try {
      return option.type().readText(text);
    } catch (BadValueException e) {
      throw new InputException("--" + option.key() + ": " + e.what(), e);
    }
  }

  /** {@code ; did you mean 'x'?} for a key that no option has, or nothing. */
  public static String hint(String key) {
    String elsewhere = ELSEWHERE.get(key.toLowerCase(Locale.ROOT).replace('_', '-'));
    return elsewhere != null
        ? "; did you mean '" + elsewhere + "'?"
        : Nearest.hint(key, ALL.stream().map(Option::key).toList());
  }
}
