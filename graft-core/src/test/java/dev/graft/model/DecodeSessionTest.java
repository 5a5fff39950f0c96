package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.graft.adapter.LoraSpec;
import dev.graft.engine.DType;
import dev.graft.engine.Random;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Steps over caches against the packed forward pass over the same tokens. */
class DecodeSessionTest {
  private static final int[] LENGTHS = {1, 31, 64, 7, 40};
  private static final int STEPS = 40;

  private static Decoder narrow(DType dtype, boolean queryKeyNorm, int window) {
    return TinyDecoders.make(TinyDecoders.spec(true, true, queryKeyNorm, window), dtype, 5);
  }

  private static void attachAdapter(Decoder model) {
    try (Scope scope = Scope.open()) {
      LoraSpec lora = LoraSpec.allLinear(8, 16);
      model.attach(lora.resolve(model.adaptableModules()), 0);
      Parameters parameters = model.trainAdapter();
      Random.normalInPlace(parameters.values(), 0, 0.05, 3);
      Tensor values = parameters.values();
      values.copyFrom(values.to(DType.BF16).to(DType.F32)); // the same for both types
      model.refresh();
    }
  }

  private static Decoder adapted(Decoder model) {
    attachAdapter(model);
    return model;
  }

  private static List<int[]> tokens(int vocabulary, int... lengths) {
    SplittableRandom random = new SplittableRandom(lengths.length);
    return Arrays.stream(lengths)
        .mapToObj(length -> random.ints(length + STEPS, 0, vocabulary).toArray())
        .toList();
  }

  /** For each sequence the logits after its prompt and after each further token. */
  private static List<List<float[]>> run(Decoder model, List<int[]> all, int... prompts) {
    List<List<float[]>> results = new ArrayList<>();
    List<KeyValueCache> caches = new ArrayList<>();
    try (Scope scope = Scope.open();
        DecodeSession session = model.newSession()) {
      List<int[]> begin = new ArrayList<>();
      for (int i = 0; i < prompts.length; i++) {
        caches.add(session.newCache(all.get(i).length));
        begin.add(Arrays.copyOf(all.get(i), prompts[i]));
        results.add(new ArrayList<>());
      }
      List<float[]> logits = session.begin(begin, caches);
      for (int t = 0; t <= STEPS; t++) {
        for (int i = 0; i < prompts.length; i++) {
          results.get(i).add(logits.get(i).clone());
        }
        if (t < STEPS) {
          int at = t;
          int[] ids = new int[prompts.length];
          Arrays.setAll(ids, i -> all.get(i)[prompts[i] + at]);
          logits = session.next(ids, caches);
        }
      }
    } finally {
      caches.forEach(KeyValueCache::close);
    }
    return results;
  }

  private static float[] exact(Decoder model, int[] ids, int prompt) {
    try (Scope scope = Scope.open()) {
      Tensor logits = model.logits(PackedTokens.text(ids));
      return logits.narrow(0, prompt - 1L, STEPS + 1L).toFloats();
    }
  }

  /** Root of the mean squared difference to the packed pass of {@code exact}, over that of it. */
  private static double error(Decoder model, Decoder exact, int... prompts) {
    return errorBehind(0, model, exact, prompts);
  }

  /** All begin with so many tokens of the first. */
  private static double errorBehind(int common, Decoder model, Decoder exact, int... prompts) {
    List<int[]> all = tokens(model.spec().vocabulary(), prompts);
    all.forEach(ids -> System.arraycopy(all.getFirst(), 0, ids, 0, common));
    List<List<float[]>> results = run(model, all, prompts);
    double difference = 0;
    double size = 0;
    for (int i = 0; i < prompts.length; i++) {
      float[] expected = exact(exact, all.get(i), prompts[i]);
      int at = 0;
      for (float[] logits : results.get(i)) {
        for (float logit : logits) {
          difference += Math.pow(logit - expected[at], 2);
          size += Math.pow(expected[at++], 2);
        }
      }
      assertThat(at).isEqualTo(expected.length);
    }
    return Math.sqrt(difference / size);
  }

  @Test
  void steps_onThePlainPath_giveWhatThePackedPassGives() {
    for (boolean norm : new boolean[] {false, true}) {
      for (int window : new int[] {0, 5}) {
        try (Decoder model = narrow(DType.F32, norm, window)) {
          assertThat(error(model, model, 1, 4, 9)).isLessThan(1e-5);
          assertThat(errorBehind(8, model, model, 9, 12, 19)).isLessThan(1e-5);
        }
      }
    }
  }

  @Test
  void steps_onThePlainPathWithAdapter_giveWhatThePackedPassGives() {
    try (Decoder model = narrow(DType.F32, false, 0)) {
      attachAdapter(model);
      assertThat(error(model, model, 3, 6)).isLessThan(1e-5);
    }
  }

  @Test
  void steps_inKernels_areAsExactAsThePackedPass() {
    for (int heads : new int[] {2, 4, 6}) {
      for (boolean adapter : new boolean[] {false, true}) {
        DecoderSpec spec = TinyDecoders.wideSpec(heads, heads == 6 ? 20 : 0);
        try (Decoder model = TinyDecoders.make(spec, DType.BF16, heads);
            Decoder exact = TinyDecoders.make(spec, DType.BF16, DType.F32, heads)) {
          if (adapter) {
            attachAdapter(model);
            attachAdapter(exact);
          }
          assertThat(KernelDecodeSession.serves(model)).isTrue();
          double packed = packedError(model, exact);
          assertThat(packed).as("bfloat16 rounds").isGreaterThan(1e-4);
          assertThat(error(model, exact, LENGTHS)).isLessThan(1.05 * packed);
          assertThat(errorBehind(40, model, exact, 41, 60, 50, 99)).isLessThan(1.1 * packed);
        }
      }
    }
  }

  @Test
  void firstLogits_inKernels_areNotRounded() {
    DecoderSpec spec = TinyDecoders.wideSpec(4, 0);
    try (Decoder model = TinyDecoders.make(spec, DType.BF16, 1);
        DecodeSession session = model.newSession();
        KeyValueCache cache = session.newCache(8)) {
      float[] logits = session.begin(List.of(new int[] {3, 9, 1}), List.of(cache)).getFirst();
      long rounded =
          IntStream.range(0, logits.length)
              .filter(i -> (Float.floatToIntBits(logits[i]) & 0xffff) == 0)
              .count();
      assertThat(rounded).isLessThan(logits.length / 10);
    }
  }

  private static double packedError(Decoder model, Decoder exact) {
    List<int[]> all = tokens(model.spec().vocabulary(), LENGTHS);
    double difference = 0;
    double size = 0;
    for (int i = 0; i < LENGTHS.length; i++) {
      float[] expected = exact(exact, all.get(i), LENGTHS[i]);
      float[] rounded = exact(model, all.get(i), LENGTHS[i]);
      for (int j = 0; j < expected.length; j++) {
        difference += Math.pow(rounded[j] - expected[j], 2);
        size += Math.pow(expected[j], 2);
      }
    }
    return Math.sqrt(difference / size);
  }

  @Test
  void rows_inKernels_doNotDependOnTheirNeighbours() {
    DecoderSpec spec = TinyDecoders.wideSpec(4, 20);
    try (Decoder model = TinyDecoders.make(spec, DType.BF16, 1);
        DecodeSession session = adapted(model).newSession()) {
      for (int count = 1; count <= 6; count++) {
        assertThat(lastLogits(session, count)).isEqualTo(lastLogits(session, 1));
      }
    }
  }

  /** Logits of the first of some sequences, each begun by itself, after a few steps. */
  private static float[] lastLogits(DecodeSession session, int count) {
    List<KeyValueCache> caches = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        caches.add(session.newCache(40));
        session.begin(List.of(new int[] {3 + i, 9, 1}), List.of(caches.get(i)));
      }
      float[] logits = new float[0];
      for (int t = 0; t < 5; t++) {
        int[] ids = new int[count];
        Arrays.setAll(ids, i -> i + 2);
        logits = session.next(ids, caches).getFirst();
      }
      return logits;
    } finally {
      caches.forEach(KeyValueCache::close);
    }
  }

  @Test
  void next_withAFullCache_isRefused() {
    try (Decoder model = narrow(DType.F32, false, 0);
        DecodeSession session = model.newSession();
        KeyValueCache cache = session.newCache(2)) {
      session.begin(List.of(new int[] {1, 2}), List.of(cache));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> session.next(new int[] {1}, List.of(cache)));
    }
  }
}
