package dev.graft.bench.autograd;

import dev.graft.InputException;
import dev.graft.bench.train.PreparedData;
import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.engine.DType;
import dev.graft.engine.Engine;
import dev.graft.io.AtomicFile;
import dev.graft.model.PackedTokens;
import dev.graft.run.BaseModel;
import dev.graft.train.log.MetricsLog;
import dev.graft.train.log.PeakMemory;
import dev.graft.train.log.ProcessAge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench autograd-peer}: a side of {@code bench train}; leaves what each side leaves. */
@Command(name = "autograd-peer", hidden = true, description = "Trains the plain model.")
public final class AutogradCommand implements Callable<Integer> {
  @Option(names = "--model", required = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path model;

  @Option(names = "--data", required = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path data;

  @Option(names = "--output", required = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path output;

  @Option(names = "--steps", required = true)
  private int steps;

  @Option(names = "--batch-size")
  private int batch = 8;

  @Option(names = "--max-length")
  private int maxLength = 512;

  @Option(names = "--rank")
  private int rank = 16;

  @Option(names = "--alpha")
  private double alpha = 32;

  @Option(names = "--learning-rate")
  private double learningRate = 2e-4;

  @Option(names = "--precision")
  private String precision = "bf16";

  @Option(names = "--seed")
  private long seed = 42;

  @Option(names = "--threads")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws IOException {
    Engine.setThreads(threads);
    Files.createDirectories(output);
    Files.deleteIfExists(output.resolve("metrics.jsonl"));
    DType dtype = precision.equals("fp32") ? DType.F32 : DType.BF16;
    try (BaseModel base = PreparedData.open(model)) {
      ExampleSource.Loaded loaded = PreparedData.source(base, maxLength).load(data);
      if (loaded.examples().size() < (long) steps * batch) {
        throw InputException.in(data, "has too few rows for " + steps + " steps");
      }
      try (PlainLlama llama = new PlainLlama(base.files(), dtype, rank, alpha / rank);
          AutogradTraining training = new AutogradTraining(llama, learningRate)) {
        training.initialise(seed);
        double first = run(training, loaded.examples());
        writeSummary(first);
      }
    }
    return 0;
  }

  /** Returns the seconds to the end of the first step. */
  private double run(AutogradTraining training, List<Example> examples) throws IOException {
    double first = 0;
    try (MetricsLog log = MetricsLog.open(output.resolve("metrics.jsonl"))) {
      for (int step = 0; step < steps; step++) {
        PackedTokens packed =
            PackedTokens.concat(
                examples.subList(step * batch, (step + 1) * batch).stream()
                    .map(Example::tokens)
                    .toList());
        long began = System.nanoTime();
        double loss = training.step(packed, 1);
        double seconds = (System.nanoTime() - began) / 1e9;
        first = step == 0 ? ProcessAge.seconds() : first;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", step + 1);
        row.put("tokens", packed.tokens());
        row.put("trained_tokens", packed.learntTokens());
        row.put("seconds", seconds);
        row.put("loss", loss);
        log.append(row);
      }
    }
    return first;
  }

  private void writeSummary(double first) throws IOException {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("seconds_to_first_step", first);
    PeakMemory.residentBytes().ifPresent(bytes -> summary.put("peak_rss_bytes", bytes));
    summary.put("libtorch_version", Engine.libtorchVersion());
    summary.put("java_version", Runtime.version().toString());
    AtomicFile.writeString(
        output.resolve("summary.json"), new JsonMapper().writeValueAsString(summary) + "\n");
  }
}
