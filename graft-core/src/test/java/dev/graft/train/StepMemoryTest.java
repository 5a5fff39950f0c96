package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.adapter.LoraSpec;
import dev.graft.engine.DType;
import dev.graft.engine.Engine;
import dev.graft.engine.NativeMemory;
import dev.graft.engine.Scope;
import dev.graft.model.Decoder;
import dev.graft.model.DecoderSpec;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import dev.graft.model.TinyDecoders;
import dev.graft.plan.TrainingMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is computed from shapes against what the allocator gave out at the worst moment. */
class StepMemoryTest {
  private static final int LEARNT = 48;

  /** One setting: size of the model, what is trained, and how. */
  private record Case(String size, boolean all, DType dtype, boolean recompute, int prefix) {
    DecoderSpec spec() {
      return switch (size) {
        case "small" -> TinyDecoders.llama(256, 704, 6, 4, 2, 8192);
        case "middle" -> TinyDecoders.llama(384, 1024, 8, 6, 3, 12288);
        default -> TinyDecoders.llama(576, 1536, 7, 9, 3, 16384);
      };
    }

    int[] lengths() {
      return switch (size) {
        case "small" -> new int[] {400, 197, 303, 500, 450, 350, 500, 300};
        case "middle" -> new int[] {250, 250, 240, 250, 170, 300};
        default -> new int[] {600, 500};
      };
    }
  }

  @BeforeAll
  static void needsMappedBlocks() {
    assumeTrue(NativeMemory.isKnown(), "needs glibc and " + NativeMemory.SETTING);
  }

  @ParameterizedTest
  @CsvSource({
    "small, false, BF16, false, 0",
    "middle, false, BF16, false, 0",
    "large, false, BF16, false, 0",
    "small, true, BF16, false, 0",
    "middle, true, BF16, false, 0",
    "large, true, BF16, false, 0",
    "middle, false, BF16, true, 0",
    "middle, true, BF16, true, 0",
    "middle, false, F32, false, 0",
    "middle, false, BF16, false, 150",
    "middle, true, BF16, false, 40",
    "middle, false, BF16, true, 150",
    "middle, false, F32, false, 150",
  })
  void peakOfAStep_isWhatShapesSay(
      String size, boolean all, DType dtype, boolean recompute, int prefix) {
    Case it = new Case(size, all, dtype, recompute, prefix);
    measure(it, 1, 0); // afterwards the products of these sizes are compiled and kept
    long measured = measure(it, 1, 1)[0];
    TrainingMemory memory = computed(it, 1);
    assertThat((double) memory.total() / measured).as("%s %s", it, memory).isBetween(0.95, 1.05);
  }

  @ParameterizedTest
  @CsvSource({"middle, false, BF16, false, 0", "small, true, BF16, false, 0"})
  void peakOfAStep_ofTwoLanes_isWhatShapesSay(
      String size, boolean all, DType dtype, boolean recompute, int prefix) {
    assumeTrue(Engine.threads() >= 2, "needs two threads");
    Case it = new Case(size, all, dtype, recompute, prefix);
    // The lanes do not reach their peaks at the same moment in each step.
    long[] measured = measure(it, 2, 6);
    double computed = computed(it, 2).total();
    assertThat(Arrays.stream(measured).mapToDouble(peak -> computed / peak))
        .as("%s", it)
        .anyMatch(ratio -> ratio > 0.95 && ratio < 1.05);
  }

  private static TrainingMemory computed(Case it, int lanes) {
    TrainingMemory.Lane lane = TrainingMemory.Lane.of(batch(it, 1));
    return TrainingMemory.of(
        it.spec(),
        it.all() ? TrainingMemory.Trained.ALL : TrainingMemory.Trained.lora(8),
        new TrainingMemory.Setting(it.dtype(), Collections.nCopies(lanes, lane), it.recompute()));
  }

  /** The most in use in each step but the first, in which the optimizer has no moments yet. */
  private static long[] measure(Case it, int lanes, int steps) {
    AtomicLong most = new AtomicLong();
    long before = NativeMemory.inUse();
    long[] peaks = new long[steps];
    try (Scope scope = Scope.open();
        Decoder model = TinyDecoders.make(it.spec(), it.dtype(), 3)) {
      Parameters parameters = trained(model, it);
      model.recomputeActivations(it.recompute());
      List<List<PackedTokens>> batches =
          IntStream.rangeClosed(1, lanes).mapToObj(lane -> List.of(batch(it, lane))).toList();
      try (Passes passes = new Passes(model, parameters, lanes);
          AdamW optimizer = new AdamW(parameters, 0.01)) {
        NativeMemory.watch(() -> most.accumulateAndGet(NativeMemory.inUse(), Math::max));
        for (int step = 0; step <= steps; step++) {
          most.set(0);
          passes.run(batches, 1.0 / (lanes * LEARNT), 0);
          optimizer.step(step + 1, 1e-3);
          model.refresh();
          if (step > 0) {
            peaks[step - 1] = most.get() - before;
          }
        }
      }
    } finally {
      NativeMemory.watch(null);
    }
    return peaks;
  }

  private static Parameters trained(Decoder model, Case it) {
    if (it.all()) {
      return model.trainAll();
    }
    model.attach(LoraSpec.allLinear(8, 16).resolve(model.adaptableModules()), 0);
    return model.trainAdapter();
  }

  private static PackedTokens batch(Case it, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<PackedTokens> parts = new ArrayList<>();
    for (int length : it.lengths()) {
      boolean[] learnt = new boolean[length];
      Arrays.fill(learnt, length - LEARNT / it.lengths().length, length, true);
      int[] ids = random.ints(length, 0, 8000).toArray();
      Arrays.fill(ids, 0, it.prefix(), 1);
      parts.add(PackedTokens.single(ids, learnt));
    }
    return PackedTokens.concat(parts);
  }
}
