package dev.graft.bench.generate;

import dev.graft.InputException;
import dev.graft.bench.BenchException;
import dev.graft.bench.process.ChildProcess;
import dev.graft.bench.report.Machine;
import dev.graft.bench.report.Markdown;
import dev.graft.bench.report.ReportFiles;
import dev.graft.bench.report.Statistics;
import dev.graft.bench.train.PreparedData;
import dev.graft.data.Row;
import dev.graft.data.RowReader;
import dev.graft.io.AtomicFile;
import dev.graft.run.BaseModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench generate}: Graft and llama.cpp go on from the same prompt in turns. */
@Command(
    name = "generate",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Compares the speed of generation.")
public final class GenerateCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--model", required = true, description = "Model folder or GGUF file.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path model;

  @Option(names = "--data", required = true, description = "Rows to take the prompt's text from.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path data;

  @Option(names = "--adapter", description = "PEFT folder, for Graft a second time with it.")
  private @Nullable Path adapter;

  @Option(
      names = "--llama",
      split = ",",
      description = "GGUF files for llama.cpp (peers/gguf_types.py makes F16 and Q8_0).")
  private List<Path> llama = List.of();

  @Option(names = "--output", description = "Folder of the report (${DEFAULT-VALUE}).")
  private Path output = Path.of("runs", "bench");

  @Option(names = "--prompt-tokens", description = "Of each prompt (${DEFAULT-VALUE}).")
  private int promptTokens = 512;

  @Option(names = "--new-tokens", description = "After each prompt (${DEFAULT-VALUE}).")
  private int newTokens = 128;

  @Option(names = "--batch-sizes", split = ",", description = "Prompts (${DEFAULT-VALUE}).")
  private List<Integer> batches = List.of(1, 8);

  @Option(names = "--rounds", description = "Runs of each side (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(names = "--precision", description = "Graft's: bf16 or fp32 (${DEFAULT-VALUE}).")
  private String precision = "bf16";

  @Option(names = "--threads", description = "Of each side (${DEFAULT-VALUE}).")
  private int threads = Runtime.getRuntime().availableProcessors();

  /** A side with a batch size: what to run, less the file that it writes to. */
  private record Case(String name, int batch, List<String> arguments) {}

  @Override
  public Integer call() throws IOException {
    check();
    Machine machine = Machine.here();
    Path prompt = writePrompt();
    List<Case> cases = new ArrayList<>();
    for (int batch : batches) {
      cases.addAll(cases(prompt, batch));
    }
    Map<Case, List<Generated>> all = new LinkedHashMap<>();
    cases.forEach(c -> all.put(c, new ArrayList<>()));
    for (int round = 1; round <= rounds; round++) {
      for (Case c : round % 2 == 1 ? cases : cases.reversed()) {
        Generated generated = run(c, round);
        all.getOrDefault(c, new ArrayList<>()).add(generated);
        spec.commandLine()
            .getErr()
            .println(
                "bench: round "
                    + round
                    + ": "
                    + c.name()
                    + ", batch "
                    + c.batch()
                    + ": "
                    + Markdown.number(generated.tokenRate(), 1)
                    + " tokens/s");
      }
    }
    report(machine, all);
    return 0;
  }

  private void check() {
    if (rounds < 1 || newTokens < 2 || promptTokens < 1 || batches.stream().anyMatch(b -> b < 1)) {
      throw new InputException(
          "--rounds, --prompt-tokens and --batch-sizes must be positive, --new-tokens at least 2");
    }
    for (Path file : llama) {
      if (!Files.isRegularFile(file)) {
        throw InputException.in(file, "there is no such GGUF file");
      }
    }
  }

  private Path writePrompt() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Row row : RowReader.read(data)) {
      if (row instanceof Row.Chat chat) {
        text.append(chat.messages().getFirst().get("content")).append("\n\n");
      }
      if (text.length() > promptTokens * 40L) {
        break;
      }
    }
    Path prompt = output.resolve("generate").resolve("prompt.txt").toAbsolutePath();
    try (BaseModel base = PreparedData.open(model)) {
      AtomicFile.writeString(
          prompt, PromptText.of(base.tokenizer(), text.toString(), promptTokens));
    }
    return prompt;
  }

  private List<Case> cases(Path prompt, int batch) {
    List<String> common =
        List.of(
            "--prompt=" + prompt,
            "--new-tokens=" + newTokens,
            "--batch-size=" + batch,
            "--threads=" + threads);
    List<Case> cases = new ArrayList<>();
    String graftModel = "--model=" + model.toAbsolutePath();
    List<String> graft = List.of("generate-graft", graftModel, "--precision=" + precision);
    cases.add(new Case("graft " + precision, batch, join(graft, common)));
    if (adapter != null) {
      List<String> with = join(graft, List.of("--adapter=" + adapter.toAbsolutePath()));
      cases.add(new Case("graft " + precision + " with adapter", batch, join(with, common)));
    }
    for (Path file : llama) {
      List<String> peer = List.of("generate-llama", "--model=" + file.toAbsolutePath());
      cases.add(new Case("llama.cpp " + file.getFileName(), batch, join(peer, common)));
    }
    return cases;
  }

  private static List<String> join(List<String> a, List<String> b) {
    List<String> both = new ArrayList<>(a);
    both.addAll(b);
    return both;
  }

  private Generated run(Case c, int round) throws IOException {
    String name = c.name() + ", batch " + c.batch();
    Path folder = output.resolve("generate").resolve("round-" + round);
    String file = name.replaceAll("[^A-Za-z0-9._-]+", "-");
    Path result = folder.resolve(file + ".json").toAbsolutePath();
    Files.deleteIfExists(result);
    List<String> arguments = join(c.arguments(), List.of("--output=" + result));
    ChildProcess.run(
        name, ChildProcess.java(arguments.toArray(String[]::new)), folder.resolve(file + ".log"));
    Generated generated = Generated.read(name, result);
    if (generated.promptTokens() != promptTokens || generated.newTokens() != newTokens) {
      throw new BenchException(
          name
              + " read "
              + generated.promptTokens()
              + " tokens and made "
              + generated.newTokens()
              + " instead of "
              + promptTokens
              + " and "
              + newTokens
              + ": it did not do the same work");
    }
    return generated;
  }

  private void report(Machine machine, Map<Case, List<Generated>> all) {
    Markdown table =
        new Markdown("side", "batch", "prompt tokens/s", "new tokens/s", "min to max", "peak MiB");
    List<Map<String, Object>> json = new ArrayList<>();
    all.forEach((c, runs) -> {
      Statistics rate = over(runs, Generated::tokenRate);
      table.row(
          c.name(),
          Integer.toString(c.batch()),
          Markdown.number(over(runs, Generated::promptRate).median(), 0),
          Markdown.number(rate.median(), 1),
          Markdown.number(rate.min(), 1) + " to " + Markdown.number(rate.max(), 1),
          Markdown.mebibytes(over(runs, run -> run.peakBytes()).max()));
      json.add(Map.of("side", c.name(), "batch", c.batch(), "runs", runs));
    });
    String page =
        """
        # Generation, tokens per second

        %s.

        - prompt tokens: %d
        - new tokens: %d
        - threads: %d

        %s
        The same prompt on every side, the most likely token each time, nothing ends a turn. The sides ran in turns, each run in
        a process of its own after a short generation to warm up. Prompt tokens count to the first new token, new ones from
        there. The prompts of a batch run side by side, on llama.cpp's side in as many parallel slots.
        """
            .formatted(machine.line(), promptTokens, newTokens, threads, table);
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("machine", machine);
    root.put("prompt_tokens", promptTokens);
    root.put("new_tokens", newTokens);
    root.put("threads", threads);
    root.put("sides", json);
    ReportFiles.write(output, "generate", page, root);
    spec.commandLine().getOut().print(page);
    spec.commandLine().getOut().flush();
  }

  private static Statistics over(List<Generated> runs, ToDoubleFunction<Generated> value) {
    return Statistics.of(runs.stream().map(run -> value.applyAsDouble(run)).toList());
  }
}
