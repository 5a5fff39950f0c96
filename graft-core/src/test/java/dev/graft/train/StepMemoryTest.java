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
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is computed from shapes against what the allocator gave out at the worst moment. */
class StepMemoryTest {
  private static final int LEARNT = 48;
  private static final int MOST_STEPS = 12;

  /** One setting: size of the model, what is trained, and how. */
  private record Case(String size, boolean all, DType dtype, boolean recompute) {
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

  @ParameterizedTest
  @CsvSource({
    "small, false, BF16, false",
    "middle, false, BF16, false",
    "large, false, BF16, false",
    "small, true, BF16, false",
    "middle, true, BF16, false",
    "large, true, BF16, false",
    "middle, false, BF16, true",
    "middle, true, BF16, true",
    "large, false, F32, false",
  })
  void peakOfAStep_isWhatShapesSay(String size, boolean all, DType dtype, boolean recompute) {
    assumeTrue(NativeMemory.isKnown(), "needs glibc's mallinfo2");
    assumeTrue(Engine.threads() >= 2, "needs two threads");
    Case it = new Case(size, all, dtype, recompute);
    TrainingMemory.Lane lane = new TrainingMemory.Lane(batch(it, 1).starts(), LEARNT);
    TrainingMemory memory =
        TrainingMemory.of(
            it.spec(),
            all ? TrainingMemory.Trained.ALL : TrainingMemory.Trained.lora(8),
            new TrainingMemory.Setting(dtype, List.of(lane, lane), recompute));
    measure(it, 1, 0); // afterwards products of these sizes are compiled
    long measured = measure(it, MOST_STEPS, (long) (0.98 * memory.total()));
    assertThat((double) memory.total() / measured).as("%s %s", it, memory).isBetween(0.95, 1.05);
  }

  /**
   * The most in use at any moment of some steps. Two lanes seldom reach their peaks at the very
   * same moment, and on a busy machine less often: so there are up to {@code steps} of them, until
   * {@code enough} was in use.
   */
  private static long measure(Case it, int steps, long enough) {
    AtomicLong most = new AtomicLong();
    long before = NativeMemory.inUse();
    try (Scope scope = Scope.open();
        Decoder model = TinyDecoders.make(it.spec(), it.dtype(), 3)) {
      Parameters parameters = trained(model, it);
      model.recomputeActivations(it.recompute());
      try (Passes passes = new Passes(model, parameters, 2);
          AdamW optimizer = new AdamW(parameters, 0.01)) {
        List<List<PackedTokens>> lanes = List.of(List.of(batch(it, 1)), List.of(batch(it, 2)));
        NativeMemory.watch(() -> most.accumulateAndGet(NativeMemory.inUse(), Math::max));
        for (int step = 1; step <= steps && most.get() - before < enough; step++) {
          passes.run(lanes, 1.0 / (2 * LEARNT), 0);
          optimizer.step(step, 1e-3);
          model.refresh();
        }
      }
    } finally {
      NativeMemory.watch(null);
    }
    return most.get() - before;
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
      parts.add(PackedTokens.single(random.ints(length, 0, 8000).toArray(), learnt));
    }
    return PackedTokens.concat(parts);
  }
}
