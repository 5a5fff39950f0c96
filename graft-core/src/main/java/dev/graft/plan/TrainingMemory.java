package dev.graft.plan;

import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.PackedMatrix;
import dev.graft.engine.Segments;
import dev.graft.model.Decoder;
import dev.graft.model.DecoderSpec;
import dev.graft.model.LayerShape;
import dev.graft.model.PackedTokens;
import dev.graft.model.PassLength;
import dev.graft.model.SharedPrefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The most memory that tensors take in a step of training on the processor, in bytes, computed from
 * shapes as Graft's passes execute them (see docs/architecture.md). What the process has besides,
 * the Java virtual machine, the libraries and their compiled products, is not in it.
 *
 * @param weights compute copies of the model's weights and of the adapter
 * @param masters float32 masters of what is trained
 * @param gradients float32, one set for each lane
 * @param optimizer both moments of AdamW, float32
 * @param activations what the passes of all lanes keep for their backward half
 * @param logits of one piece of the learnt tokens, with their gradient, of all lanes
 * @param temporary what the passes or the optimizer hold besides at the worst moment
 */
public record TrainingMemory(
    long weights,
    long masters,
    long gradients,
    long optimizer,
    long activations,
    long logits,
    long temporary) {
  /** Most elements that the optimizer works on at once. */
  private static final long OPTIMIZER_PIECE = 4L << 20;

  /** The whole. */
  public long total() {
    return weights + masters + gradients + optimizer + activations + logits + temporary;
  }

  /**
   * What is trained.
   *
   * @param ranks of the adapter in each layer, lowest first, or in all layers if there is one
   *     alone: for query, key, value, output, gate, up and down projections, 0 for none; null where
   *     all weights are trained
   */
  public record Trained(@Nullable List<int[]> ranks, boolean dropout) {
    /** All weights. */
    public static final Trained ALL = new Trained(null, false);

    /** One rank on all linear layers. */
    public static Trained lora(int rank) {
      return new Trained(List.of(new int[] {rank, rank, rank, rank, rank, rank, rank}), false);
    }

    /** Ranks in a layer. */
    int[] ranks(int layer) {
      if (ranks == null) {
        return new int[7];
      }
      return ranks.get(ranks.size() == 1 ? 0 : layer);
    }

    /** The lowest layer with something to train; 0 where nothing in the layers is. */
    int lowest(DecoderSpec spec) {
      if (ranks != null) {
        for (int layer = 0; layer < spec.layers(); layer++) {
          if (Arrays.stream(ranks(layer)).anyMatch(rank -> rank > 0)) {
            return layer;
          }
        }
      }
      return 0;
    }

    /** Number of trainable parameters. */
    public long parameters(DecoderSpec spec) {
      if (ranks == null) {
        return spec.parameterCount();
      }
      long d = spec.hidden();
      long i = spec.intermediate();
      long sum = 0;
      for (int layer = 0; layer < spec.layers(); layer++) {
        int[] r = ranks(layer);
        sum +=
            r[0] * (d + spec.queryWidth())
                + ((long) r[1] + r[2]) * (d + spec.keyWidth())
                + r[3] * (d + spec.queryWidth())
                + ((long) r[4] + r[5] + r[6]) * (d + i);
      }
      return sum;
    }
  }

  /**
   * One lane's largest pass.
   *
   * @param starts of its examples and the number of all tokens, as in {@code PackedTokens}
   * @param learnt number of learnt tokens
   * @param prefix tokens that all of them begin with, before anything is learnt
   */
  public record Lane(int[] starts, int learnt, int prefix) {
    /** So many examples of the same length. */
    public static Lane of(int examples, int length, int learnt) {
      int[] starts = new int[examples + 1];
      for (int e = 0; e <= examples; e++) {
        starts[e] = e * length;
      }
      return new Lane(starts, learnt, 0);
    }

    /** The shape of a pass. */
    public static Lane of(PackedTokens pass) {
      return new Lane(pass.starts(), pass.learntTokens(), SharedPrefix.of(pass));
    }

    /** Number of examples. */
    public int examples() {
      return starts.length - 1;
    }

    /** Number of tokens. */
    public int tokens() {
      return starts[examples()];
    }

    /** Tokens that go through the layers: those that all examples begin with count once. */
    public int distinct() {
      return SharedPrefix.segments(starts, prefix, false).tokens();
    }

    /**
     * As the pass goes through the layers: with what its examples share once, and filled up to one
     * of few lengths, if it is; see {@link PassLength}.
     */
    Executed executed(DecoderSpec spec, DType dtype) {
      boolean fills = PassLength.pads(spec, dtype, Device.CPU);
      return new Executed(
          SharedPrefix.segments(starts, prefix, fills), fills ? PassLength.padded(learnt) : learnt);
    }
  }

  /** A pass in the layers; {@code rows} go on behind the attention of the last. */
  record Executed(Segments segments, int rows) {}

  /**
   * How a step is run.
   *
   * @param dtype compute type
   * @param lanes passes that run side by side
   * @param recompute whether activations are recomputed in the backward half
   */
  public record Setting(DType dtype, List<Lane> lanes, boolean recompute) {}

  /** The memory of a step. */
  public static TrainingMemory of(DecoderSpec spec, Trained trained, Setting setting) {
    List<LayerShape> layers = shapes(spec, trained, setting.dtype);
    long size = setting.dtype.bytes();
    long parameters = trained.parameters(spec);
    boolean all = trained.ranks == null;
    int lowest = trained.lowest(spec);
    long activations = 0;
    long logits = 0;
    long passes = 0;
    for (Lane real : setting.lanes) {
      Executed lane = real.executed(spec, setting.dtype);
      Segments segments = lane.segments;
      activations +=
          size * Decoder.workspaceElements(layers, segments, lane.rows, lowest, setting.recompute);
      long head = head(spec, lane, all) * size;
      long layer = 0;
      for (LayerShape shape : new LinkedHashSet<>(layers.subList(lowest, layers.size()))) {
        layer = Math.max(layer, layer(shape, segments, all, size));
      }
      logits += head;
      long product = layers.getFirst().packed() ? PackedMatrix.SCRATCH_BYTES : 0;
      passes += Math.max(0, layer - head) + product + beside(spec, segments, size);
    }
    // The optimizer runs when the passes are over; their workspace stays.
    long optimizer = all || parameters > 0 ? Math.min(parameters, OPTIMIZER_PIECE) * 4 : 0;
    return new TrainingMemory(
        weights(spec, layers, all, size) + again(spec, layers, lowest, size),
        4 * parameters,
        4 * parameters * setting.lanes.size(),
        8 * parameters,
        activations,
        logits,
        Math.max(passes, optimizer - logits));
  }

  /** Of every layer, lowest first; those that are the same are one object. */
  static List<LayerShape> shapes(DecoderSpec spec, Trained trained, DType dtype) {
    boolean bySegment = LayerShape.bySegment(spec, dtype, Device.CPU);
    boolean packed = trained.ranks != null && LayerShape.packs(spec, dtype, Device.CPU);
    LayerShape.Columns columns = LayerShape.Columns.NONE;
    LayerShape shape = new LayerShape(spec, columns, trained.dropout, bySegment, packed);
    List<LayerShape> shapes = new ArrayList<>();
    for (int layer = 0; layer < spec.layers(); layer++) {
      LayerShape.Columns own =
          trained.ranks == null
              ? LayerShape.Columns.NONE
              : LayerShape.Columns.ofRanks(trained.ranks(layer));
      if (!own.equals(columns)) {
        columns = own;
        shape = new LayerShape(spec, columns, trained.dropout, bySegment, packed);
      }
      shapes.add(shape);
    }
    return shapes;
  }

  /** In float32 the masters of trained weights serve as their own compute copies. */
  private static long weights(DecoderSpec spec, List<LayerShape> layers, boolean all, long size) {
    if (all && size == 4) {
      return 0;
    }
    return size * (spec.parameterCount() + adapters(spec, layers));
  }

  /** Elements of the adapters of all layers. */
  private static long adapters(DecoderSpec spec, List<LayerShape> layers) {
    long d = spec.hidden();
    long i = spec.intermediate();
    long attention = spec.queryWidth() + 2L * spec.keyWidth();
    long adapters = 0;
    for (LayerShape shape : layers) {
      LayerShape.Columns c = shape.columns();
      adapters +=
          c.qkv() * (attention + d)
              + c.output() * (d + spec.queryWidth())
              + c.gateUp() * (2 * i + d)
              + c.down() * (d + i);
    }
    return adapters;
  }

  /** Bytes of what is laid out for tiles a second time, for products backward; adapters thrice. */
  private static long again(DecoderSpec spec, List<LayerShape> layers, int lowest, long size) {
    if (!layers.getFirst().packed()) {
      return 0;
    }
    long backward = (layers.size() - lowest) * spec.layerMatrices();
    return size * (backward + 2 * adapters(spec, layers));
  }

  /** Elements that the loss holds: hidden states, one piece of logits, gradients. */
  private static long head(DecoderSpec spec, Executed lane, boolean all) {
    long d = spec.hidden();
    long rows = Math.min(lane.rows, PassLength.logitRows(spec.vocabulary()));
    long weightGradient = all ? d * spec.vocabulary() : 0;
    return rows * spec.vocabulary() + lane.rows * d + 4 * rows * d + weightGradient;
  }

  /** Bytes that a layer's backward pass holds; gradients of norms are made in float32. */
  private static long layer(LayerShape shape, Segments segments, boolean all, long size) {
    long norms = all ? 26L * segments.tokens() * shape.spec().hidden() : 0;
    long rows = segments.tokens();
    return Math.max(
        size * shape.backward(segments, rows, all),
        size * 5 * rows * shape.spec().hidden() + norms);
  }

  /** Embedded tokens and rotary tables, which last for the whole pass. */
  private static long beside(DecoderSpec spec, Segments segments, long size) {
    return size * segments.tokens() * (spec.hidden() + (long) spec.headDim());
  }
}
