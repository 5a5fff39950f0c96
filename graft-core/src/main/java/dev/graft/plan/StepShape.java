package dev.graft.plan;

import dev.graft.adapter.TargetModules;
import dev.graft.engine.DType;

/**
 * The settings that a step's memory depends on.
 *
 * @param technique what is trained
 * @param targets modules of an adapter
 * @param dtype compute type of weights and activations
 * @param batch examples of one pass, of all lanes together
 * @param length tokens of an example
 * @param learntShare share of the tokens that carry loss, from 0 to 1
 * @param checkpointing whether activations are computed anew in the backward pass
 * @param threads most passes side by side, as on a processor; 1 on an accelerator
 */
public record StepShape(
    Technique technique,
    TargetModules targets,
    DType dtype,
    int batch,
    int length,
    double learntShare,
    boolean checkpointing,
    int threads) {
  /** Tokens of an example, those of a soft prompt included. */
  int positions() {
    return length + (technique.kind() == Technique.Kind.PROMPT_TUNING ? technique.size() : 0);
  }

  StepShape withTechnique(Technique other) {
    return new StepShape(other, targets, dtype, batch, length, learntShare, checkpointing, threads);
  }

  StepShape withBatch(int other) {
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
}
