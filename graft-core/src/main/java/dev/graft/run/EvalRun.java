package dev.graft.run;

import dev.graft.InputException;
import dev.graft.adapter.PeftAdapter;
import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.data.LossOn;
import dev.graft.data.RowOptions;
import dev.graft.engine.DType;
import dev.graft.engine.Engine;
import dev.graft.engine.Kernels;
import dev.graft.engine.Scope;
import dev.graft.evaluate.Evaluator;
import dev.graft.evaluate.ExampleLoss;
import dev.graft.evaluate.LossReport;
import dev.graft.io.AtomicFile;
import dev.graft.model.Decoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.json.JsonMapper;

/** One run of {@code graft eval}: losses of a file's examples, with or without an adapter. */
public final class EvalRun {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * What to evaluate.
   *
   * @param model folder, GGUF file or Hub name
   * @param adapter PEFT folder; empty for the base model alone
   * @param data file or folder
   * @param rows how its rows are understood
   * @param dtype compute type
   * @param perExample file for a row per example; empty for none
   * @param dumpTokens file for the token ids and masks; empty for none
   * @param threads 0 for one per core
   */
  public record Request(
      String model,
      Optional<Path> adapter,
      Path data,
      RowOptions rows,
      int maxLength,
      LossOn lossOn,
      DType dtype,
      Optional<Path> perExample,
      Optional<Path> dumpTokens,
      int threads) {}

  private EvalRun() {}

  /** Evaluates; {@code stop} ends it early with the examples done. */
  public static LossReport run(Request request, RunListener listener, BooleanSupplier stop)
      throws IOException {
    request.perExample().ifPresent(EvalRun::checkTarget);
    request.dumpTokens().ifPresent(EvalRun::checkTarget);
    if (request.threads() > 0) {
      Engine.setThreads(request.threads());
    }
    if (request.dtype() == DType.BF16) {
      Kernels.warmUp();
    }
    try (BaseModel base = BaseModel.open(request.model(), listener::download);
        Scope scope = Scope.open()) {
      ExampleSource.Loaded loaded =
          new ExampleSource(
                  Examples.encoder(base, request.lossOn()), request.maxLength(), request.rows())
              .load(request.data());
      if (loaded.cut() + loaded.dropped().size() > 0) {
        listener.note(
            loaded.cut()
                + " rows lose their end to --max-length, "
                + loaded.dropped().size()
                + " are left out");
      }
      if (request.dumpTokens().isPresent()) {
        dumpTokens(request.dumpTokens().get(), loaded.examples());
      }
      listener.progress("loading the weights");
      try (Decoder model = base.load(request.dtype())) {
        request
            .adapter()
            .ifPresent(folder -> PeftAdapter.load(folder, model, PeftAdapter.Use.INFERENCE));
        int total = loaded.examples().size();
        LossReport report =
            new Evaluator(model)
                .evaluate(
                    loaded.examples(),
                    done -> listener.progress("evaluated " + done + " of " + total),
                    stop);
        if (request.perExample().isPresent()) {
          writeRows(request.perExample().get(), report.examples());
        }
        return report;
      }
    }
  }

  /** Before the work, not after it. */
  private static void checkTarget(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      throw InputException.in(file, "is a folder; name a file to write");
    }
    if (parent != null && Files.exists(parent) && !Files.isDirectory(parent)) {
      throw InputException.in(file, "cannot be written: " + parent + " is no folder");
    }
  }

  private static void writeRows(Path file, List<ExampleLoss> losses) throws IOException {
    StringBuilder text = new StringBuilder();
    for (ExampleLoss loss : losses) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("index", loss.index());
      row.put("loss", loss.loss());
      row.put("tokens", loss.tokens());
      text.append(JSON.writeValueAsString(row)).append('\n');
    }
    AtomicFile.writeString(file, text.toString());
  }

  private static void dumpTokens(Path file, List<Example> examples) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Example example : examples) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("ids", example.tokens().ids());
      row.put("learn", example.tokens().learnt());
      rows.add(row);
    }
    AtomicFile.writeString(file, JSON.writeValueAsString(rows) + "\n");
  }
}
