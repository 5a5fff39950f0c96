package dev.graft.bench.train;

import dev.graft.bench.process.ChildProcess;
import java.nio.file.Path;
import java.util.List;

/** Graft and its peers, each as the command that does the same work. */
final class Sides {
  static final String GRAFT = "graft";
  static final String TRL = "trl";
  static final String AUTOGRAD = "autograd";

  private final TrainSettings settings;
  private final PreparedData data;

  Sides(TrainSettings settings, PreparedData data) {
    this.settings = settings;
    this.data = data;
  }

  /** {@code graft train}, as a user runs it. */
  Side graft(Path launcher) {
    return new Side(
        GRAFT,
        "`graft train`",
        folder ->
            List.of(
                launcher.toString(),
                "train",
                "--model=" + settings.model(),
                "--data=" + data.rows(),
                "--output=" + folder,
                "--overwrite",
                "--rank=" + settings.rank(),
                "--alpha=" + settings.alpha(),
                "--max-steps=" + settings.steps(),
                "--save-every=" + settings.steps(),
                "--batch-size=" + settings.batch(),
                "--max-length=" + settings.maxLength(),
                "--learning-rate=" + settings.learningRate(),
                "--schedule=constant",
                "--warmup=0",
                "--weight-decay=0",
                "--max-grad-norm=1",
                "--precision=" + settings.precision(),
                "--seed=" + settings.seed(),
                "--threads=" + settings.threads()));
  }

  /** TRL and PEFT in Python. */
  Side trl(Path python, Path script) {
    return new Side(
        TRL,
        "TRL's SFTTrainer with PEFT, in Python",
        folder ->
            List.of(
                python.toString(),
                script.toString(),
                settings.peerModel().toString(),
                data.inOrder().toString(),
                folder.toString(),
                "--steps=" + settings.steps(),
                "--batch-size=" + settings.batch(),
                "--max-length=" + settings.maxLength(),
                "--rank=" + settings.rank(),
                "--alpha=" + settings.alpha(),
                "--learning-rate=" + settings.learningRate(),
                "--precision=" + settings.precision(),
                "--seed=" + settings.seed(),
                "--threads=" + settings.threads()));
  }

  /** The plain model over libtorch's automatic differentiation, in Java. */
  Side autograd() {
    return new Side(
        AUTOGRAD,
        "the same model written plainly over libtorch's autograd, in Java",
        folder ->
            ChildProcess.java(
                "autograd-peer",
                "--model=" + settings.model(),
                "--data=" + data.inOrder(),
                "--output=" + folder,
                "--steps=" + settings.steps(),
                "--batch-size=" + settings.batch(),
                "--max-length=" + settings.maxLength(),
                "--rank=" + settings.rank(),
                "--alpha=" + settings.alpha(),
                "--learning-rate=" + settings.learningRate(),
                "--precision=" + settings.precision(),
                "--seed=" + settings.seed(),
                "--threads=" + settings.threads()));
  }
}
