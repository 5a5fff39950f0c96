package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.adapter.LoraSpec;
import dev.graft.engine.DType;
import dev.graft.engine.Scope;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import dev.graft.model.TinyDecoders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Steps must not leave native memory behind. */
class NativeMemoryTest {
  /** In kB; one leaked activation (400 x 24 numbers) a step would be 3.8 MB in 200 steps. */
  private static final long LIMIT = 2_500;

  private static final Path STATUS = Path.of("/proc/self/status");

  @Test
  void twoHundredSteps_doNotGrowNativeMemory() throws IOException {
    assumeTrue(Files.isReadable(STATUS), "needs Linux's /proc");
    try (Scope scope = Scope.open();
        Decoder model = TinyDecoders.make(TinyDecoders.spec(true, true, true, 0), DType.BF16, 3)) {
      LoraSpec spec = LoraSpec.allLinear(4, 8);
      model.attach(spec.resolve(model.adaptableModules()), 0.1);
      Parameters parameters = model.trainAdapter();
      AdamW optimizer = new AdamW(parameters, 0.01);
      SplittableRandom random = new SplittableRandom(1);
      int[] ids = random.ints(400, 0, 40).toArray();
      boolean[] learnt = new boolean[ids.length];
      Arrays.fill(learnt, 1, ids.length, true);
      PackedTokens tokens = PackedTokens.single(ids, learnt);
      for (int step = 1; step <= 200; step++) {
        step(model, parameters, optimizer, tokens, step);
      }
      int open = scope.size();
      // A leak grows in every window; what the just-in-time compiler takes comes in some of them.
      long growth = Long.MAX_VALUE;
      for (int window = 1; window <= 4 && growth >= LIMIT; window++) {
        long before = anonymousMemory();
        for (int step = 1; step <= 200; step++) {
          step(model, parameters, optimizer, tokens, 200 * window + step);
        }
        growth = Math.min(growth, anonymousMemory() - before);
      }
      assertThat(scope.size()).as("tensors left in the outer scope").isEqualTo(open);
      assertThat(growth).as("growth in kB").isLessThan(LIMIT);
      optimizer.close();
    }
  }

  private static void step(
      Decoder model, Parameters parameters, AdamW optimizer, PackedTokens tokens, int step) {
    parameters.gradients().zeroInPlace();
    model.accumulate(tokens, 1.0 / tokens.learntTokens(), step);
    optimizer.step(step, 1e-3);
    model.refresh();
  }

  /** The least of several readings: what the collector commits in between comes and goes. */
  private static long anonymousMemory() throws IOException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, reading());
    }
    return least;
  }

  /** Resident anonymous memory less the Java heap's part, in kB. */
  private static long reading() throws IOException {
    long resident = 0;
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("RssAnon:")) {
        resident = Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    long heap = 0;
    for (var pool : java.lang.management.ManagementFactory.getMemoryPoolMXBeans()) {
      heap += pool.getUsage().getCommitted() / 1024;
    }
    return resident - heap;
  }
}
