package dev.graft.config;

import dev.graft.InputException;
import java.util.List;

/** What must hold between the options that say something about one objective only. */
final class PretrainChecks {
  private static final List<Option<?>> PRETRAIN_ONLY =
      List.of(TrainOption.TOKENS, TrainOption.SHUFFLE_BUFFER, TrainOption.SCALED_INIT);

  private static final List<Option<?>> SUPERVISED_ONLY =
      List.of(
          TrainOption.EPOCHS,
          TrainOption.LOSS_ON,
          TrainOption.DATA_CHECK,
          TrainOption.DATA_CHECK_ALLOW);

  private PretrainChecks() {}

  static void check(TrainOptions options) {
    boolean pretrains = options.objective() == Objective.PRETRAIN;
    for (Option<?> option : pretrains ? SUPERVISED_ONLY : PRETRAIN_ONLY) {
      if (options.isGiven(option)) {
        throw new InputException(
            option.key()
                + (pretrains
                    ? " has no meaning for objective pretrain"
                    : " needs objective pretrain"));
      }
    }
    boolean both =
        options.isPositive(TrainOption.TOKENS) && options.isPositive(TrainOption.MAX_STEPS);
    boolean none =
        !options.isPositive(TrainOption.TOKENS) && !options.isPositive(TrainOption.MAX_STEPS);
    if (pretrains && (both || none)) {
      throw new InputException(
          "objective pretrain needs its length: give either tokens or max-steps");
    }
  }

  static boolean isMeaningless(TrainOptions options, Option<?> option) {
    return options.objective() == Objective.PRETRAIN
        ? SUPERVISED_ONLY.contains(option)
        : PRETRAIN_ONLY.contains(option) || option.equals(TrainOption.OBJECTIVE);
  }
}
