package dev.graft.plan;

import dev.graft.engine.Device;
import dev.graft.engine.Segments;
import dev.graft.model.DecoderSpec;
import dev.graft.model.LayerShape;
import dev.graft.model.PassLength;
import dev.graft.plan.TrainingMemory.Executed;
import dev.graft.plan.TrainingMemory.Lane;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;

/**
 * Floating-point operations of the matrix products that Graft's passes execute, 2·M·N·K each.
 *
 * <p>They differ from {@link FlopCount}, the usual count: attention works on whole blocks of
 * queries against all keys up to the block's end, with room up to a multiple of 32 ({@link
 * LayerShape#blocks}), and makes its scores anew in the backward pass (five products instead of
 * four); an adapter's columns are padded to a multiple of 32; behind the attention of the last
 * layer there are only the rows that the loss needs; what the examples of a pass begin with goes
 * through the layers once; and passes are filled up to few lengths.
 *
 * @param layersForward of all layers, forward
 * @param layersBackward of all layers, backward, without what is computed anew
 * @param again forward passes of layers that checkpointing repeats
 * @param headForward logits
 * @param headBackward gradients of hidden states and, where it is trained, of the head
 */
public record ExecutedFlops(
    double layersForward,
    double layersBackward,
    double again,
    double headForward,
    double headBackward) {
  /** All of them. */
  public double total() {
    return layersForward + layersBackward + again + headForward + headBackward;
  }

  /** Those of the layers. */
  double layers() {
    return layersForward + layersBackward;
  }

  /** Those of the head. */
  double head() {
    return headForward + headBackward;
  }

  /** So many times as much. */
  ExecutedFlops times(double factor) {
    return new ExecutedFlops(
        layersForward * factor,
        layersBackward * factor,
        again * factor,
        headForward * factor,
        headBackward * factor);
  }

  /** Those of a forward pass alone. */
  ExecutedFlops forward() {
    return new ExecutedFlops(layersForward, 0, 0, headForward, 0);
  }

  /**
   * Counts the operations of these tokens, once.
   *
   * @param layout passes that some or all of them are divided into
   */
  static ExecutedFlops of(DecoderSpec spec, StepShape shape, TokenLoad load, StepLayout layout) {
    Technique.Kind kind = shape.technique().kind();
    TrainingMemory.Trained trained = shape.technique().trained(spec, shape.targets());
    Counting counting = new Counting(spec, shape, load, layout);
    double forward = 0;
    double backward = 0;
    double again = 0;
    int lowest = trained.lowest(spec);
    for (int layer = 0; layer < spec.layers(); layer++) {
      double ahead = counting.forward(layer);
      forward += ahead;
      if (layer >= lowest) {
        boolean below = layer > lowest || !kind.hasAdapter();
        backward += counting.backward(layer, below);
        again += shape.checkpointing() ? ahead : 0;
      }
    }
    double head = 2 * counting.headRows * spec.hidden() * spec.vocabulary();
    ExecutedFlops all =
        new ExecutedFlops(forward, backward, again, head, kind.trainsAll() ? 2 * head : head);
    return kind == Technique.Kind.PROMPTING ? all.forward() : all;
  }

  /**
   * One linear: rows (M, in) to (M, out), with so many columns of an adapter, {@code rank} used.
   */
  private record Linear(double rows, double in, double out, int columns, int rank) {
    double forward() {
      return 2 * rows * (in * columns + (in + columns) * out);
    }

    double backward(boolean inputGradient, boolean trainsWeights) {
      double adapter = columns == 0 ? 0 : 2 * rows * (rank * in + columns * out);
      double through =
          inputGradient
              ? 2 * rows * (out * (in + columns) + columns * in)
              : 2 * rows * out * columns;
      return through + adapter + (trainsWeights ? 2 * rows * in * out : 0);
    }
  }

  /** Counts layer by layer. */
  private static final class Counting {
    private final DecoderSpec spec;
    private final StepShape shape;
    private final TokenLoad load;
    private final TrainingMemory.Trained trained;
    private final List<Lane> passes;
    private final double share;
    private final double tokens;
    private final double learnt;
    private final double headRows;
    private final boolean bySegment;
    private final Map<Integer, Double> pairs = new HashMap<>();

    Counting(DecoderSpec spec, StepShape shape, TokenLoad load, StepLayout layout) {
      this.spec = spec;
      this.shape = shape;
      this.load = load;
      this.trained = shape.technique().trained(spec, shape.targets());
      this.passes = layout.passes();
      this.share = load.examples() / passes.stream().mapToDouble(Lane::examples).sum();
      this.tokens =
          load.tokens()
              + (double) shape.virtual() * load.examples()
              + more((real, there) -> (double) there.segments().tokens() - real.tokens());
      this.learnt = load.learnt() + more((real, there) -> (double) there.rows() - real.learnt());
      this.headRows =
          load.learnt()
              + more((real, there) ->
                  PassLength.logitRows(spec.vocabulary(), real.learnt(), there.rows())
                      - (double) real.learnt());
      this.bySegment = LayerShape.bySegment(spec, shape.dtype(), Device.CPU);
    }

    double forward(int layer) {
      double sum = 2 * attention(layer);
      for (Linear linear : linears(layer)) {
        sum += linear.forward();
      }
      return sum;
    }

    /**
     * What the passes have more of in the layers than their examples, or less where that is
     * negative, of all tokens.
     */
    private double more(ToDoubleBiFunction<Lane, Executed> of) {
      double sum = 0;
      for (Lane pass : passes) {
        sum += of.applyAsDouble(pass, pass.executed(spec, shape.dtype()));
      }
      return sum * share;
    }

    /** {@code below} says whether anything in front of the layer needs a gradient. */
    double backward(int layer, boolean below) {
      boolean all = shape.technique().kind().trainsAll();
      double sum = 5 * attention(layer);
      Linear[] linears = linears(layer);
      for (int i = 0; i < linears.length; i++) {
        sum += linears[i].backward(below || i > 0, all);
      }
      return sum;
    }

    /** Query, key and value; output; gate and up; down. */
    private Linear[] linears(int layer) {
      int[] r = trained.ranks(layer);
      LayerShape.Columns c = LayerShape.Columns.ofRanks(r);
      double rows = layer == spec.layers() - 1 ? learnt : tokens;
      double d = spec.hidden();
      double qkv = spec.queryWidth() + 2.0 * spec.keyWidth();
      double width = spec.intermediate();
      return new Linear[] {
        new Linear(tokens, d, qkv, c.qkv(), r[0] + r[1] + r[2]),
        new Linear(rows, spec.queryWidth(), d, c.output(), r[3]),
        new Linear(rows, d, 2 * width, c.gateUp(), r[4] + r[5]),
        new Linear(rows, width, d, c.down(), r[6])
      };
    }

    /** One product of queries and keys, of all examples and heads. */
    private double attention(int layer) {
      return 2 * spec.queryWidth() * pairs.computeIfAbsent(spec.windows()[layer], this::pairs);
    }

    private double pairs(int window) {
      Technique technique = shape.technique();
      int prefix = technique.kind() == Technique.Kind.PREFIX_TUNING ? technique.size() : 0;
      double sum = 0;
      for (Map.Entry<Integer, Long> entry : load.lengths().entrySet()) {
        int length = entry.getKey() + shape.virtual();
        sum += entry.getValue() * (pairs(0, length, window) + (double) length * prefix);
      }
      return sum
          + more((real, there) ->
              pairs(there.segments(), window) - pairs(new Segments(real.starts()), window));
    }

    private double pairs(Segments segments, int window) {
      double sum = 0;
      for (int s = 0; s < segments.count(); s++) {
        sum += pairs(segments.before(s), segments.length(s), window);
      }
      return sum;
    }

    /** Of so many queries with so many shared keys before their own. */
    private double pairs(int before, int length, int window) {
      return LayerShape.blocks(bySegment, spec, window).of(before, length).stream()
          .mapToDouble(block -> (double) block.rows() * block.keys())
          .sum();
    }
  }
}
