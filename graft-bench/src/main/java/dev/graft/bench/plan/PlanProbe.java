package dev.graft.bench.plan;

import dev.graft.adapter.LoraSpec;
import dev.graft.bench.report.Statistics;
import dev.graft.data.Example;
import dev.graft.data.MicroBatches;
import dev.graft.engine.DType;
import dev.graft.engine.Engine;
import dev.graft.engine.Kernels;
import dev.graft.format.Config;
import dev.graft.io.AtomicFile;
import dev.graft.model.Decoder;
import dev.graft.model.DecoderSpec;
import dev.graft.model.InitialWeights;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import dev.graft.train.LearningRateSchedule;
import dev.graft.train.TrainObserver;
import dev.graft.train.TrainPlan;
import dev.graft.train.TrainState;
import dev.graft.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code bench plan-train}: some settings of {@code bench plan}, trained by the training loop
 * itself, on examples of one length and a model with random weights.
 */
@Command(name = "plan-train", hidden = true, description = "Measures steps of training.")
public final class PlanProbe implements Callable<Integer> {
  private static final int WARM_UP = 2;

  /** Steps that new threads take to have their products and memory at hand. */
  private static final int SETTLING = 3;

  /** In the first, the optimizer has no moments yet. */
  private static final int LEAST_MEMORY_STEPS = 2;

  /** Some more where they are short: lanes hold the most at the same time in few of them. */
  private static final int MOST_MEMORY_STEPS = 20;

  private static final double MEMORY_SECONDS = 4;

  /** The Java compilers have to come to an end. */
  private static final long WARM_UP_NANOS = 6_000_000_000L;

  @Option(names = "--config", required = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path config;

  @Option(names = "--output", required = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path output;

  @Option(names = "--ranks", required = true, split = ",")
  private List<Integer> ranks = List.of();

  @Option(names = "--memory")
  private boolean memory;

  @Option(names = "--length", required = true)
  private int length;

  @Option(names = "--batch-size", required = true)
  private int batch;

  @Option(names = "--learnt-share", required = true)
  private double learntShare;

  @Option(names = "--checkpointing")
  private boolean checkpointing;

  @Option(names = "--precision", required = true)
  private String precision = "bf16";

  @Option(names = "--threads", required = true)
  private int threads;

  @Option(names = "--steps", required = true)
  private int steps;

  @Override
  public Integer call() throws IOException {
    Engine.setThreads(threads);
    if (!precision.equals("fp32")) {
      Kernels.warmUp();
    }
    long began = System.nanoTime();
    while (!memory && System.nanoTime() - began < WARM_UP_NANOS) {
      for (int rank : ranks) {
        train(rank, WARM_UP);
      }
    }
    List<Map<String, Object>> results = new ArrayList<>();
    for (int rank : ranks) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("rank", rank);
      if (memory) {
        result.put("tensor_bytes", memory(rank));
      } else {
        List<Double> seconds = train(rank, SETTLING + steps).subList(SETTLING, SETTLING + steps);
        result.put("seconds", seconds);
        result.put("median_seconds", Statistics.of(seconds).median());
      }
      results.add(result);
    }
    AtomicFile.writeString(output, new JsonMapper().writeValueAsString(results));
    return 0;
  }

  /** The most that tensors hold; 0 where the system does not tell. */
  private long memory(int rank) throws IOException {
    if (!NativeHeap.isKnown()) {
      return 0;
    }
    double each = train(rank, WARM_UP).getLast();
    int count = Math.clamp((long) (MEMORY_SECONDS / each), LEAST_MEMORY_STEPS, MOST_MEMORY_STEPS);
    // What is left now (compiled products, the library's own) is no part of what a step takes.
    long before = NativeHeap.inUse();
    try (NativeHeap heap = NativeHeap.watch()) {
      train(rank, count);
      return heap.most() - before;
    }
  }

  private List<Double> train(int rank, int count) throws IOException {
    DecoderSpec spec = Decoder.specOf(Config.read(config));
    DType dtype = precision.equals("fp32") ? DType.F32 : DType.BF16;
    List<Double> seconds = new ArrayList<>();
    TrainObserver observer =
        new TrainObserver() {
          @Override
          public void onStep(StepReport report, TrainState state) {
            seconds.add(report.seconds());
          }
        };
    try (Decoder model = Decoder.begin(spec, new InitialWeights.Start(0.02, false, 1), dtype)) {
      model.recomputeActivations(checkpointing);
      Parameters parameters = parameters(model, rank);
      Trainer.TrainData data = new Trainer.TrainData(examples(spec, count), List.of());
      try (Trainer trainer =
          new Trainer(model, parameters, plan(count), data, folder(), "bench plan", observer)) {
        trainer.run(() -> false);
      }
    }
    return seconds;
  }

  private Path folder() {
    return output.resolveSibling(output.getFileName() + ".checkpoints");
  }

  private static Parameters parameters(Decoder model, int rank) {
    if (rank == 0) {
      return model.trainAll();
    }
    LoraSpec lora = LoraSpec.allLinear(rank, 2.0 * rank);
    model.attach(lora.resolve(model.adaptableModules()), 0);
    Parameters parameters = model.trainAdapter();
    lora.initialise(parameters, 1);
    model.refresh();
    return parameters;
  }

  private TrainPlan plan(int count) {
    return new TrainPlan(
        count,
        batch,
        new MicroBatches(0, MicroBatches.AUTOMATIC_TOKENS, true),
        new LearningRateSchedule(LearningRateSchedule.Shape.CONSTANT, 1e-5, 0, count),
        0,
        1,
        1,
        0,
        0,
        1,
        0);
  }

  private List<Example> examples(DecoderSpec spec, int count) {
    SplittableRandom random = new SplittableRandom(1);
    int learnt = Math.clamp(Math.round(length * learntShare), 1, length - 1);
    List<Example> examples = new ArrayList<>();
    for (int e = 0; e < count * batch; e++) {
      boolean[] mask = new boolean[length];
      Arrays.fill(mask, length - learnt, length, true);
      int[] ids = random.ints(length, 0, spec.vocabulary()).toArray();
      examples.add(new Example(e + 1L, PackedTokens.single(ids, mask), false));
    }
    return examples;
  }
}
