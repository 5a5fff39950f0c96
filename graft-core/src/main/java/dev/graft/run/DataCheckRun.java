package dev.graft.run;

import dev.graft.data.LossOn;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import dev.graft.data.RowSource;
import dev.graft.data.check.CheckCode;
import dev.graft.data.check.CheckReport;
import dev.graft.data.check.DataCheck;
import dev.graft.data.check.DataFile;
import dev.graft.data.check.ModelFacts;
import dev.graft.goal.Goal;
import dev.graft.goal.GoalCheck;
import dev.graft.goal.GoalReport;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** One run of {@code graft data check}. */
public final class DataCheckRun {
  private static final int MOST_THREADS = 8;

  /**
   * What to check.
   *
   * @param model folder, GGUF file or Hub name; its weights are not read
   * @param valid held-out rows; empty for none
   * @param maxLength longest example in tokens
   * @param allowed errors that are to be warnings
   * @param rows how rows are understood
   */
  public record Request(
      String model,
      Path data,
      Optional<Path> valid,
      int maxLength,
      LossOn lossOn,
      Set<CheckCode> allowed,
      RowOptions rows) {
    public Request {
      allowed = Set.copyOf(allowed);
    }
  }

  private DataCheckRun() {}

  /**
   * Checks.
   *
   * @throws dev.graft.InputException where the model or a file as a whole can't be read
   */
  public static CheckReport run(Request request, RunListener listener) {
    listener.progress("reading the model's files");
    try (BaseModel base = BaseModel.open(request.model(), listener::download)) {
      DataCheck check = of(base, request);
      if (request.valid().isPresent()) {
        listener.progress("checking " + request.valid().get());
        check.read(DataFile.VALID, request.valid().get(), (file, row) -> {});
      }
      listener.progress("checking " + request.data());
      check.read(DataFile.DATA, request.data(), (file, row) -> {});
      return check.report();
    }
  }

  /** Holds the training rows' answers against rules. */
  public static GoalReport goal(Goal goal, Request request, RunListener listener) {
    listener.progress("judging the answers of " + request.data());
    try (RowSource rows = RowReader.open(request.data())) {
      return GoalCheck.of(goal, rows, request.rows());
    }
  }

  /** A check for a model. */
  static DataCheck of(BaseModel base, Request request) {
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS);
    return new DataCheck(
        Examples.encoder(base, request.lossOn()),
        new ModelFacts(base.tokenizer(), base.stopIds(), pad(base)),
        new DataCheck.Settings(request.maxLength(), request.allowed(), threads, request.rows()));
  }

  private static OptionalInt pad(BaseModel base) {
    String text = base.specialTexts().get("pad_token");
    if (text != null) {
      return base.tokenizer().idOf(text);
    }
    OptionalInt id = base.files().gguf().isEmpty() ? OptionalInt.empty() : ofGguf(base);
    return id.isPresent() && id.getAsInt() < base.tokenizer().vocabSize()
        ? id
        : OptionalInt.empty();
  }

  private static OptionalInt ofGguf(BaseModel base) {
    return base.files().gguf().orElseThrow().keyValues().integer("tokenizer.ggml.padding_token_id");
  }
}
