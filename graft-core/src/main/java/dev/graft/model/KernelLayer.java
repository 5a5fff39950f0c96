package dev.graft.model;

import dev.graft.engine.Work;
import dev.graft.engine.kernels.CacheKernel;
import dev.graft.engine.kernels.FloatRows;
import dev.graft.engine.kernels.FloatRowsKernel;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@link DecoderLayer} for one new token of each sequence, divided among the members of a team. */
final class KernelLayer {
  private final DecoderSpec spec;
  private final int index;
  private final float[] inputNorm;
  private final KernelLinear qkv;
  private final float @Nullable [] queryNorm;
  private final float @Nullable [] keyNorm;
  private final KernelLinear output;
  private final float[] postNorm;
  private final KernelLinear gateUp;
  private final KernelLinear down;

  KernelLayer(DecoderSpec spec, int index, DecoderLayer.Weights w) {
    this.spec = spec;
    this.index = index;
    this.inputNorm = KernelLinear.vector(w.inputNorm().weight());
    this.qkv = new KernelLinear(w.qkv());
    this.queryNorm = norm(w.queryNorm());
    this.keyNorm = norm(w.keyNorm());
    this.output = new KernelLinear(w.output());
    this.postNorm = KernelLinear.vector(w.postNorm().weight());
    this.gateUp = new KernelLinear(w.gateUp());
    this.down = new KernelLinear(w.down());
  }

  private static float @Nullable [] norm(@Nullable RmsNorm norm) {
    return norm == null ? null : KernelLinear.vector(norm.weight());
  }

  /** Most columns that an adapter has in one linear. */
  int rank() {
    return Stream.of(qkv, output, gateUp, down).mapToInt(KernelLinear::rank).max().orElse(0);
  }

  /** One member's part; between two parts that need each other's results all wait. */
  void run(KernelStep step, int member) {
    FloatRows input = qkv.input(step.normalise(step.x, inputNorm), step, member);
    qkv.ordered(input, step.qkv, step.share(qkv.out(), member));
    step.team.await();
    prepareHeads(step, member);
    step.team.await();
    attend(step, member);
    step.team.await();
    addOutput(output, step.attended, step, member);
    input = gateUp.input(step.normalise(step.x, postNorm), step, member);
    activate(input, step, step.share(spec.intermediate(), member));
    step.team.await();
    addOutput(down, step.activated, step, member);
  }

  /** Adds the product to the residual stream. */
  private static void addOutput(KernelLinear linear, FloatRows from, KernelStep step, int member) {
    KernelStep.Share share = step.share(linear.out(), member);
    linear.ordered(linear.input(from, step, member), step.update, share);
    for (int r = 0; r < step.rows(); r++) {
      int at = step.x.at(r) + share.from();
      FloatRowsKernel.add(step.x.values(), at, step.update.values(), at, share.size());
    }
    step.team.await();
  }

  private void activate(FloatRows input, KernelStep step, KernelStep.Share share) {
    gateUp.ordered(input, step.gated, share);
    gateUp.ordered(input, step.gated, share.plus(spec.intermediate()));
    float[] scratch = new float[share.size()];
    for (int r = 0; r < step.rows(); r++) {
      int gate = step.gated.at(r) + share.from();
      FloatRowsKernel.swiglu(
          step.gated.values(),
          gate,
          gate + spec.intermediate(),
          share.size(),
          step.activated.values(),
          step.activated.at(r) + share.from(),
          scratch);
    }
  }

  // ---- heads: units of work are the heads of all sequences, dealt out in turn

  /** Normalises and rotates queries and keys, and stores keys and values. */
  private void prepareHeads(KernelStep step, int member) {
    int each = spec.heads() + spec.kvHeads();
    for (int unit = member; unit < each * step.rows(); unit += step.team.size()) {
      int row = unit / each;
      int head = unit % each;
      float[] values = step.qkv.values();
      int at = step.qkv.at(row) + head * spec.headDim();
      float[] norm = head < spec.heads() ? queryNorm : keyNorm;
      if (norm != null) {
        FloatRowsKernel.normalise(values, at, norm, spec.normEpsilon(), values, at);
      }
      int half = spec.headDim() / 2;
      FloatRowsKernel.rotate(values, at, step.cos, step.sin, row * half, half);
      if (head >= spec.heads()) {
        KeyValueCache cache = step.caches.get(row);
        CacheKernel.Head to = head(cache, index, head - spec.heads());
        CacheKernel.store(to, cache.length(), values, at, values, at + spec.keyWidth());
      }
    }
  }

  private void attend(KernelStep step, int member) {
    int window = spec.windows()[index];
    int group = spec.heads() / spec.kvHeads();
    float[] scores = new float[0];
    for (int unit = member; unit < spec.heads() * step.rows(); unit += step.team.size()) {
      int row = unit / spec.heads();
      int head = unit % spec.heads();
      KeyValueCache cache = step.caches.get(row);
      int last = cache.length();
      int first = window > 0 ? Math.max(0, last - window + 1) : 0;
      if (scores.length < last + 2 * CacheKernel.BLOCK) {
        scores = new float[last + 2 * CacheKernel.BLOCK];
      }
      Work.product(2L * (last - first + 1), spec.headDim()); // scores, and the sum of values
      CacheKernel.attend(
          head(cache, index, head / group),
          new CacheKernel.Sight(first, last),
          new CacheKernel.Row(step.qkv.values(), step.qkv.at(row) + head * spec.headDim()),
          new CacheKernel.Row(
              step.attended.values(), step.attended.at(row) + head * spec.headDim()),
          scores);
    }
  }

  /** Where a head of a cache is. */
  static CacheKernel.Head head(KeyValueCache cache, int layer, int head) {
    long offset = 2L * head * cache.capacity() * cache.headDim();
    return new CacheKernel.Head(
        cache.keyAddress(layer) + offset, cache.valueAddress(layer) + offset, cache.headDim());
  }
}
