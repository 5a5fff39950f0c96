package dev.graft.train;

import dev.graft.data.MicroBatches;

/**
 * The plain values that a {@link Trainer} works by.
 *
 * @param steps optimizer steps of the run
 * @param batchSize examples per optimizer step
 * @param microBatches how a step's examples are divided
 * @param schedule learning rate by step
 * @param weightDecay of matrices; norms and biases are spared
 * @param maxGradNorm gradients of a larger norm are scaled down to it; 0 for no limit
 * @param seed of data order and dropout
 * @param evalEvery steps between evaluations; 0 for none
 * @param saveEvery steps between checkpoints; 0 for none but the last
 * @param keepCheckpoints how many of the newest checkpoints are kept, beside the best
 * @param patience evaluations without a better one after which the run ends; 0 for no early stop
 */
public record TrainPlan(
    long steps,
    int batchSize,
    MicroBatches microBatches,
    LearningRateSchedule schedule,
    double weightDecay,
    double maxGradNorm,
    long seed,
    long evalEvery,
    long saveEvery,
    int keepCheckpoints,
    int patience) {}
