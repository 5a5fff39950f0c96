package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.compare.Comparison;
import dev.graft.compare.ComparisonJson;
import dev.graft.compare.ComparisonText;
import dev.graft.compare.Strategy;
import dev.graft.config.DataChecking;
import dev.graft.config.Precision;
import dev.graft.config.RowMappings;
import dev.graft.config.TrainOption;
import dev.graft.data.DataFormat;
import dev.graft.data.RowOptions;
import dev.graft.plan.Figures;
import dev.graft.run.CompareRequest;
import dev.graft.run.CompareRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code graft compare}. */
@Command(
    name = "compare",
    sortOptions = false,
    footer = {
      "",
      "What is done is not done again: more seeds, sizes or strategies in the same folder run only",
      "what is new. Ctrl-C saves; the same command goes on.",
      "",
      "Example: graft compare --model models/graft-mini --data data/tickets/train.jsonl --valid"
          + " data/tickets/valid.jsonl --test data/tickets/test.jsonl --sizes 50,100,200,400"
          + " --epochs 3 --output runs/compare"
    },
    description =
        "Compares strategies on one task: from scratch, prompting, full fine-tuning, LoRA; quality"
            + " with intervals against cost.")
final class CompareCommand implements Callable<Integer> {
  private static final double MOST_FLOPS = 1e30;
  private static final int MOST_SEEDS = 100;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = "Base model: folder, GGUF file, or name on the Hub (owner/name).")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "PATH",
      description = "Training examples, as for training.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path data;

  @Option(
      names = "--valid",
      paramLabel = "PATH",
      description = "Examples that choose the best checkpoint; else a tenth of the training rows.")
  private @Nullable Path valid;

  @Option(
      names = "--test",
      paramLabel = "PATH",
      description = "Examples that are measured on; else a tenth of the training rows.")
  private @Nullable Path test;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FOLDER",
      description = "Folder of the comparison.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path output;

  @Option(
      names = "--strategies",
      paramLabel = "LIST",
      defaultValue = Strategy.DEFAULT,
      description =
          "What is compared (${DEFAULT-VALUE}): zero-shot, few-shot-K, scratch, full, lora-rN.")
  private String strategies = Strategy.DEFAULT;

  @Option(
      names = "--sizes",
      paramLabel = "N,N,...",
      description = "Numbers of training rows, each within the next; else all there are.")
  private @Nullable String sizes;

  @Option(
      names = "--seeds",
      paramLabel = "N|N,N,...",
      defaultValue = "3",
      description = "How many seeds, or a list of them (${DEFAULT-VALUE}).")
  private String seeds = "3";

  @Option(
      names = "--equal",
      paramLabel = "data|flops",
      defaultValue = "data",
      description =
          "What is the same for all that train: rows and epochs, or FLOP (${DEFAULT-VALUE}).")
  private CompareRequest.Equal equal = CompareRequest.Equal.DATA;

  @Option(
      names = "--reference",
      paramLabel = "STRATEGY",
      description = "With equal FLOP: whose epochs are the budget; else the LoRA with most work.")
  private @Nullable String reference;

  @Option(
      names = "--budget",
      paramLabel = "FLOP",
      description = "With equal FLOP: the budget itself, as 2e12.")
  private @Nullable String budget;

  @Option(
      names = "--epochs",
      paramLabel = "X",
      defaultValue = "3",
      description = "Passes over the training rows (${DEFAULT-VALUE}).")
  private String epochs = "3";

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "8",
      description = "Examples per optimizer step (${DEFAULT-VALUE}).")
  private String batchSize = "8";

  @Option(
      names = "--max-length",
      paramLabel = "N",
      defaultValue = "2048",
      description = "Longest training example in tokens (${DEFAULT-VALUE}).")
  private String maxLength = "2048";

  @Option(
      names = "--learning-rate",
      paramLabel = "STRATEGY=X",
      description = "Another peak learning rate for a strategy, as full=2e-4. Can be repeated.")
  private List<String> learningRates = List.of();

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "128",
      description = "Most tokens of an answer (${DEFAULT-VALUE}).")
  private int maxNewTokens = 128;

  @Option(
      names = "--goal",
      paramLabel = "FILE",
      description = "Rules that each answer is judged by, as for data check.")
  private @Nullable Path goal;

  @Option(
      names = "--answers",
      paramLabel = "N",
      defaultValue = "8",
      description = "Test rows that are shown with their answers (${DEFAULT-VALUE}).")
  private int answers = 8;

  @Option(
      names = "--data-check",
      paramLabel = "off|warn|error",
      defaultValue = "error",
      description = "What mistakes in the training rows do (${DEFAULT-VALUE}).")
  private DataChecking dataCheck = DataChecking.ERROR;

  @Option(
      names = "--data-format",
      paramLabel = "LAYOUT",
      description = "Layout of the examples; their keys tell it otherwise.")
  private @Nullable DataFormat format;

  @Option(
      names = "--data-map",
      paramLabel = "NAME=THEIRS|FILE",
      description = "What the examples call keys and roles that have other names here.")
  private List<String> map = List.of();

  @Option(
      names = "--precision",
      paramLabel = "bf16|fp32",
      defaultValue = "bf16",
      description = "Element type of weights and activations (${DEFAULT-VALUE}).")
  private Precision precision = Precision.BF16;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads of the engine, at most one per core; 0 is that many.")
  private String threads = "0";

  @Option(names = "--json", description = "Print comparison.json instead of tables.")
  private boolean json;

  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    CompareRequest request = request();
    try (ProgressLine line = ProgressLine.onStandardError(quiet);
        Interrupts interrupts = Interrupts.install(line::message)) {
      CompareRun.Outcome outcome =
          new CompareRun(request, interrupts::requested, new Listening(line)).run();
      if (outcome.comparison().isEmpty()) {
        return ExitCode.INTERRUPTED;
      }
      line.close();
      print(outcome.comparison().get());
      return ExitCode.OK;
    }
  }

  private void print(Comparison comparison) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(ComparisonJson.write(comparison));
    } else {
      out.print(ComparisonText.of(comparison));
      out.println("report: " + output.resolve("report.html"));
    }
    out.flush();
  }

  private CompareRequest request() {
    CompareRequest.Files files =
        new CompareRequest.Files(
            data,
            Optional.ofNullable(valid),
            Optional.ofNullable(test),
            new RowOptions(Optional.ofNullable(format), RowMappings.parse("--data-map", map)),
            Optional.ofNullable(goal),
            output);
    CompareRequest.Training training =
        new CompareRequest.Training(
            equal,
            Optional.ofNullable(reference).map(text -> Strategy.parse("--reference", text)),
            budget == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(Figures.positive("--budget", budget, MOST_FLOPS)),
            TrainOption.parse(TrainOption.EPOCHS, epochs),
            Math.toIntExact(TrainOption.parse(TrainOption.BATCH_SIZE, batchSize)),
            Math.toIntExact(TrainOption.parse(TrainOption.MAX_LENGTH, maxLength)),
            rates(),
            dataCheck);
    return new CompareRequest(
        model,
        files,
        new CompareRequest.Grid(
            Strategy.parseAll("--strategies", strategies), sizeList(), seedList()),
        training,
        new CompareRequest.Answering(
            atLeast("--max-new-tokens", maxNewTokens, 1), atLeast("--answers", answers, 0)),
        precision,
        Math.toIntExact(TrainOption.parse(TrainOption.THREADS, threads)));
  }

  private static int atLeast(String flag, int value, int least) {
    if (value < least) {
      throw new InputException(flag + ": " + value + " is less than " + least);
    }
    return value;
  }

  private List<Integer> sizeList() {
    return sizes == null
        ? List.of()
        : numbers("--sizes", sizes).stream().map(Math::toIntExact).toList();
  }

  /** One number is how many, several are the seeds themselves. */
  private List<Long> seedList() {
    List<Long> given = numbers("--seeds", seeds);
    if (seeds.contains(",")) {
      return given;
    }
    if (given.getFirst() > MOST_SEEDS) {
      throw new InputException(
          "--seeds: " + seeds + " seeds are more than " + MOST_SEEDS + "; a list names seeds");
    }
    List<Long> counted = new ArrayList<>();
    for (long seed = 1; seed <= given.getFirst(); seed++) {
      counted.add(seed);
    }
    return counted;
  }

  /** Positive numbers divided by commas; a comma at the end makes a list of one. */
  private static List<Long> numbers(String flag, String text) {
    List<Long> numbers = new ArrayList<>();
    String list = text.strip();
    for (String part :
        (list.endsWith(",") ? list.substring(0, list.length() - 1) : list).split(",", -1)) {
      if (!part.strip().matches("[1-9][0-9]{0,8}")) {
        throw new InputException(
            flag + ": '" + part.strip() + "' is no positive whole number; write 50,100,200");
      }
      numbers.add(Long.parseLong(part.strip()));
    }
    return numbers;
  }

  private Map<Strategy, Double> rates() {
    Map<Strategy, Double> rates = new LinkedHashMap<>();
    for (String text : learningRates) {
      int equals = text.indexOf('=');
      if (equals < 0) {
        throw new InputException(
            "--learning-rate: '" + text + "' names no strategy; write full=2e-4");
      }
      Strategy strategy = Strategy.parse("--learning-rate", text.substring(0, equals));
      double rate = Figures.positive("--learning-rate", text.substring(equals + 1), 10);
      if (rates.put(strategy, rate) != null) {
        throw new InputException("--learning-rate: " + strategy.id() + " is there twice");
      }
    }
    return rates;
  }
}
