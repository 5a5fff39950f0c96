package dev.graft.plan;

import dev.graft.adapter.LoraSpec;
import dev.graft.adapter.TargetModules;
import dev.graft.engine.DType;
import dev.graft.engine.Engine;
import dev.graft.engine.Kernels;
import dev.graft.model.Decoder;
import dev.graft.model.DecoderSpec;
import dev.graft.model.InitialWeights;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import dev.graft.model.PassLength;
import dev.graft.model.SharedPrefix;
import dev.graft.plan.Pace.RankRates;
import dev.graft.plan.Pace.Rates;
import dev.graft.plan.TrainingMemory.Lane;
import dev.graft.train.StepProbe;
import dev.graft.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Measures steps of a model that has a few of the layers, those of the head by themselves. */
public final class PaceProbe {
  private static final int LEAST_LAYERS = 2;
  private static final int MOST_LAYERS = 8;

  /** Weights of the layers, about: more than the processor's caches hold. */
  private static final long MOST_WEIGHTS = 28_000_000;

  /** Passes of other lengths that are measured in each lane. */
  private static final int FRESH = 3;

  /** Longer passes take no longer for each operation. */
  private static final int MOST_TOKENS = 2048;

  /** Shorter ones take noticeably longer. */
  private static final int LEAST_TOKENS = 512;

  /** Operations of a measured step, about, so that wide models are measured in seconds too. */
  private static final double MOST_FLOPS = 8e11;

  /**
   * Most passes of a lane in a measured step. Lanes wait for each other once a step, and the more
   * work lies between, the more evenly they end: a short step says too much.
   */
  private static final int MOST_REPEATS = 4;

  /** Operations of a step of several passes, about. */
  private static final double MOST_STEP = 1.5e12;

  /** Models that are measured: adapters of two ranks, and all weights. */
  private static final int PARTS = 3;

  /** Share of the time in which the Java compilers get the training loop ready. */
  private static final double WARM_UP = 0.4;

  private final DecoderSpec spec;
  private final StepShape step;
  private final TokenLoad load;
  private final int many;

  /** Something else that is done between the turns of a measurement. */
  @FunctionalInterface
  public interface Between {
    /** Is called after a turn of models that are trained in this way. */
    void turn(Technique.Kind kind);
  }

  private PaceProbe(DecoderSpec spec, StepShape step, TokenLoad load) {
    this.spec = spec;
    this.step = step;
    this.load = load;
    long layer = ModelShapes.layerMatrices(ProbeModel.of(spec, 1));
    this.many = Math.clamp(MOST_WEIGHTS / layer, LEAST_LAYERS, MOST_LAYERS);
  }

  /**
   * Measures in about so many seconds; large models take longer.
   *
   * @param ranks of the adapters that are planned, at least one
   */
  public static Pace measure(
      DecoderSpec spec, StepShape step, TokenLoad load, List<Integer> ranks, double seconds) {
    return measure(spec, step, load, ranks, seconds, kind -> {});
  }

  /**
   * As the other method, with something else in between, such as steps of what is planned.
   *
   * @param between what is done after each turn of the models whose times count
   */
  public static Pace measure(
      DecoderSpec spec,
      StepShape step,
      TokenLoad load,
      List<Integer> ranks,
      double seconds,
      Between between) {
    long began = System.nanoTime();
    Engine.setThreads(step.threads());
    if (step.dtype() == DType.BF16) {
      Kernels.warmUp();
    }
    PaceProbe probe = new PaceProbe(spec, step, load);
    int low = ranks.stream().mapToInt(rank -> rank).min().orElse(1);
    int high = ranks.stream().mapToInt(rank -> rank).max().orElse(1);
    double part = seconds * (1 - WARM_UP) / PARTS;
    Sample narrow = probe.sample(low);
    List<Model> _ = probe.models(seconds * WARM_UP, () -> {}, narrow.withoutFresh());
    Runnable turn = () -> between.turn(Technique.Kind.LORA);
    List<Model> lora =
        high > low
            ? probe.models(2 * part, turn, narrow.withForward(), probe.sample(high))
            : probe.models(part, turn, narrow.withForward());
    Runnable whole = () -> between.turn(Technique.Kind.FULL);
    Model full = probe.models(part, whole, probe.sample(0)).getFirst();
    List<RankRates> adapters = new ArrayList<>();
    for (Model model : lora) {
      adapters.add(new RankRates(adapters.isEmpty() ? low : high, model.rates()));
    }
    return new Pace(
        full.rates(),
        adapters,
        lora.getFirst().forward(),
        ProbeModel.isExact(spec),
        lora.getFirst().lanes,
        (System.nanoTime() - began) / 1e9);
  }

  /** A model with this rank of the adapter; 0 for one that is trained whole. */
  private Sample sample(int rank) {
    Technique.Kind kind = rank > 0 ? Technique.Kind.LORA : Technique.Kind.FULL;
    return new Sample(new Technique(kind, rank), false, true);
  }

  /** A measured model: what its step took and executed. */
  private record Model(StepProbe.Seconds times, ExecutedFlops flops, long trained, int lanes) {
    Rates rates() {
      return new Rates(
          times.passes().layers() / (flops.layers() + flops.again()),
          times.passes().head() / flops.head(),
          times.optimizer() / trained,
          times.fresh());
    }

    /** Seconds of a layer's operation in a forward pass alone. */
    double forward() {
      return times.forward().layers() / flops.layersForward();
    }
  }

  /**
   * What is measured.
   *
   * @param forward whether a forward pass alone is, too
   * @param fresh whether passes of lengths that were not there before are, too
   */
  private record Sample(Technique technique, boolean forward, boolean fresh) {
    Sample withForward() {
      return new Sample(technique, true, fresh);
    }

    /** For warming up, after which these lengths would no longer be new. */
    Sample withoutFresh() {
      return new Sample(technique, forward, false);
    }
  }

  /** Measures steps of all of them in turns, for so many seconds. */
  private List<Model> models(double seconds, Runnable between, Sample... samples) {
    List<StepProbe.Subject> subjects = new ArrayList<>();
    try {
      for (Sample sample : samples) {
        subjects.add(subject(sample));
      }
      List<StepProbe.Seconds> times = StepProbe.measure(subjects, seconds, between);
      List<Model> models = new ArrayList<>();
      for (int i = 0; i < samples.length; i++) {
        StepProbe.Subject subject = subjects.get(i);
        ExecutedFlops flops = flops(samples[i], subject);
        long trained = subject.parameters().count();
        models.add(new Model(times.get(i), flops, trained, subject.lanes()));
      }
      return models;
    } finally {
      subjects.forEach(subject -> subject.model().close());
    }
  }

  private StepProbe.Subject subject(Sample sample) {
    StepShape shape = shape(sample);
    long trained = sample.technique.trainable(spec, shape.targets());
    StepLayout layout = StepLayout.of(shape, load, trained);
    int lanes = Math.min(layout.lanes(), Trainer.lanes(trained, Integer.MAX_VALUE, step.threads()));
    DecoderSpec narrow = ProbeModel.of(spec, many);
    Lane median = layout.median();
    int most = mostTokens(lanes);
    PackedTokens pass = pass(median, narrow.vocabulary(), most);
    List<PackedTokens> others = new ArrayList<>();
    int wanted = sample.fresh ? FRESH * lanes : 0;
    int length = PassLength.shorter(PassLength.padded(pass.tokens()));
    for (; others.size() < wanted && length > 0; length = PassLength.shorter(length)) {
      Lane shorter = scaled(Lane.of(pass), length);
      others.add(pass(shorter, narrow.vocabulary(), most));
    }
    Decoder model = Decoder.begin(narrow, new InitialWeights.Start(0.02, false, 1), shape.dtype());
    Parameters parameters = trained(model, sample.technique, shape.targets());
    model.recomputeActivations(step.checkpointing());
    int repeats = repeats(layout, pass, lanes);
    return new StepProbe.Subject(model, parameters, pass, repeats, others, lanes, sample.forward);
  }

  /** So many that a lane's work comes near that of a real step, as far as time allows. */
  private int repeats(StepLayout layout, PackedTokens pass, int lanes) {
    double real = (double) layout.passes().size() / layout.steps().size() / lanes;
    long wanted = Math.round(real * spec.layers() / many);
    double each = flopsOfAToken(lanes) * pass.tokens();
    return Math.clamp(Math.min(wanted, (long) (MOST_STEP / each)), 1, MOST_REPEATS);
  }

  private StepShape shape(Sample sample) {
    return new StepShape(
        sample.technique,
        targets(),
        step.dtype(),
        step.batch(),
        step.length(),
        step.learntShare(),
        step.checkpointing(),
        step.threads());
  }

  private ExecutedFlops flops(Sample sample, StepProbe.Subject subject) {
    PackedTokens pass = subject.pass();
    StepLayout one = StepLayout.of(Lane.of(pass));
    DecoderSpec narrow = ProbeModel.of(spec, many);
    return ExecutedFlops.of(narrow, shape(sample), load(pass), one).times(subject.lanes());
  }

  /** Tokens of a pass that keep a step short. */
  private int mostTokens(int lanes) {
    return Math.clamp((long) (MOST_FLOPS / flopsOfAToken(lanes)), LEAST_TOKENS, MOST_TOKENS);
  }

  /** Operations of the measured model for a token in each lane, about. */
  private double flopsOfAToken(int lanes) {
    return 6.0 * lanes * ProbeModel.of(spec, many).parameterCount();
  }

  /** Patterns may name layers that the measured models don't have. */
  private TargetModules targets() {
    return step.targets() instanceof TargetModules.Matching
        ? new TargetModules.AllLinear()
        : step.targets();
  }

  private static Parameters trained(Decoder model, Technique technique, TargetModules targets) {
    if (technique.kind() == Technique.Kind.FULL) {
      return model.trainAll();
    }
    int rank = technique.size();
    LoraSpec lora = new LoraSpec(rank, rank, 0, false, targets, Map.of(), Map.of());
    model.attach(lora.resolve(model.adaptableModules()), 0);
    Parameters parameters = model.trainAdapter();
    lora.initialise(parameters, 1);
    model.refresh();
    return parameters;
  }

  /** The same examples, all shorter, with so many tokens together. */
  private static Lane scaled(Lane lane, int tokens) {
    int[] starts = lane.starts().clone();
    for (int e = 0; e < starts.length; e++) {
      starts[e] = (int) ((long) starts[e] * tokens / lane.tokens());
    }
    return new Lane(starts, (int) ((long) lane.learnt() * tokens / lane.tokens()), lane.prefix());
  }

  /**
   * The pass with tokens of no meaning, the last of each example learnt and, as in the lane, the
   * first the same.
   */
  private static PackedTokens pass(Lane lane, int vocabulary, int most) {
    SplittableRandom random = new SplittableRandom(1);
    int[] prefix = random.ints(lane.prefix(), 0, vocabulary).toArray();
    List<PackedTokens> parts = new ArrayList<>();
    int examples = lane.starts().length - 1;
    double share = (double) lane.learnt() / lane.tokens();
    int tokens = 0;
    for (int e = 0; e < examples && (e == 0 || tokens < most); e++) {
      int length = Math.min(most, lane.starts()[e + 1] - lane.starts()[e]);
      length = Math.max(2, length);
      boolean[] learnt = new boolean[length];
      int count = Math.clamp(Math.round(length * share), 1, length - 1);
      Arrays.fill(learnt, length - count, length, true);
      int[] ids = random.ints(length, 0, vocabulary).toArray();
      System.arraycopy(prefix, 0, ids, 0, Math.min(prefix.length, length));
      parts.add(PackedTokens.single(ids, learnt));
      tokens += length;
    }
    return PackedTokens.concat(parts);
  }

  private static TokenLoad load(PackedTokens pass) {
    Map<Integer, Long> lengths = new TreeMap<>();
    for (int s = 0; s < pass.segments(); s++) {
      lengths.merge(pass.starts()[s + 1] - pass.starts()[s], 1L, Long::sum);
    }
    return new TokenLoad(
        new TreeMap<>(lengths), pass.learntTokens(), SharedPrefix.of(pass), "a pass");
  }
}
