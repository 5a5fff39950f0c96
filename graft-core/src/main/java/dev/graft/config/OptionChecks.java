package dev.graft.config;

import dev.graft.InputException;
import java.util.List;
import java.util.function.Predicate;

/** What must hold between the options of a run. */
final class OptionChecks {
  /** Options that say something about an adapter only. */
  private static final List<Option<?>> ADAPTER_ONLY =
      List.of(
          TrainOption.ADAPTER,
          TrainOption.RANK,
          TrainOption.ALPHA,
          TrainOption.DROPOUT,
          TrainOption.RSLORA,
          TrainOption.TARGET_MODULES,
          TrainOption.RANK_PATTERN,
          TrainOption.ALPHA_PATTERN);

  private OptionChecks() {}

  static void check(TrainOptions options) {
    for (Option<?> required : List.of(TrainOption.MODEL, TrainOption.DATA)) {
      if (!options.isGiven(required)) {
        throw new InputException(
            required.key() + " is missing: give --" + required.key() + " PATH or a YAML file");
      }
    }
    refuseIf(
        options,
        o -> o.resume() && o.overwrite(),
        "resume and overwrite exclude each other: resume goes on, overwrite starts anew");
    refuseIf(
        options,
        o -> o.finish() && !o.resume(),
        "finish needs resume: it ends a run that was begun");
    refuseIf(
        options,
        o -> o.microBatches().examples() > o.batchSize(),
        "micro-batch-size is larger than batch-size; it is a part of it");
    checkMethod(options);
    PretrainChecks.check(options);
    checkEvaluation(options);
  }

  private static void checkMethod(TrainOptions options) {
    for (Option<?> option : ADAPTER_ONLY) {
      refuseIf(
          options,
          o -> o.isGiven(option) && o.method() == Method.FULL,
          option.key() + " needs method lora, and method is full");
    }
    refuseIf(
        options,
        o -> o.fromScratch() && o.method() != Method.FULL,
        "from-scratch needs method full: an adapter to random weights learns nothing");
  }

  /** Whether the option says nothing for the method that was chosen, and may not be given. */
  static boolean isMeaningless(TrainOptions options, Option<?> option) {
    // Left out while it is off, so that checkpoints from before there was such an option fit.
    return (option.equals(TrainOption.FROM_SCRATCH) && !options.fromScratch())
        || (option.equals(TrainOption.FINISH) && !options.finish())
        || (options.method() == Method.FULL && ADAPTER_ONLY.contains(option))
        || PretrainChecks.isMeaningless(options, option);
  }

  private static void checkEvaluation(TrainOptions options) {
    for (Option<?> option :
        List.of(TrainOption.PATIENCE, TrainOption.EVAL_EVERY, TrainOption.EVAL_BATCHES)) {
      refuseIf(
          options,
          o -> o.isPositive(option) && o.valid().isEmpty(),
          option.key() + " needs held-out examples: give valid");
    }
  }

  private static void refuseIf(
      TrainOptions options, Predicate<TrainOptions> wrong, String message) {
    if (wrong.test(options)) {
      throw new InputException(message);
    }
  }
}
