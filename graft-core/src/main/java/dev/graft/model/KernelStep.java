package dev.graft.model;

import dev.graft.engine.Kernels;
import dev.graft.engine.Team;
import dev.graft.engine.kernels.FloatRows;
import dev.graft.engine.kernels.FloatRowsKernel;
import java.util.List;

/** What the members of a team share in one step: rows of scratch, one of each sequence. */
final class KernelStep {
  final Team team;
  final List<KeyValueCache> caches;
  final DecoderSpec spec;

  /** (B, d), the residual stream. */
  final FloatRows x;

  /** (B, (H + 2K)·D). */
  final FloatRows qkv;

  /** (B, H·D). */
  final FloatRows attended;

  /** (B, 2·I). */
  final FloatRows gated;

  /** (B, I). */
  final FloatRows activated;

  /** (B, d), what a layer adds to the residual stream. */
  final FloatRows update;

  /** (B, V) in plain order. */
  final FloatRows logits;

  /** (B, R), what goes through an adapter. */
  final FloatRows low;

  final float[] cos;
  final float[] sin;

  /**
   * Scratch for a step.
   *
   * @param rank most columns that an adapter has in one linear, R
   */
  KernelStep(DecoderSpec spec, Team team, List<KeyValueCache> caches, int rank) {
    this.spec = spec;
    this.team = team;
    this.caches = List.copyOf(caches);
    int rows = caches.size();
    this.x = FloatRows.of(rows, spec.hidden());
    this.qkv = FloatRows.of(rows, spec.queryWidth() + 2 * spec.keyWidth());
    this.attended = FloatRows.of(rows, spec.queryWidth());
    this.gated = FloatRows.of(rows, 2 * spec.intermediate());
    this.activated = FloatRows.of(rows, spec.intermediate());
    this.update = FloatRows.of(rows, spec.hidden());
    this.logits = FloatRows.of(rows, spec.vocabulary());
    this.low = FloatRows.of(rows, rank);
    int half = spec.headDim() / 2;
    this.cos = new float[rows * half];
    this.sin = new float[rows * half];
    for (int r = 0; r < rows; r++) {
      angles(caches.get(r).length(), r * half);
    }
  }

  private void angles(int position, int at) {
    double[] frequencies = spec.rope().frequencies();
    for (int i = 0; i < frequencies.length; i++) {
      // Rounded as in Rotary.
      double angle = (float) position * (float) frequencies[i];
      cos[at + FloatRows.place(i)] = (float) Math.cos(angle);
      sin[at + FloatRows.place(i)] = (float) Math.sin(angle);
    }
  }

  int rows() {
    return caches.size();
  }

  /** Norm of every row, by each member for itself: less work than a barrier. */
  FloatRows normalise(FloatRows from, float[] weight) {
    return normalise(from, weight, spec.normEpsilon());
  }

  static FloatRows normalise(FloatRows from, float[] weight, double epsilon) {
    FloatRows normed = FloatRows.of(from.rows(), weight.length);
    for (int r = 0; r < from.rows(); r++) {
      FloatRowsKernel.normalise(
          from.values(), from.at(r), weight, epsilon, normed.values(), normed.at(r));
    }
    return normed;
  }

  /** A member's share of n rows of a weight, in whole blocks. */
  Share share(int n, int member) {
    return share(n, member, team);
  }

  static Share share(int n, int member, Team team) {
    int blocks = Math.ceilDiv(n, Kernels.WIDTH);
    int from = (int) ((long) blocks * member / team.size()) * Kernels.WIDTH;
    int to = (int) ((long) blocks * (member + 1) / team.size()) * Kernels.WIDTH;
    return new Share(from, Math.min(n, to));
  }

  /** Rows {@code from} to one before {@code to}. */
  record Share(int from, int to) {
    int size() {
      return to - from;
    }

    Share plus(int offset) {
      return new Share(from + offset, to + offset);
    }
  }
}
