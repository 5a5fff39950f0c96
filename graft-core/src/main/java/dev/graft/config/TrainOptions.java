package dev.graft.config;

import dev.graft.InputException;
import dev.graft.adapter.LoraSpec;
import dev.graft.adapter.TargetModules;
import dev.graft.data.LossOn;
import dev.graft.data.MicroBatches;
import dev.graft.data.RowMapping;
import dev.graft.data.RowOptions;
import dev.graft.data.check.CheckCode;
import dev.graft.train.LearningRateSchedule;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of one training run, checked and complete: what was given, and the defaults of {@link
 * TrainOption} for the rest. Immutable.
 *
 * <p>Relative paths, also those in a YAML file, are relative to the working directory.
 */
public final class TrainOptions {
  private final Map<Option<?>, Object> given;

  private TrainOptions(Map<Option<?>, Object> given) {
    this.given = given;
  }

  /** Options with nothing given yet. */
  public static Builder builder() {
    return new Builder(new LinkedHashMap<>());
  }

  /** Whether a value was given, so that it is not the default only because nobody asked. */
  public boolean isGiven(Option<?> option) {
    return given.containsKey(option);
  }

  /** A builder that starts from these options. */
  public Builder toBuilder() {
    return new Builder(new LinkedHashMap<>(given));
  }

  /** The options of the run itself: without what to do about an earlier one in its folder. */
  public TrainOptions asBegun() {
    return toBuilder()
        .set(TrainOption.RESUME, false)
        .set(TrainOption.FINISH, false)
        .set(TrainOption.OVERWRITE, false)
        .build();
  }

  public Path model() {
    return get(TrainOption.MODEL);
  }

  public Path data() {
    return get(TrainOption.DATA);
  }

  public Optional<Path> valid() {
    return Optional.ofNullable(find(TrainOption.VALID));
  }

  /** What mistakes in the data do. */
  public DataChecking dataCheck() {
    return get(TrainOption.DATA_CHECK);
  }

  /** Errors of the data check that are to be warnings. */
  public Set<CheckCode> dataCheckAllow() {
    return get(TrainOption.DATA_CHECK_ALLOW);
  }

  /** How the rows of the examples are understood. */
  public RowOptions rows() {
    RowMapping mapping = find(TrainOption.DATA_MAP);
    return new RowOptions(
        Optional.ofNullable(find(TrainOption.DATA_FORMAT)),
        mapping == null ? RowMapping.NONE : mapping);
  }

  public Path output() {
    return get(TrainOption.OUTPUT);
  }

  /** Adapter to go on from. */
  public Optional<Path> adapter() {
    return Optional.ofNullable(find(TrainOption.ADAPTER));
  }

  public boolean resume() {
    return get(TrainOption.RESUME);
  }

  /** Whether to train no further and write the result of what is there. */
  public boolean finish() {
    return get(TrainOption.FINISH);
  }

  public boolean overwrite() {
    return get(TrainOption.OVERWRITE);
  }

  public Objective objective() {
    return get(TrainOption.OBJECTIVE);
  }

  /** Tokens that are shuffled together in pretraining. */
  public long shuffleBuffer() {
    return get(TrainOption.SHUFFLE_BUFFER);
  }

  /** Whether a new model begins with smaller residual projections. */
  public boolean scaledInit() {
    return get(TrainOption.SCALED_INIT);
  }

  /** Whether training begins with random weights, whatever the model has learnt. */
  public boolean fromScratch() {
    return get(TrainOption.FROM_SCRATCH);
  }

  public Method method() {
    return get(TrainOption.METHOD);
  }

  public int rank() {
    return count(TrainOption.RANK);
  }

  public double alpha() {
    return get(TrainOption.ALPHA);
  }

  public double dropout() {
    return get(TrainOption.DROPOUT);
  }

  public boolean rslora() {
    return get(TrainOption.RSLORA);
  }

  public TargetModules targetModules() {
    return get(TrainOption.TARGET_MODULES);
  }

  public Map<String, Integer> rankPattern() {
    Map<String, Integer> ranks = new LinkedHashMap<>();
    get(TrainOption.RANK_PATTERN).forEach((key, rank) -> ranks.put(key, Math.toIntExact(rank)));
    return ranks;
  }

  public Map<String, Double> alphaPattern() {
    return get(TrainOption.ALPHA_PATTERN);
  }

  /** The LoRA adapter that these options describe. */
  public LoraSpec lora() {
    return new LoraSpec(
        rank(), alpha(), dropout(), rslora(), targetModules(), rankPattern(), alphaPattern());
  }

  /** The learning rate that was given; empty where {@link LearningRateRule} is to choose it. */
  public OptionalDouble learningRate() {
    return get(TrainOption.LEARNING_RATE);
  }

  /**
   * The learning rate that was given, or what {@link LearningRateRule} says for this model.
   *
   * @param modelType {@code model_type} of the model
   * @param hidden width of the model
   */
  public double learningRate(String modelType, int hidden) {
    boolean begins = objective() == Objective.PRETRAIN || fromScratch();
    if (learningRate().isEmpty() && begins && method() == Method.FULL) {
      return LearningRateRule.pretrain(hidden);
    }
    return learningRate()
        .orElseGet(() ->
            switch (method()) {
              case LORA -> LearningRateRule.lora(modelType, hidden);
              case FULL -> LearningRateRule.full(modelType, hidden);
            });
  }

  public LearningRateSchedule.Shape schedule() {
    return get(TrainOption.SCHEDULE);
  }

  /** Number of warm-up steps of a run with this many steps. */
  public long warmupSteps(long steps) {
    double warmup = get(TrainOption.WARMUP);
    return Math.min(steps, Math.round(warmup < 1 ? warmup * steps : warmup));
  }

  public double weightDecay() {
    return get(TrainOption.WEIGHT_DECAY);
  }

  /** Bound of the gradients' norm; empty where they are not clipped. */
  public OptionalDouble maxGradNorm() {
    double norm = get(TrainOption.MAX_GRAD_NORM);
    return norm > 0 ? OptionalDouble.of(norm) : OptionalDouble.empty();
  }

  public double epochs() {
    return get(TrainOption.EPOCHS);
  }

  /**
   * Number of optimizer steps for this many training examples: {@code max-steps} where it is given,
   * else what the epochs, or in pretraining the tokens, come to.
   */
  public long steps(long examples) {
    long most = get(TrainOption.MAX_STEPS);
    if (most > 0) {
      return most;
    }
    if (objective() == Objective.PRETRAIN) {
      return Math.ceilDiv(get(TrainOption.TOKENS), (long) batchSize() * maxLength());
    }
    return Math.max(1, (long) Math.ceil(epochs() * examples / batchSize() - 1e-9));
  }

  public int batchSize() {
    return count(TrainOption.BATCH_SIZE);
  }

  /** How a step's examples are divided into passes. */
  public MicroBatches microBatches() {
    int examples = count(TrainOption.MICRO_BATCH_SIZE);
    return new MicroBatches(examples, MicroBatches.AUTOMATIC_TOKENS, get(TrainOption.PACKING));
  }

  /** In tokens. */
  public int maxLength() {
    return count(TrainOption.MAX_LENGTH);
  }

  /** Whether backward passes recompute the layers' activations. */
  public boolean activationCheckpointing() {
    return get(TrainOption.ACTIVATION_CHECKPOINTING);
  }

  /** Most memory that the process may take, in bytes. */
  public OptionalLong memoryLimit() {
    Long bytes = find(TrainOption.MEMORY_LIMIT);
    return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
  }

  public LossOn lossOn() {
    return get(TrainOption.LOSS_ON);
  }

  /** Steps between evaluations in a run with this many steps. */
  public long evalEvery(long steps) {
    long every = get(TrainOption.EVAL_EVERY);
    return every > 0 ? every : Math.max(1, Math.ceilDiv(steps, 10));
  }

  /** Batches of {@link #batchSize} examples per evaluation; 0 is all. */
  public int evalBatches() {
    return count(TrainOption.EVAL_BATCHES);
  }

  /** Evaluations without improvement after which the run stops; 0 is off. */
  public int patience() {
    return count(TrainOption.PATIENCE);
  }

  /** Steps between checkpoints in a run with this many steps. */
  public long saveEvery(long steps) {
    long every = get(TrainOption.SAVE_EVERY);
    return every > 0 ? every : evalEvery(steps);
  }

  public int keepCheckpoints() {
    return count(TrainOption.KEEP_CHECKPOINTS);
  }

  public Precision precision() {
    return get(TrainOption.PRECISION);
  }

  public long seed() {
    return get(TrainOption.SEED);
  }

  /** Threads of the engine; 0 is one per core. */
  public int threads() {
    return count(TrainOption.THREADS);
  }

  /**
   * Every option that has a value and a meaning for the method, as a tree of JSON in the table's
   * order.
   */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    for (Option<?> option : TrainOption.all()) {
      if (!OptionChecks.isMeaningless(this, option)) {
        putJson(json, option);
      }
    }
    return json;
  }

  private <T> void putJson(Map<String, Object> json, Option<T> option) {
    T value = find(option);
    if (value != null) {
      json.put(option.key(), option.type().toJson(value));
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TrainOptions options && toJson().equals(options.toJson());
  }

  @Override
  public int hashCode() {
    return toJson().hashCode();
  }

  @Override
  public String toString() {
    return toJson().toString();
  }

  /** Whether the option is a number above zero. */
  boolean isPositive(Option<?> option) {
    return find(option) instanceof Number number && number.doubleValue() > 0;
  }

  private int count(Option<Long> option) {
    return Math.toIntExact(get(option));
  }

  private <T> T get(Option<T> option) {
    T value = find(option);
    if (value == null) {
      throw new IllegalStateException(option.key() + " has no value");
    }
    return value;
  }

  @SuppressWarnings("unchecked") // a value is stored under its own option only
  private <T> @Nullable T find(Option<T> option) {
    T value = (T) given.get(option);
    return value != null ? value : option.initial();
  }

  /** Collects options; what is set later replaces what was set before. */
  public static final class Builder {
    private final Map<Option<?>, Object> values;

    private Builder(Map<Option<?>, Object> values) {
      this.values = values;
    }

    /** Sets a value that is known to be allowed. */
    public <T> Builder set(Option<T> option, T value) {
      values.put(option, value);
      return this;
    }

    /**
     * Sets what the command line says.
     *
     * @throws InputException naming the flag where the option does not take the value
     */
    public Builder flag(Option<?> option, String text) {
      try {
        values.put(option, option.type().readText(text));
      } catch (BadValueException e) {
        throw new InputException("--" + option.key() + ": " + e.what(), e);
      }
      return this;
    }

    /**
     * Sets what a YAML file of options says.
     *
     * @throws InputException naming file, line and key where something is wrong with it
     */
    public Builder file(Path yaml) {
      values.putAll(OptionsFile.read(yaml));
      return this;
    }

    /**
     * The options, checked against each other.
     *
     * @throws InputException where a required one is missing or two exclude each other
     */
    public TrainOptions build() {
      TrainOptions options = new TrainOptions(new LinkedHashMap<>(values));
      OptionChecks.check(options);
      return options;
    }
  }
}
