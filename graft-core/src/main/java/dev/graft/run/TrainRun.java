package dev.graft.run;

import dev.graft.InputException;
import dev.graft.config.OptionTexts;
import dev.graft.config.Precision;
import dev.graft.config.TrainOptions;
import dev.graft.engine.Engine;
import dev.graft.engine.Kernels;
import dev.graft.engine.Scope;
import dev.graft.io.OutputPath;
import dev.graft.ledger.Ledger;
import dev.graft.ledger.LedgerEntry;
import dev.graft.ledger.LedgerFile;
import dev.graft.ledger.Meter;
import dev.graft.ledger.RunLedger;
import dev.graft.ledger.Spent;
import dev.graft.model.Decoder;
import dev.graft.train.LearningRateSchedule;
import dev.graft.train.TrainPlan;
import dev.graft.train.Trainer;
import dev.graft.train.log.DataHash;
import dev.graft.train.log.PeakMemory;
import dev.graft.train.log.RunFolder;
import dev.graft.train.log.RunLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One run of {@code graft train}: from options to a run folder with its result.
 *
 * <p>The order matters for the user: everything that can be wrong with flags, model and data is
 * found before the folder is made, and the folder before any time is spent on training.
 */
public final class TrainRun {
  private final TrainOptions options;
  private final BooleanSupplier stop;
  private final RunListener listener;

  /** A run; {@code stop} becomes true when it should save and end at the next step. */
  public TrainRun(TrainOptions options, BooleanSupplier stop, RunListener listener) {
    this.options = options;
    this.stop = stop;
    this.listener = listener;
  }

  /**
   * What came of a run.
   *
   * @param end why it ended
   * @param folder the run folder
   * @param summary as in {@code summary.json}; empty when it was interrupted
   * @param spent by this run in all its sittings; empty when it was interrupted
   */
  public record Outcome(
      Trainer.End end, RunFolder folder, Map<String, Object> summary, Optional<Spent> spent) {}

  /** Trains; returns once everything is saved. */
  public Outcome run() throws IOException {
    if (options.threads() > 0) {
      Engine.setThreads(options.threads());
    }
    RunFolder.Existing existing = RunFolder.existing(options.resume(), options.overwrite());
    RunFolder.check(options.output(), existing);
    OutputPath.checkFolder(options.output(), inputs());
    if (existing == RunFolder.Existing.RESUME) {
      ResumeCheck.check(options);
    }
    Engine.begin();
    if (options.precision() == Precision.BF16) {
      Kernels.warmUp();
    }
    Meter meter = Meter.start(Engine::threads, PeakMemory::residentBytes);
    listener.progress("reading the model's files");
    try (BaseModel base = Pretraining.open(options, listener);
        Scope scope = Scope.open()) {
      Lineage lineage = Lineage.read(options, base, listener);
      int context = base.spec().maxPositions();
      if (options.maxLength() > context) {
        listener.note(
            "--max-length "
                + options.maxLength()
                + " is more than the model's context of "
                + context);
      }
      listener.progress("reading the data and the weights");
      // Beside each other: looking through the data keeps one processor busy, and so do weights.
      try (Beside<Learner> loading = Beside.begin("graft-weights", () -> loadOnOneThread(base));
          Learning read = Learning.load(base, options, listener);
          Learner learner = loading.take();
          RunLock lock = RunLock.take(options.output())) {
        TrainPlan plan = plan(base, read.data());
        long predicted = predictMemory(learner, plan, read);
        RunFolder folder = RunFolder.create(options.output(), existing);
        RunLedger ledger = lineage.begin(meter, learner.model().fingerprint());
        return train(base, new Subject(learner, ledger, predicted), plan, read, folder);
      }
    }
  }

  /** The data need the other ones; where an operation were divided, its halves would only wait. */
  private Learner loadOnOneThread(BaseModel base) {
    Engine.setThreadsHere(1);
    return Learner.load(base, options);
  }

  /** Bytes that the process will take at most; sees to the limit. */
  private long predictMemory(Learner learner, TrainPlan plan, Learning learning) {
    RunMemory memory = RunMemory.of(options, learner, plan, learning);
    boolean recompute = memory.recomputes(options, learner);
    if (recompute && !options.activationCheckpointing()) {
      listener.note("activation checkpointing is on, to stay below the memory limit");
    }
    learner.model().recomputeActivations(recompute);
    return memory.process(learner, recompute);
  }

  private List<Path> inputs() {
    return options
        .valid()
        .map(valid -> List.of(options.data(), valid))
        .orElse(List.of(options.data()));
  }

  private Outcome train(
      BaseModel base, Subject subject, TrainPlan plan, Learning learning, RunFolder folder)
      throws IOException {
    Decoder model = subject.learner().model();
    Target target = subject.learner().target();
    RunLedger ledger = subject.ledger();
    Trainer.TrainData data = learning.data();
    String identity = identity(model, plan);
    try (RunLog log = new RunLog(folder, plan, listener, learning.bytesPerToken(), ledger);
        Trainer trainer =
            new Trainer(
                model, target.parameters(), plan, data, folder.checkpoints(), identity, log)) {
      trainer.keeping(ledger);
      if (options.resume()) {
        Lineage.ofEarlierSitting(folder.path(), listener).ifPresent(ledger::recall);
        resume(trainer);
      }
      folder.writeConfig(
          OptionTexts.yaml(
              options.asBegun())); // not sooner: a checkpoint of another run is refused
      log.begin(trainer.state());
      Trainer.End end = options.finish() ? finish(trainer) : trainer.run(stop);
      if (end == Trainer.End.INTERRUPTED) {
        listener.note(
            "saved after step "
                + trainer.state().step()
                + "; the same command with --resume goes on from there");
        return new Outcome(end, folder, Map.of(), Optional.empty());
      }
      long step = trainer.useBest();
      Ledger spent = ledger.present();
      Path result = target.folder(folder);
      LedgerFile.write(folder.path(), spent);
      LedgerFile.write(result, spent);
      target.save(options, base, model, folder);
      Map<String, Object> summary =
          RunSummary.of(options, base, model, target.parameters(), trainer.state(), log);
      Optional<Spent> own = spent.run().map(LedgerEntry.Run::spent);
      own.ifPresent(cost -> summary.putAll(RunSummary.cost(cost)));
      summary.put("predicted_peak_bytes", subject.predictedBytes());
      summary.put("result", result.toString());
      summary.put("result_step", step);
      folder.writeSummary(summary);
      return new Outcome(end, folder, summary, own);
    }
  }

  /** Ends the run where it is. */
  private Trainer.End finish(Trainer trainer) {
    if (trainer.state().step() == 0) {
      throw InputException.in(options.output(), "finish: the run has made no step yet");
    }
    return trainer.finish(stop);
  }

  private void resume(Trainer trainer) {
    boolean resumed = trainer.resume();
    listener.note(
        resumed
            ? "going on after step " + trainer.state().step()
            : "there is no checkpoint yet; starting at the first step");
  }

  private TrainPlan plan(BaseModel base, Trainer.TrainData data) {
    long steps = options.steps(data.train().size());
    LearningRateSchedule schedule =
        new LearningRateSchedule(
            options.schedule(),
            options.learningRate(base.config().stringAt("model_type"), base.spec().hidden()),
            options.warmupSteps(steps),
            steps);
    return new TrainPlan(
        steps,
        options.batchSize(),
        options.microBatches(),
        schedule,
        options.weightDecay(),
        options.maxGradNorm().orElse(0),
        options.seed(),
        options.evalEvery(steps),
        options.saveEvery(steps),
        options.keepCheckpoints(),
        options.patience());
  }

  /** What a checkpoint must agree in to be gone on from. */
  private String identity(Decoder model, TrainPlan plan) throws IOException {
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("base", model.fingerprint());
    parts.put("data", DataHash.sha256(options.data()));
    if (options.valid().isPresent()) {
      parts.put("valid", DataHash.sha256(options.valid().get()));
    }
    parts.put("settings", ResumeCheck.decisive(options));
    parts.put("steps", plan.steps());
    return parts.toString();
  }

  /** What learns, and what that takes. */
  private record Subject(Learner learner, RunLedger ledger, long predictedBytes) {}
}
