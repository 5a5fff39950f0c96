package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All weights of a {@link Decoder}, and which of them are trained. */
final class DecoderWeights implements AutoCloseable {
  static final String EMBEDDING = "model.embed_tokens.weight";

  private final Scope scope;
  private final List<DecoderLayer> layers;
  private final RmsNorm finalNorm;
  private final FusedLinear head;
  private final boolean tied;
  private final String fingerprint;
  private @Nullable Tensor untiedEmbedding;
  private @Nullable Tensor embeddingMaster;
  private boolean trainsEmbedding;

  /**
   * The weights.
   *
   * @param embedding (V, d); null where the head's matrix serves as the embedding too
   */
  DecoderWeights(
      Scope scope,
      List<DecoderLayer> layers,
      RmsNorm finalNorm,
      FusedLinear head,
      @Nullable Tensor embedding,
      String fingerprint) {
    this.scope = scope;
    this.layers = List.copyOf(layers);
    this.finalNorm = finalNorm;
    this.head = head;
    this.tied = embedding == null;
    this.untiedEmbedding = embedding == null ? null : scope.hold(embedding);
    this.fingerprint = fingerprint;
  }

  List<DecoderLayer> layers() {
    return layers;
  }

  RmsNorm finalNorm() {
    return finalNorm;
  }

  FusedLinear head() {
    return head;
  }

  String fingerprint() {
    return fingerprint;
  }

  /** (V, d) in the compute type. */
  Tensor embedding() {
    Tensor own = untiedEmbedding;
    return own == null ? head.matrix() : own;
  }

  /** The linears of all layers, which adapters can be attached to. */
  Stream<FusedLinear> layerLinears() {
    return layers.stream().flatMap(layer -> layer.weights().linears().stream());
  }

  /** All norms. */
  Stream<RmsNorm> norms() {
    Stream<RmsNorm> inLayers = layers.stream().flatMap(DecoderWeights::norms);
    return Stream.concat(inLayers, Stream.of(finalNorm));
  }

  private static Stream<RmsNorm> norms(DecoderLayer layer) {
    DecoderLayer.Weights w = layer.weights();
    return Stream.of(w.inputNorm(), w.postNorm(), w.queryNorm(), w.keyNorm())
        .mapMulti((norm, sink) -> {
          if (norm != null) {
            sink.accept(norm);
          }
        });
  }

  /** Index of the lowest layer with something to train; the number of layers where none has. */
  int lowestTrained() {
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).isTrained()) {
        return i;
      }
    }
    return layers.size();
  }

  boolean trainsEmbedding() {
    return trainsEmbedding;
  }

  /** Declares every weight as trainable. */
  Parameters.Builder declare() {
    Parameters.Builder builder = new Parameters.Builder();
    if (!tied) {
      builder.matrix(EMBEDDING, embedding().shape());
    }
    head.declareWeights(builder);
    layerLinears()
        .forEach(linear -> {
          linear.declareWeights(builder);
          linear.declareBiases(builder);
        });
    norms().forEach(norm -> norm.declare(builder));
    return builder;
  }

  void bind(Parameters parameters) {
    head.bindWeights(parameters);
    layerLinears().forEach(linear -> linear.bindWeights(parameters));
    norms().forEach(norm -> norm.bind(parameters));
    long[] shape = embedding().shape();
    trainsEmbedding = true;
    Tensor own = untiedEmbedding;
    if (own != null) {
      Tensor master = parameters.heldValues(EMBEDDING, shape).copyFrom(own);
      embeddingMaster = master;
      if (own.dtype() == DType.F32) {
        own.free();
        untiedEmbedding = master;
      }
    }
  }

  /** Adds the gradient dh (N, d) of the embedded tokens to their rows. */
  void accumulateEmbedding(int[] ids, Tensor dh, GradientBuffer into) {
    if (!trainsEmbedding) {
      return;
    }
    long[] index = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      index[i] = ids[i];
    }
    try (Scope s = Scope.open()) {
      Tensor rows = Tensor.of(index, ids.length).to(dh.device());
      Ops.indexAddInPlace(into.of(EMBEDDING, embedding().shape()), rows, dh.to(DType.F32));
    }
  }

  /** Lays the layers' weights out for the processor's tiles; see {@link FusedLinear#pack}. */
  void pack() {
    int lowest = lowestTrained();
    for (int i = 0; i < layers.size(); i++) {
      boolean trains = i >= lowest;
      layers.get(i).weights().linears().forEach(linear -> linear.pack(trains));
    }
  }

  /**
   * What takes over the masters' values: by layer and for the rest, each independent of the others.
   */
  List<Runnable> refreshes() {
    List<Runnable> all = new ArrayList<>();
    for (DecoderLayer layer : layers) {
      all.add(() -> {
        layer.weights().linears().forEach(FusedLinear::refresh);
        norms(layer).forEach(RmsNorm::refresh);
      });
    }
    all.add(this::refreshEnds);
    return all;
  }

  private void refreshEnds() {
    head.refresh();
    finalNorm.refresh();
    Tensor master = embeddingMaster;
    Tensor own = untiedEmbedding;
    if (master != null && own != null && own != master) {
      own.copyFrom(master);
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
