package dev.graft.run;

import dev.graft.Graft;
import dev.graft.InputException;
import dev.graft.compare.CellResult;
import dev.graft.compare.Comparison;
import dev.graft.compare.ComparisonJson;
import dev.graft.config.TrainOption;
import dev.graft.config.TrainOptions;
import dev.graft.data.arrange.Subsets;
import dev.graft.engine.DType;
import dev.graft.engine.Engine;
import dev.graft.engine.Kernels;
import dev.graft.engine.Scope;
import dev.graft.goal.Goal;
import dev.graft.io.AtomicFile;
import dev.graft.ledger.Ledger;
import dev.graft.ledger.LedgerFile;
import dev.graft.ledger.Processor;
import dev.graft.ledger.Units;
import dev.graft.model.Decoder;
import dev.graft.report.ReportPage;
import dev.graft.train.log.DataHash;
import dev.graft.train.log.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One run of {@code graft compare}: strategies on one task, cell by cell. What can be wrong is
 * found before the first is begun; what is done stays done, whatever happens later.
 */
public final class CompareRun {
  private static final List<String> MODEL_FILES =
      List.of(
          "config.json",
          "generation_config.json",
          "tokenizer_config.json",
          "chat_template.jinja",
          "chat_template.json");

  private final CompareRequest request;
  private final BooleanSupplier stop;
  private final RunListener listener;

  /** A run; {@code stop} becomes true when it should save and end. */
  public CompareRun(CompareRequest request, BooleanSupplier stop, RunListener listener) {
    this.request = request;
    this.stop = stop;
    this.listener = listener;
  }

  /**
   * What came of it.
   *
   * @param comparison empty where it was stopped before all cells were done
   * @param done cells that this call has done
   * @param found cells that were done before
   */
  public record Outcome(Optional<Comparison> comparison, int done, int found) {}

  /** Compares; returns once everything is written. */
  public Outcome run() throws IOException {
    CompareFiles.check(request.files());
    Optional<Goal> goal = request.files().goal().map(Goal::read);
    if (request.threads() > 0) {
      Engine.setThreads(request.threads());
    }
    Engine.begin();
    if (CompareCells.isBfloat(request)) {
      Kernels.warmUpForGeneration();
    }
    listener.progress("reading the model's files");
    try (BaseModel base = BaseModel.open(request.model(), listener::download);
        Scope scope = Scope.open();
        RunLock lock = RunLock.take(request.files().output())) {
      return run(base, goal);
    }
  }

  private Outcome run(BaseModel base, Optional<Goal> goal) throws IOException {
    listener.progress("reading the data");
    CompareFiles files = CompareFiles.prepare(request.files(), listener);
    Subsets subsets = Subsets.read(files.train(), request.files().rows());
    CompareCells.check(request, subsets.rows());
    checkData(base, files);
    CompareTask task = CompareTask.load(base, files, request.files().rows(), listener);
    CompareCells cells = new CompareCells(request, files, task, subsets, modelHash(base));
    List<CompareCells.Planned> planned = cells.plan();
    CellRun runs = new CellRun(request, task, goal, stop);
    List<Optional<CellResult>> found = new ArrayList<>();
    for (CompareCells.Planned cell : planned) {
      found.add(runs.done(cell));
    }
    int there = (int) found.stream().filter(Optional::isPresent).count();
    if (there > 0) {
      listener.note(there + " of " + planned.size() + " cells are done already");
    }
    int done = 0;
    Progress progress = new Progress(runs, planned, found);
    for (int i = 0; i < planned.size(); i++) {
      if (found.get(i).isEmpty()) {
        Optional<CellResult> result =
            stop.getAsBoolean() ? Optional.empty() : runs.run(planned.get(i), progress.at(i));
        if (result.isEmpty()) {
          listener.note(
              "stopped at cell "
                  + (i + 1)
                  + " of "
                  + planned.size()
                  + "; the same command goes on from there");
          return new Outcome(Optional.empty(), done, there);
        }
        found.set(i, result);
        done++;
      }
    }
    List<CellResult> results = found.stream().map(Optional::orElseThrow).toList();
    Comparison comparison = comparison(files, task, subsets.rows(), results);
    write(comparison);
    return new Outcome(Optional.of(comparison), done, there);
  }

  /** Looks for mistakes in the data, as training does; once, not in every cell. */
  private void checkData(BaseModel base, CompareFiles files) {
    if (request.grid().strategies().stream().noneMatch(strategy -> strategy.trains())) {
      return;
    }
    int context = base.spec().maxPositions();
    if (request.training().maxLength() > context) {
      listener.note(
          "--max-length "
              + request.training().maxLength()
              + " is more than the model's context of "
              + context);
    }
    TrainOptions.Builder options =
        TrainOptions.builder()
            .set(TrainOption.MODEL, Path.of(request.model()))
            .set(TrainOption.DATA, files.train())
            .set(TrainOption.VALID, files.valid())
            .set(TrainOption.MAX_LENGTH, (long) request.training().maxLength())
            .set(TrainOption.DATA_CHECK, request.training().dataCheck());
    CompareCells.setRows(options, request);
    TrainingData.load(base, options.build(), listener);
  }

  /** Of the weights, and of every file that says how they are used. */
  private String modelHash(BaseModel base) throws IOException {
    Map<String, Object> parts = new LinkedHashMap<>();
    listener.progress("loading the weights");
    try (Decoder model = base.load(CompareCells.isBfloat(request) ? DType.BF16 : DType.F32)) {
      parts.put("weights", model.fingerprint());
    }
    parts.put("tokenizer", CompareCells.sha256(base.tokenizerJson()));
    for (String name : MODEL_FILES) {
      Path file = base.files().root().resolve(name);
      if (Files.isRegularFile(file)) {
        parts.put(name, DataHash.sha256(file));
      }
    }
    return CompareCells.sha256(parts.toString());
  }

  private Comparison comparison(
      CompareFiles files, CompareTask task, int trainRows, List<CellResult> cells) {
    List<CellResult> sorted = new ArrayList<>(cells);
    sorted.sort(
        Comparator.<CellResult>comparingInt(
                result -> request.grid().strategies().indexOf(result.cell().strategy()))
            .thenComparingInt(result -> result.cell().size())
            .thenComparingInt(result -> request.grid().seeds().indexOf(result.cell().seed())));
    return new Comparison(
        new Comparison.Setting(Graft.version(), Instant.now(), Processor.name(), Engine.threads()),
        new Comparison.Model(task.base().name(), task.base().spec().parameterCount()),
        new Comparison.Task(
            request.files().train(),
            files.valid(),
            files.test(),
            trainRows,
            task.test().size(),
            request.files().goal()),
        settings(trainRows),
        request.grid().strategies(),
        sorted,
        shown(task),
        lineage(task.base()));
  }

  private Map<String, Object> settings(int trainRows) {
    CompareRequest.Training training = request.training();
    List<Integer> sizes = request.grid().sizes();
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("equal", training.equal().name().toLowerCase(Locale.ROOT));
    settings.put("epochs", training.epochs());
    settings.put("seeds", request.grid().seeds());
    settings.put("sizes", sizes.isEmpty() ? List.of(trainRows) : sizes);
    settings.put("batch_size", training.batchSize());
    settings.put("max_length", training.maxLength());
    settings.put("max_new_tokens", request.answering().maxNewTokens());
    settings.put("precision", request.precision().name().toLowerCase(Locale.ROOT));
    training.budget().ifPresent(budget -> settings.put("budget_flops", budget));
    training.reference().ifPresent(strategy -> settings.put("reference", strategy.id()));
    return settings;
  }

  /** Spread evenly over the test file. */
  private List<Comparison.Shown> shown(CompareTask task) {
    int total = task.test().size();
    int count = Math.min(total, request.answering().shown());
    List<Comparison.Shown> shown = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int index = (int) ((long) i * total / count);
      CompareTask.TestRow row = task.test().get(index);
      shown.add(new Comparison.Shown(index, row.prompt(), row.reference()));
    }
    return shown;
  }

  private Optional<Ledger> lineage(BaseModel base) {
    if (base.files().gguf().isPresent()) {
      return Optional.empty();
    }
    try {
      return LedgerFile.in(base.files().root()).filter(ledger -> !ledger.runs().isEmpty());
    } catch (InputException e) {
      listener.note(e.getMessage() + "; what the model took counts as not known");
      return Optional.empty();
    }
  }

  private void write(Comparison comparison) {
    Path folder = request.files().output();
    String json = ComparisonJson.write(comparison);
    write(folder.resolve(CompareFiles.RESULT), json);
    write(folder.resolve(CompareFiles.REPORT), ReportPage.html(json));
  }

  private static void write(Path file, String text) {
    try {
      AtomicFile.writeString(file, text);
    } catch (IOException e) {
      throw InputException.unwritable(file, e);
    }
  }

  /** Says which cell it is at, and how long the others may take. */
  private final class Progress {
    private final CellRun runs;
    private final List<CompareCells.Planned> planned;
    private final List<Optional<CellResult>> found;
    private final long began = System.nanoTime();
    private double made;
    private boolean toldShortened;

    Progress(CellRun runs, List<CompareCells.Planned> planned, List<Optional<CellResult>> found) {
      this.runs = runs;
      this.planned = planned;
      this.found = found;
    }

    /** The listener of a cell; it is asked for when the one before is done. */
    RunListener at(int index) {
      String where =
          "cell "
              + (index + 1)
              + "/"
              + planned.size()
              + " "
              + planned.get(index).cell().label()
              + left(index)
              + ": ";
      made += runs.work(planned.get(index));
      boolean prompts = planned.get(index).training().isEmpty();
      return new RunListener() {
        @Override
        public void progress(String text) {
          listener.progress(where + text);
        }

        @Override
        public void note(String text) {
          // Of training they would come again with every cell.
          if (prompts && !toldShortened) {
            toldShortened = true;
            listener.note(text);
          }
        }
      };
    }

    private String left(int index) {
      if (made == 0) {
        return "";
      }
      double rest = 0;
      for (int i = index; i < planned.size(); i++) {
        rest += found.get(i).isEmpty() ? runs.work(planned.get(i)) : 0;
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      return ", about " + Units.time(seconds * rest / made) + " left";
    }
  }
}
