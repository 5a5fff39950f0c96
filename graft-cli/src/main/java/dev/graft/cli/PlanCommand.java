package dev.graft.cli;

import dev.graft.adapter.TargetModules;
import dev.graft.config.Precision;
import dev.graft.config.TrainOption;
import dev.graft.data.LossOn;
import dev.graft.engine.DType;
import dev.graft.plan.Figures;
import dev.graft.plan.MemoryParts;
import dev.graft.plan.Plan;
import dev.graft.plan.PlanJson;
import dev.graft.plan.PlanSettings;
import dev.graft.plan.PlanText;
import dev.graft.run.PlanRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code graft plan}. */
@Command(
    name = "plan",
    sortOptions = false,
    footer = {
      "",
      "A config.json is enough: no weights are read, and nothing is trained.",
      "",
      "Example: graft plan --model models/llama-8b/config.json --tokens 20M --memory 24GB --fit"
    },
    description = "Shows what each way to adapt a model would cost: memory, work, time, price.")
final class PlanCommand implements Callable<Integer> {
  private static final double MOST_TOKENS = 1e16;
  private static final double MOST_FLOPS = 1e40;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = "A config.json, model folder, GGUF file, or name on the Hub (owner/name).")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String model;

  @Option(
      names = "--data",
      arity = "1..*",
      paramLabel = "FILE",
      description = "The data set, counted with the model's tokenizer.")
  private List<Path> data = List.of();

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Tokens instead of --data, as in 20000000 or 20M.")
  private @Nullable String tokens;

  @Option(
      names = "--learnt-share",
      paramLabel = "X",
      defaultValue = "1",
      description = "Share of --tokens that carry loss (${DEFAULT-VALUE}).")
  private String learntShare = "1";

  @Option(
      names = "--epochs",
      paramLabel = "X",
      defaultValue = "1",
      description = "Passes over the data (${DEFAULT-VALUE}).")
  private String epochs = "1";

  @Mixin private final DataFlags layout = new DataFlags();

  @Option(
      names = "--loss-on",
      paramLabel = "completion|all-assistant|everything",
      defaultValue = "completion",
      description = "Tokens of --data that carry loss (${DEFAULT-VALUE}).")
  private LossOn lossOn = LossOn.COMPLETION;

  @Mixin private final PlanTrainingFlags training = new PlanTrainingFlags();

  @Mixin private final PlanHardwareFlags hardware = new PlanHardwareFlags();

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "Memory of one device, as in 16GB or 15.5GiB: says what fits.")
  private @Nullable String memory;

  @Option(
      names = "--fit",
      description =
          "Find the largest pass, the longest example and the cheapest settings for --memory, or"
              + " for this machine's.")
  private boolean fit;

  @Option(
      names = "--budget",
      paramLabel = "FLOPS",
      description = "Operations that the scaling laws divide between size and data, as in 1e21.")
  private @Nullable String budget;

  @Option(names = "--explain", description = "Show the formula of every line and its source.")
  private boolean explain;

  @Option(names = "--json", description = "Print the plan as JSON.")
  private boolean json;

  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  @Override
  public Integer call() {
    PlanRun.Request request =
        new PlanRun.Request(model, tokens(), training.read(), hardware.read(), wish());
    Plan plan;
    boolean stopped;
    try (ProgressLine line = ProgressLine.onStandardError(quiet);
        Interrupts interrupts = Interrupts.install(line::message)) {
      plan = PlanRun.run(request, new Listening(line), interrupts::requested);
      stopped = interrupts.requested();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(PlanJson.of(plan, explain));
    } else {
      out.print(PlanText.of(plan, explain));
    }
    return stopped ? ExitCode.INTERRUPTED : ExitCode.OK;
  }

  private PlanRun.Data tokens() {
    return new PlanRun.Data(
        data,
        layout.options(),
        lossOn,
        tokens == null ? 0 : (long) Figures.count("--tokens", tokens, MOST_TOKENS),
        Figures.positive("--learnt-share", learntShare, 1),
        TrainOption.parse(TrainOption.EPOCHS, epochs));
  }

  private PlanSettings.Wish wish() {
    return new PlanSettings.Wish(
        memory == null ? 0 : Figures.bytes("--memory", memory),
        fit,
        budget == null ? 0 : Figures.count("--budget", budget, MOST_FLOPS));
  }

  /** Settings of training, named as {@code graft train} names them. */
  static final class PlanTrainingFlags {
    @Option(
        names = "--precision",
        paramLabel = "bf16|fp32",
        defaultValue = "bf16",
        description = "Element type of weights and activations (${DEFAULT-VALUE}).")
    private Precision precision = Precision.BF16;

    @Option(
        names = "--batch-size",
        paramLabel = "N",
        defaultValue = "8",
        description = "Examples of an optimizer step on each device (${DEFAULT-VALUE}).")
    private String batchSize = "8";

    @Option(
        names = "--micro-batch-size",
        paramLabel = "N",
        defaultValue = "0",
        description = "Examples in work at once; 0 takes as many as training would.")
    private String microBatchSize = "0";

    @Option(
        names = "--accumulation",
        paramLabel = "N",
        description = "Accumulate this often in a step, instead of --micro-batch-size.")
    private @Nullable String accumulation;

    @Option(
        names = "--max-length",
        paramLabel = "N",
        defaultValue = "2048",
        description = "Longest example in tokens (${DEFAULT-VALUE}).")
    private String maxLength = "2048";

    @Option(
        names = "--activation-checkpointing",
        description = "Recompute activations in the backward pass.")
    private boolean checkpointing;

    @Option(
        names = "--rank",
        split = ",",
        paramLabel = "N",
        defaultValue = "8,16,64,256",
        description = "Ranks of LoRA and QLoRA (${DEFAULT-VALUE}).")
    private List<String> ranks = new ArrayList<>();

    @Option(
        names = "--target-modules",
        paramLabel = "MODULES",
        defaultValue = "all-linear",
        description = "Modules that get an adapter (${DEFAULT-VALUE}).")
    private String targets = "all-linear";

    @Option(
        names = "--virtual-tokens",
        paramLabel = "N",
        defaultValue = "20",
        description = "Virtual tokens of prompt and prefix tuning (${DEFAULT-VALUE}).")
    private String virtualTokens = "20";

    PlanRun.Training read() {
      return new PlanRun.Training(
          precision == Precision.BF16 ? DType.BF16 : DType.F32,
          whole(TrainOption.BATCH_SIZE, batchSize),
          whole(TrainOption.MICRO_BATCH_SIZE, microBatchSize),
          accumulation == null ? 0 : (int) Figures.count("--accumulation", accumulation, 1_000_000),
          whole(TrainOption.MAX_LENGTH, maxLength),
          checkpointing,
          ranks.stream().map(rank -> whole(TrainOption.RANK, rank)).distinct().toList(),
          TargetModules.parse(targets),
          (int) Figures.count("--virtual-tokens", virtualTokens, 65536));
    }

    private static int whole(dev.graft.config.Option<Long> option, String text) {
      return Math.toIntExact(TrainOption.parse(option, text));
    }
  }

  /** What it would run on. */
  static final class PlanHardwareFlags {
    @Option(
        names = "--device",
        split = ";",
        paramLabel = "NAME",
        defaultValue = "here;RTX-4090;A100-80GB;H100",
        description =
            "Devices: here, names such as H100, all, or NAME=TFLOPS,GB,WATTS; can be repeated"
                + " (${DEFAULT-VALUE}).")
    private List<String> devices = new ArrayList<>();

    @Option(
        names = "--price",
        paramLabel = "[NAME=]PRICE",
        description = "Price of a device for an hour; can be repeated.")
    private List<String> prices = List.of();

    @Option(
        names = "--utilization",
        paramLabel = "X",
        defaultValue = "0.4",
        description = "Share of an accelerator's peak rate that a step reaches (${DEFAULT-VALUE}).")
    private String utilization = "0.4";

    @Option(
        names = "--watts",
        paramLabel = "W",
        description = "Power of this machine; measured or guessed otherwise.")
    private @Nullable String watts;

    @Option(
        names = "--probe",
        paramLabel = "SECONDS",
        defaultValue = "8",
        description =
            "How long this machine is measured, about; 0 for not at all (${DEFAULT-VALUE}).")
    private String probe = "8";

    @Option(
        names = "--threads",
        paramLabel = "N",
        defaultValue = "0",
        description = "Threads of this machine; 0 is one a core.")
    private String threads = "0";

    @Option(
        names = "--parallel",
        paramLabel = "N",
        defaultValue = "1",
        description = "Devices that work in parallel, each on examples of its own.")
    private String parallel = "1";

    @Option(
        names = "--sharding",
        paramLabel = "none|optimizer|gradients|weights",
        defaultValue = "none",
        description = "What parallel devices divide among themselves (${DEFAULT-VALUE}).")
    private MemoryParts.Sharding sharding = MemoryParts.Sharding.NONE;

    PlanRun.Hardware read() {
      return new PlanRun.Hardware(
          devices,
          prices,
          Figures.positive("--utilization", utilization, 1),
          watts == null ? 0 : Figures.positive("--watts", watts, 1e6),
          probe.strip().equals("0") ? 0 : Figures.positive("--probe", probe, 60),
          Math.toIntExact(TrainOption.parse(TrainOption.THREADS, threads)),
          (int) Figures.count("--parallel", parallel, 1_000_000),
          sharding);
    }
  }
}
