package dev.graft.plan;

import dev.graft.adapter.TargetModules;
import dev.graft.engine.DType;

/**
 * The settings that a step's memory and work depend on.
 *
 * @param technique what is trained
 * @param targets modules of an adapter
 * @param dtype compute type of weights and activations
 * @param batch how a step's examples are divided
 * @param length most tokens of an example
 * @param learntShare share of the tokens that carry loss, from 0 to 1
 * @param checkpointing whether activations are computed anew in the backward pass
 * @param threads most passes side by side, as on a processor; 1 on an accelerator
 */
public record StepShape(
    Technique technique,
    TargetModules targets,
    DType dtype,
    Batch batch,
    int length,
    double learntShare,
    boolean checkpointing,
    int threads) {
  /**
   * How a step's examples are divided.
   *
   * @param examples of an optimizer step on one device
   * @param pass examples that are in work at once, in all passes side by side; 0 for as many as
   *     training takes by itself
   */
  public record Batch(int examples, int pass) {}

  /** Virtual tokens that stand in front of every example. */
  int virtual() {
    return technique.kind() == Technique.Kind.PROMPT_TUNING ? technique.size() : 0;
  }

  StepShape withTechnique(Technique other) {
    return new StepShape(other, targets, dtype, batch, length, learntShare, checkpointing, threads);
  }

  StepShape withBatch(int examples, int pass) {
    Batch other = new Batch(examples, pass);
    return new StepShape(
        technique, targets, dtype, other, length, learntShare, checkpointing, threads);
  }

  StepShape withLength(int other) {
    return new StepShape(
        technique, targets, dtype, batch, other, learntShare, checkpointing, threads);
  }

  StepShape withCheckpointing(boolean other) {
    return new StepShape(technique, targets, dtype, batch, length, learntShare, other, threads);
  }

  StepShape withThreads(int other) {
    return new StepShape(
        technique, targets, dtype, batch, length, learntShare, checkpointing, other);
  }
}
