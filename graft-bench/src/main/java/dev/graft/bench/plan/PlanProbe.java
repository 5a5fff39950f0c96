package dev.graft.bench.plan;

import dev.graft.engine.DType;
import dev.graft.engine.Engine;
import dev.graft.engine.Kernels;
import dev.graft.format.Config;
import dev.graft.io.AtomicFile;
import dev.graft.model.Decoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code bench plan-train}: some settings of {@code bench plan}, planned, and trained by the
 * training loop itself, on examples of one length and a model with random weights.
 */
@Command(
    name = "plan-train",
    hidden = true,
    description = "Measures steps of training, and plans them.")
public final class PlanProbe implements Callable<Integer> {
  private static final int WARM_UP = 2;

  /** In the first, the optimizer has no moments yet. */
  private static final int LEAST_MEMORY_STEPS = 2;

  /** Some more where they are short: lanes hold the most at the same time in few of them. */
  private static final int MOST_MEMORY_STEPS = 20;

  private static final double MEMORY_SECONDS = 4;

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

  @Option(names = "--probe", required = true)
  private double probe;

  @Override
  public Integer call() throws IOException {
    Engine.setThreads(threads);
    PlanSubject subject = subject();
    if (subject.dtype() == DType.BF16) {
      Kernels.warmUp();
    }
    List<Map<String, Object>> results = memory ? memory(subject) : turns(subject);
    AtomicFile.writeString(output, new JsonMapper().writeValueAsString(results));
    return 0;
  }

  private PlanSubject subject() {
    return new PlanSubject(
        Decoder.specOf(Config.read(config)),
        precision.equals("fp32") ? DType.F32 : DType.BF16,
        length,
        batch,
        learntShare,
        checkpointing,
        threads);
  }

  private List<Map<String, Object>> turns(PlanSubject subject) {
    List<PlanCase> cases =
        ranks.stream().map(rank -> new PlanCase(rank, length, checkpointing)).toList();
    List<Map<String, Object>> results = new ArrayList<>();
    for (PlanTurns.Outcome each : new PlanTurns(subject, cases, probe).measure(folder())) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("trainable", each.trained());
      result.put("planned_bytes", each.plannedBytes());
      result.put("planned_seconds", each.planned());
      result.put("seconds", each.seconds());
      result.put("measured_seconds", each.measured());
      results.add(result);
    }
    return results;
  }

  private List<Map<String, Object>> memory(PlanSubject subject) {
    List<Map<String, Object>> results = new ArrayList<>();
    for (int rank : ranks) {
      results.add(Map.of("tensor_bytes", memory(subject, rank)));
    }
    return results;
  }

  /** The most that tensors hold; 0 where the system does not tell. */
  private long memory(PlanSubject subject, int rank) {
    if (!NativeHeap.isKnown()) {
      return 0;
    }
    double each;
    try (CaseTraining warmUp = new CaseTraining(subject, rank, folder())) {
      each = warmUp.steps(WARM_UP);
    }
    int count = Math.clamp((long) (MEMORY_SECONDS / each), LEAST_MEMORY_STEPS, MOST_MEMORY_STEPS);
    // What is left now (compiled products, the library's own) is no part of what a step takes.
    long before = NativeHeap.inUse();
    // Random weights are made in float32, which can take more than a step with a small adapter.
    try (CaseTraining training = new CaseTraining(subject, rank, folder());
        NativeHeap heap = NativeHeap.watch()) {
      double _ = training.steps(count);
      return heap.most() - before;
    }
  }

  private Path folder() {
    return output.resolveSibling(output.getFileName() + ".checkpoints");
  }
}
