package dev.graft.bench.generate;

import dev.graft.Graft;
import dev.graft.adapter.PeftAdapter;
import dev.graft.bench.train.PreparedData;
import dev.graft.engine.DType;
import dev.graft.engine.Engine;
import dev.graft.engine.Scope;
import dev.graft.generate.Generator;
import dev.graft.generate.SamplingOptions;
import dev.graft.io.AtomicFile;
import dev.graft.model.Decoder;
import dev.graft.run.BaseModel;
import dev.graft.train.log.PeakMemory;
import java.io.IOException;
import java.nio.file.Path;
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

  /** The generator takes one prompt at a time: those of a batch follow one another. */
  private Generated measure(Generator generator, int[] prompt) {
    double promptSeconds = 0;
    double tokenSeconds = 0;
    for (int i = 0; i < options.batch(); i++) {
      double[] seconds = generate(generator, prompt, options.newTokens());
      promptSeconds += seconds[0];
      tokenSeconds += seconds[1];
    }
    return new Generated(
        options.batch(),
        prompt.length,
        options.newTokens(),
        promptSeconds,
        tokenSeconds,
        PeakMemory.residentBytes().orElse(0),
        Map.of("graft", Graft.version(), "libtorch", Engine.libtorchVersion()));
  }

  /** Seconds to the first new token, and from there to the last. */
  private static double[] generate(Generator generator, int[] prompt, int newTokens) {
    long began = System.nanoTime();
    long[] at = new long[2];
    Generator.Result result =
        generator.generate(
            prompt,
            newTokens,
            new SamplingOptions(0, 0, 1, 1, 42),
            id -> {
              at[0] = at[0] == 0 ? System.nanoTime() : at[0];
              at[1] = System.nanoTime();
              return true;
            });
    if (result.ids().size() != newTokens) {
      throw new dev.graft.InputException(
          "--new-tokens: the model's context ends after " + result.ids().size());
    }
    return new double[] {(at[0] - began) / 1e9, (at[1] - at[0]) / 1e9};
  }
}
