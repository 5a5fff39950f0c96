package dev.graft.model;

import dev.graft.engine.Team;
import dev.graft.engine.kernels.FloatRows;
import dev.graft.engine.kernels.FloatRowsKernel;
import dev.graft.engine.kernels.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The last norm and the product with the head, divided among the members of a team. Logits are not
 * rounded: those of bfloat16 are an eighth apart above 16, so that the likeliest tokens often share
 * one, and which of them is taken would be left to their order.
 */
final class KernelHead {
  private final DecoderSpec spec;
  private final Team team;
  private final float[] norm;
  private final KernelLinear linear;

  KernelHead(DecoderSpec spec, DecoderWeights weights, Team team) {
    this.spec = spec;
    this.team = team;
    this.norm = KernelLinear.vector(weights.finalNorm().weight());
    this.linear = new KernelLinear(weights.head());
  }

  /** The rows of logits (B, V) of last hidden states (B, d); the weights are read once for all. */
  List<float[]> logits(Matrix hidden) {
    FloatRows x = FloatRows.of(hidden.rows(), spec.hidden());
    for (int r = 0; r < hidden.rows(); r++) {
      FloatRowsKernel.unpack(hidden, r, x, r);
    }
    FloatRows logits = FloatRows.of(hidden.rows(), spec.vocabulary());
    team.run(member -> run(x, logits, member));
    return rows(logits);
  }

  /** One member's share of the logits (B, V), in plain order, of last hidden states (B, d). */
  void run(FloatRows x, FloatRows logits, int member) {
    FloatRows normed = KernelStep.normalise(x, norm, spec.normEpsilon());
    linear.plain(normed, logits, KernelStep.share(linear.out(), member, team));
  }

  /** The rows of logits, each by itself. */
  static List<float[]> rows(FloatRows logits) {
    List<float[]> rows = new ArrayList<>();
    for (int r = 0; r < logits.rows(); r++) {
      int at = logits.at(r);
      rows.add(Arrays.copyOfRange(logits.values(), at, at + logits.stride()));
    }
    return rows;
  }
}
