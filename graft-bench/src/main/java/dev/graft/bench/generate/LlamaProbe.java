package dev.graft.bench.generate;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import dev.graft.io.AtomicFile;
import dev.graft.train.log.PeakMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench generate-llama}: llama.cpp's side of {@code bench generate}. */
@Command(name = "generate-llama", hidden = true, description = "Measures llama.cpp's generation.")
public final class LlamaProbe implements Callable<Integer> {
  private static final int WARM_UP = 8;
  private static final int MARGIN = 64;

  @Mixin private final ProbeOptions options = new ProbeOptions();

  /** When a prompt's first and last token came, in nanoseconds. */
  private record Times(long first, long last) {}

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    String prompt = options.prompt();
    // A context is shared evenly by the prompts that run at a time.
    int context = (prompt.length() + options.newTokens() + MARGIN) * options.batch();
    ModelParameters parameters =
        new ModelParameters()
            .setModel(options.model().toString())
            .setThreads(options.threads())
            .setThreadsBatch(options.threads())
            .setCtxSize(Math.min(context, 8192 * options.batch()))
            .setParallel(options.batch())
            .disableLog();
    try (LlamaModel model = new LlamaModel(parameters)) {
      int promptTokens = model.encode(prompt).length;
      one(model, prompt, WARM_UP);
      long began = System.nanoTime();
      List<Times> all = together(model, prompt);
      long first = all.stream().mapToLong(Times::first).max().orElseThrow();
      long last = all.stream().mapToLong(Times::last).max().orElseThrow();
      Generated generated =
          new Generated(
              options.batch(),
              promptTokens,
              options.newTokens(),
              (first - began) / 1e9,
              (last - first) / 1e9,
              PeakMemory.residentBytes().orElse(0),
              Map.of("de.kherud:llama", "4.2.0"));
      AtomicFile.writeString(options.output(), generated.json());
    }
    return 0;
  }

  private List<Times> together(LlamaModel model, String prompt)
      throws InterruptedException, ExecutionException {
    List<Times> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(options.batch())) {
      List<Future<Times>> running = new ArrayList<>();
      for (int i = 0; i < options.batch(); i++) {
        running.add(threads.submit(() -> one(model, prompt, options.newTokens())));
      }
      for (Future<Times> future : running) {
        all.add(future.get());
      }
    }
    return all;
  }

  private static Times one(LlamaModel model, String prompt, int newTokens) {
    InferenceParameters parameters =
        new InferenceParameters(prompt)
            .setNPredict(newTokens)
            .setTemperature(0)
            .setIgnoreEos(true)
            .setCachePrompt(false);
    long first = 0;
    for (LlamaOutput ignored : model.generate(parameters)) {
      first = first == 0 ? System.nanoTime() : first;
    }
    return new Times(first, System.nanoTime());
  }
}
