package dev.graft.model;

import dev.graft.engine.Kernels;
import dev.graft.engine.Team;
import dev.graft.engine.Tensor;
import dev.graft.engine.kernels.CacheKernel;
import dev.graft.engine.kernels.FloatRowsKernel;
import dev.graft.engine.kernels.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps in kernels alone, for bfloat16 weights on the processor: a token takes a few hundred short
 * passes, which cost less than calling libtorch for each. Threads share a step's rows of weights
 * and heads, and what lies between two products stays in float32.
 */
final class KernelDecodeSession extends DecodeSession {
  private final DecoderSpec spec;
  private final Team team;
  private final List<KernelLayer> layers = new ArrayList<>();
  private final KernelHead head;
  private final Matrix embedding;
  private final int rank;

  KernelDecodeSession(Decoder model) {
    super(model);
    this.spec = model.spec();
    DecoderWeights weights = model.weights();
    for (int i = 0; i < spec.layers(); i++) {
      layers.add(new KernelLayer(spec, i, weights.layers().get(i).weights()));
    }
    this.embedding = KernelLinear.matrix(weights.embedding());
    this.rank = layers.stream().mapToInt(KernelLayer::rank).max().orElse(0);
    this.team = Team.open();
    this.head = new KernelHead(spec, weights, team);
  }

  /** Whether there are kernels for all that this model's steps take. */
  static boolean serves(Decoder model) {
    DecoderSpec spec = model.spec();
    return Kernels.serve(
        model.weights().embedding(),
        spec.hidden(),
        spec.intermediate(),
        spec.queryWidth(),
        spec.headDim() / 2);
  }

  @Override
  public KeyValueCache newCache(int capacity) {
    int blocks = Math.ceilDiv(capacity, CacheKernel.BLOCK);
    int whole = Math.multiplyExact(blocks, CacheKernel.BLOCK);
    return new KeyValueCache(spec, whole, model.dtype(), model.device());
  }

  @Override
  void store(KeyValueCache cache, int layer, Tensor keys, Tensor values) {
    for (int j = 0; j < spec.kvHeads(); j++) {
      CacheKernel.store(
          KernelLayer.head(cache, layer, j),
          cache.length(),
          keys.select(0, j).memory().address(),
          values.select(0, j).memory().address(),
          (int) keys.size(1));
    }
  }

  @Override
  List<float[]> step(int[] ids, List<KeyValueCache> caches) {
    KernelStep step = new KernelStep(spec, team, caches, rank);
    for (int i = 0; i < ids.length; i++) {
      FloatRowsKernel.unpack(embedding, ids[i], step.x, i);
    }
    team.run(member -> run(step, member));
    return KernelHead.rows(step.logits);
  }

  @Override
  List<float[]> logits(Tensor hidden) {
    return head.logits(KernelLinear.matrix(hidden));
  }

  private void run(KernelStep step, int member) {
    for (KernelLayer layer : layers) {
      layer.run(step, member);
    }
    head.run(step.x, step.logits, member);
  }

  @Override
  public void close() {
    team.close();
  }
}
