package dev.graft.plan;

import dev.graft.model.DecoderSpec;

/**
 * Shapes of a model of few layers that stands for a larger one in a measurement: the same widths
 * where they are small enough to be measured in a moment, else all of them divided by a power of
 * two.
 */
final class ProbeModel {
  /** Elements of a layer, and of the head, that can be measured in a moment. */
  private static final long MOST_LAYER = 16_000_000;

  private static final long MOST_HEAD = 32_000_000;
  private static final int WIDTH = 64;

  private ProbeModel() {}

  /** The model's shapes with so many layers. */
  static DecoderSpec of(DecoderSpec spec, int layers) {
    int kv = spec.kvHeads();
    while (kv > 1 && layerSize(spec, kv) > MOST_LAYER) {
      kv /= 2;
    }
    DecoderSpec narrow = kv == spec.kvHeads() ? spec : narrow(spec, kv);
    int vocabulary = (int) Math.min(narrow.vocabulary(), MOST_HEAD / narrow.hidden());
    int[] windows = new int[layers];
    for (int layer = 0; layer < layers; layer++) {
      windows[layer] = spec.windows()[layer % spec.windows().length];
    }
    return new DecoderSpec(
        narrow.family(),
        Math.max(WIDTH, vocabulary - vocabulary % WIDTH),
        narrow.hidden(),
        narrow.intermediate(),
        layers,
        narrow.heads(),
        narrow.kvHeads(),
        narrow.headDim(),
        narrow.normEpsilon(),
        narrow.rope(),
        true,
        narrow.bias(),
        narrow.queryKeyNorm(),
        windows,
        narrow.maxPositions());
  }

  /** Whether the widths are the model's own. */
  static boolean isExact(DecoderSpec spec) {
    return of(spec, 1).hidden() == spec.hidden();
  }

  private static long layerSize(DecoderSpec spec, int kv) {
    return ModelShapes.layerMatrices(narrow(spec, kv)) / spec.layers();
  }

  private static DecoderSpec narrow(DecoderSpec spec, int kv) {
    int heads = spec.heads() / spec.kvHeads() * kv;
    return new DecoderSpec(
        spec.family(),
        spec.vocabulary(),
        part(spec.hidden(), kv, spec.kvHeads()),
        part(spec.intermediate(), kv, spec.kvHeads()),
        spec.layers(),
        heads,
        kv,
        spec.headDim(),
        spec.normEpsilon(),
        spec.rope(),
        spec.tiedEmbeddings(),
        spec.bias(),
        spec.queryKeyNorm(),
        spec.windows(),
        spec.maxPositions());
  }

  private static int part(int width, int kv, int of) {
    int divided = (int) ((long) width * kv / of);
    return Math.max(WIDTH, divided - divided % WIDTH);
  }
}
