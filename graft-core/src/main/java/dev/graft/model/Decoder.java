package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Segments;
import dev.graft.engine.Tensor;
import dev.graft.engine.Workers;
import dev.graft.engine.Workspace;
import dev.graft.format.Config;
import dev.graft.format.ModelFiles;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only language model.
 *
 * <p>What is trained is decided once: {@link #attach} an adapter and {@link #trainAdapter}, or
 * {@link #trainAll}. {@link #accumulate} then adds gradients to the {@link Parameters}; after the
 * optimizer changed their values, {@link #refresh} takes them over.
 */
public final class Decoder implements AutoCloseable {
  private final DecoderSpec spec;
  private final DecoderWeights weights;
  private final LossHead lossHead;
  private @Nullable Parameters parameters;
  private boolean frozen;
  private boolean recompute;

  Decoder(DecoderSpec spec, DecoderWeights weights) {
    this.spec = spec;
    this.weights = weights;
    this.lossHead = new LossHead(weights.finalNorm(), weights.head());
  }

  /**
   * Loads a model.
   *
   * @param dtype compute type: the weights are converted to it
   * @throws dev.graft.InputException when configuration and weights don't fit each other exactly
   */
  public static Decoder load(ModelFiles files, DType dtype, Device device) {
    return DecoderLoader.load(files, dtype, device);
  }

  /** What the configuration describes, without any weights. */
  public static DecoderSpec specOf(Config config) {
    return ModelFamily.of(config).spec(config);
  }

  /** A model that has learnt nothing, from its shapes alone. */
  public static Decoder begin(DecoderSpec spec, InitialWeights.Start start, DType dtype) {
    InitialWeights weights = new InitialWeights(Path.of("config.json"), spec, start);
    return new DecoderLoader(spec, weights, dtype, Device.CPU).load();
  }

  DecoderWeights weights() {
    return weights;
  }

  public DecoderSpec spec() {
    return spec;
  }

  /** Seconds that passes have spent on logits and losses so far, those of all threads added up. */
  public double headSeconds() {
    return lossHead.nanos() / 1e9;
  }

  /** Compute type of the weights. */
  public DType dtype() {
    return weights.embedding().dtype();
  }

  public Device device() {
    return weights.embedding().device();
  }

  /** Digest that tells this base model from others, whatever file format or precision it has. */
  public String fingerprint() {
    return weights.fingerprint();
  }

  /** Names of the modules that an adapter can be attached to. */
  public List<String> adaptableModules() {
    return weights
        .layerLinears()
        .flatMap(l -> l.parts().stream())
        .map(FusedLinear.Part::name)
        .toList();
  }

  /** Number of inputs and outputs of an adaptable module. */
  public int[] moduleSize(String module) {
    return weights
        .layerLinears()
        .flatMap(l ->
            l.parts().stream()
                .filter(p -> p.name().equals(module))
                .map(p -> new int[] {l.in(), p.out()}))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no module " + module));
  }

  // ---- what is adapted and trained

  /** Adds low-rank updates, zero until they are set. */
  public void attach(List<LoraTarget> targets, double dropout) {
    weights.layerLinears().forEach(linear -> linear.attach(targets, dropout));
  }

  /** Sets one attached update: a (r, in), b (out, r). */
  public void setUpdate(LoraTarget target, Tensor a, Tensor b) {
    weights.layerLinears().forEach(linear -> linear.setUpdate(target, a, b));
  }

  /** Makes the attached updates trainable; the base weights stay as they are. */
  public Parameters trainAdapter() {
    Parameters.Builder builder = new Parameters.Builder();
    List<LoraColumns> all =
        weights
            .layerLinears()
            .map(FusedLinear::lora)
            .<LoraColumns>mapMulti(Decoder::present)
            .toList();
    all.forEach(columns -> columns.declare(builder));
    Parameters made = builder.build(device());
    all.forEach(columns -> columns.bind(made));
    parameters = made;
    frozen = true;
    return made;
  }

  private static <T> void present(@Nullable T value, java.util.function.Consumer<T> sink) {
    if (value != null) {
      sink.accept(value);
    }
  }

  /** Makes every weight trainable. */
  public Parameters trainAll() {
    Parameters made = weights.declare().build(device());
    weights.bind(made);
    parameters = made;
    return made;
  }

  /** Takes the trained masters over into the weights that the passes use. */
  public void refresh() {
    weights.refreshes().forEach(Runnable::run);
    pack();
  }

  /** As {@link #refresh()}, with the work divided among workers. */
  public void refresh(Workers workers) {
    workers.run(weights.refreshes().stream().map(Executors::callable).toList());
    pack();
  }

  private void pack() {
    if (frozen && LayerShape.packs(spec, dtype(), device())) {
      weights.pack();
    }
  }

  // ---- passes

  /** Logits of every position, (N, V), in the innermost open scope. */
  public Tensor logits(PackedTokens tokens) {
    try (Scope scope = Scope.open()) {
      PassContext context = context(scope, new Segments(tokens.starts()), null, 0, null);
      Tensor h = hidden(tokens.ids(), context, (layer, heads) -> {});
      return scope.lift(logitsOf(h));
    }
  }

  /** Losses of the learnt tokens in order, in nats; no gradients. */
  public double[] losses(PackedTokens tokens) {
    if (tokens.learntTokens() == 0) {
      return new double[0];
    }
    FilledPass pass = filled(tokens);
    try (Scope scope = Scope.open()) {
      PassContext context = context(scope, pass.segments(), pass.rows(), 0, null);
      Tensor h = hidden(pass.tokens(), context, (layer, heads) -> {});
      return lossHead.losses(h, pass.targets());
    }
  }

  private FilledPass filled(PackedTokens tokens) {
    return FilledPass.of(tokens, PassLength.pads(spec, dtype(), device()));
  }

  /**
   * Whether backward passes keep only the input of each layer and compute the rest of it anew (Chen
   * et al. 2016, arXiv 1604.06174): the same gradients for a third more computation, with memory
   * for one layer's activations instead of all.
   */
  public void recomputeActivations(boolean recompute) {
    this.recompute = recompute;
  }

  /** Adds gradients to {@link Parameters#gradients}; see the other method. */
  public double[] accumulate(PackedTokens tokens, double scale, long seed) {
    Parameters trained = parameters;
    if (trained == null) {
      throw new IllegalStateException("nothing is trainable");
    }
    return accumulate(tokens, scale, seed, trained.buffer());
  }

  /**
   * Adds the gradient of {@code scale · Σ losses} to the trainable parameters. Several threads may
   * do so at the same time, each into a buffer of its own.
   *
   * @param scale one over the number of learnt tokens of the whole optimizer step, so that
   *     micro-batches of any sizes add up to the mean over its tokens
   * @param seed of the adapters' dropout; 0 for none
   * @return the losses of the learnt tokens in order, in nats
   */
  public double[] accumulate(
      PackedTokens tokens, double scale, long seed, GradientBuffer gradients) {
    if (tokens.learntTokens() == 0) {
      return new double[0];
    }
    return accumulate(filled(tokens), scale, seed, gradients);
  }

  private double[] accumulate(FilledPass pass, double scale, long seed, GradientBuffer gradients) {
    int tokens = pass.segments().tokens();
    Deque<LayerTape> tapes = new ArrayDeque<>();
    try (Scope scope = Scope.open()) {
      PassContext context = context(scope, pass.segments(), pass.rows(), seed, gradients);
      gradients.workspace().reset(dtype(), device(), workspaceElements(pass));
      Tensor h = embed(pass.tokens());
      Deque<Tensor> inputs = new ArrayDeque<>();
      for (int i = 0; i < weights.layers().size(); i++) {
        DecoderLayer layer = weights.layers().get(i);
        long rows = i == weights.layers().size() - 1 ? pass.rows().length : tokens;
        Tensor output = context.empty(h, rows, spec.hidden());
        long mark = gradients.workspace().mark();
        DecoderLayer.Step step = layer.forward(h, output, context);
        if (i < weights.lowestTrained()) {
          step.tape().close();
          gradients.workspace().release(mark);
        } else if (recompute) {
          inputs.push(scope.hold(h)); // the tape had taken it over
          step.tape().close();
          gradients.workspace().release(mark);
        } else {
          tapes.push(step.tape());
        }
        h = step.output();
      }
      LossHead.Result result = lossHead.lossesAndGradient(h, pass.targets(), scale, gradients);
      h.free();
      backward(result.gradient(), new Tapes(tapes, inputs), context, pass.tokens());
      return result.losses();
    } finally {
      tapes.forEach(LayerTape::close);
    }
  }

  /**
   * Elements, in the compute type, of what a pass over a micro-batch keeps for its backward half:
   * every layer's output and, of the trained layers and those above them, what {@link LayerTape}
   * names, or with recomputation that of one layer at a time.
   */
  private long workspaceElements(FilledPass pass) {
    List<LayerShape> shapes = weights.layers().stream().map(DecoderLayer::shape).toList();
    int lowest = weights.lowestTrained();
    return workspaceElements(shapes, pass.segments(), pass.rows().length, lowest, recompute);
  }

  /**
   * As the other method, from shapes alone.
   *
   * @param needed rows that the loss needs
   * @param lowest the lowest layer with something to train
   */
  public static long workspaceElements(
      List<LayerShape> layers, Segments segments, int needed, int lowest, boolean recompute) {
    long outputs = 0;
    long sum = 0;
    long largest = 0;
    for (int i = 0; i < layers.size(); i++) {
      long rows = i == layers.size() - 1 ? needed : segments.tokens();
      long kept = layers.get(i).kept(segments, rows);
      outputs += layers.get(i).output(rows);
      sum += i < lowest ? 0 : kept;
      largest = Math.max(largest, kept);
    }
    return outputs + (recompute ? largest : Math.max(sum, largest));
  }

  /** What the forward pass left, last layer first: whole tapes, or inputs to make them from. */
  private record Tapes(Deque<LayerTape> kept, Deque<Tensor> inputs) {
    LayerTape pop(DecoderLayer layer, PassContext context) {
      if (inputs.isEmpty()) {
        return kept.pop();
      }
      DecoderLayer.Step step = layer.forward(inputs.pop(), null, context);
      step.output().free();
      return step.tape();
    }
  }

  private void backward(@Nullable Tensor gradient, Tapes tapes, PassContext context, int[] tokens) {
    Tensor dh = gradient;
    int lowest = weights.lowestTrained();
    boolean embeddings = weights.trainsEmbedding();
    for (int i = weights.layers().size() - 1; i >= lowest && dh != null; i--) {
      DecoderLayer layer = weights.layers().get(i);
      Workspace space = context.into().workspace();
      long mark = space.mark();
      try (Scope scope = Scope.open();
          LayerTape tape = tapes.pop(layer, context)) {
        boolean below = i > lowest || embeddings;
        Tensor dx = layer.backward(dh, tape, context, below);
        dh.free();
        dh = dx == null ? null : scope.lift(dx);
      }
      space.release(mark);
    }
    if (embeddings && dh != null) {
      weights.accumulateEmbedding(tokens, dh, context.into());
    }
  }

  /** Continues sequences; the model must not change while the session is open. */
  public DecodeSession newSession() {
    return DecodeSession.open(this);
  }

  /** h (M, d) to logits (M, V). */
  Tensor logitsOf(Tensor h) {
    return weights.head().forward(weights.finalNorm().forward(h).y(), 0);
  }

  /** Last hidden states (S, d) of each segment's last token. */
  Tensor lastHidden(int[] ids, Segments segments, DecodeSession.HeadsSink sink) {
    long[] rows = new long[segments.count()];
    for (int s = 0; s < rows.length; s++) {
      rows[s] = (long) segments.start(s) + segments.length(s) - 1;
    }
    try (Scope scope = Scope.open()) {
      return scope.lift(hidden(ids, context(scope, segments, rows, 0, null), sink));
    }
  }

  /** Last hidden states of the context's rows; {@code sink} sees each layer's heads. */
  private Tensor hidden(int[] ids, PassContext context, DecodeSession.HeadsSink sink) {
    try (Scope scope = Scope.open()) {
      Tensor h = embed(ids);
      for (int i = 0; i < weights.layers().size(); i++) {
        try (Scope inner = Scope.open()) {
          DecoderLayer.Step step = weights.layers().get(i).forward(h, null, context);
          sink.accept(i, step.tape().heads());
          step.tape().close();
          h = inner.lift(step.output());
        }
      }
      return scope.lift(h);
    }
  }

  /** What the layers share in a pass without gradients. */
  PassContext context(Scope scope, int[] starts, int[] positions) {
    return new PassContext(new Segments(starts), rotary(positions), masks(scope), null, 0, null);
  }

  private PassContext context(
      Scope scope,
      Segments segments,
      long @Nullable [] wanted,
      long seed,
      @Nullable GradientBuffer gradients) {
    Tensor rows = wanted == null ? null : Tensor.of(wanted, wanted.length).to(device());
    Rotary rotary = rotary(segments.positions());
    return new PassContext(segments, rotary, masks(scope), rows, seed, gradients);
  }

  private Rotary rotary(int[] positions) {
    return Rotary.of(spec.rope(), positions, dtype(), device());
  }

  private AttentionMasks masks(Scope scope) {
    return new AttentionMasks(scope, dtype(), device(), spec.heads() / spec.kvHeads());
  }

  Tensor embed(int[] ids) {
    long[] index = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      checkId(ids[i]);
      index[i] = ids[i];
    }
    try (Scope scope = Scope.open()) {
      Tensor rows = Tensor.of(index, ids.length).to(device());
      return scope.lift(Ops.indexSelect(weights.embedding(), 0, rows));
    }
  }

  void checkId(int id) {
    if (id < 0 || id >= spec.vocabulary()) {
      throw new IllegalArgumentException(
          "token id " + id + " is not in the vocabulary of " + spec.vocabulary());
    }
  }

  @Override
  public void close() {
    Parameters trained = parameters;
    if (trained != null) {
      trained.close();
    }
    weights.close();
  }
}
