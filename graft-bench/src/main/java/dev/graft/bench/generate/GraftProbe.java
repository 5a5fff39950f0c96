package dev.graft.bench.generate;

import dev.graft.Graft;
import dev.graft.InputException;
import dev.graft.adapter.PeftAdapter;
import dev.graft.bench.train.PreparedData;
import dev.graft.engine.DType;
import dev.graft.engine.Engine;
import dev.graft.engine.Kernels;
import dev.graft.engine.Scope;
import dev.graft.generate.Generator;
import dev.graft.generate.SamplingOptions;
import dev.graft.io.AtomicFile;
import dev.graft.model.Decoder;
import dev.graft.run.BaseModel;
import dev.graft.train.log.PeakMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench generate-graft}: Graft's side of {@code bench generate}. */
@Command(name = "generate-graft", hidden = true, description = "Measures Graft's generation.")
public final class GraftProbe implements Callable<Integer> {
  private static final int WARM_UP = 8;

  @Mixin private final ProbeOptions options = new ProbeOptions();

  @Option(names = "--adapter")
  private @Nullable Path adapter;

  @Option(names = "--precision")
  private String precision = "bf16";

  @Override
  public Integer call() throws IOException {
    Engine.setThreads(options.threads());
    Kernels.warmUpForGeneration(); // as the command line does
    DType dtype = precision.equals("fp32") ? DType.F32 : DType.BF16;
    try (BaseModel base = PreparedData.open(options.model());
        Scope scope = Scope.open();
        Decoder model = base.load(dtype)) {
      if (adapter != null) {
        var _ = PeftAdapter.load(adapter, model, PeftAdapter.Use.INFERENCE);
      }
      int[] prompt = base.tokenizer().encode(options.prompt()).ids();
      // Without ids that end a turn, so that every side makes the same number of tokens.
      Generator generator = new Generator(model, Set.of());
      generate(generator, prompt, WARM_UP);
      AtomicFile.writeString(options.output(), measure(generator, prompt).json());
    }
    return 0;
  }

  private Generated measure(Generator generator, int[] prompt) {
    double[] seconds = generate(generator, prompt, options.newTokens());
    return new Generated(
        options.batch(),
        prompt.length,
        options.newTokens(),
        seconds[0],
        seconds[1],
        PeakMemory.residentBytes().orElse(0),
        Map.of("graft", Graft.version(), "libtorch", Engine.libtorchVersion()));
  }

  /** Seconds to the first new token of every prompt, and from there to the last. */
  private double[] generate(Generator generator, int[] prompt, int newTokens) {
    SamplingOptions greedy = new SamplingOptions(0, 0, 1, 1, 42);
    Generator.Prompt one = new Generator.Prompt(prompt, newTokens, greedy);
    long began = System.nanoTime();
    int[] made = new int[options.batch()];
    long[] first = new long[options.batch()];
    generator.generate(
        Collections.nCopies(options.batch(), one).iterator(),
        options.batch(),
        new Generator.Listener() {
          @Override
          public boolean token(int number, int id) {
            first[number] = made[number]++ == 0 ? System.nanoTime() : first[number];
            return true;
          }

          @Override
          public void done(int number, Generator.Result result) {}
        });
    long last = System.nanoTime();
    for (int count : made) {
      if (count != newTokens) {
        throw new InputException("--new-tokens: the model's context ends after " + count);
      }
    }
    long begun = Arrays.stream(first).max().orElseThrow();
    return new double[] {(begun - began) / 1e9, (last - begun) / 1e9};
  }
}
