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
import dev.graft.io.OutputPath;
import dev.graft.model.Decoder;
import java.io.IOException;
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
  public static LossReport run(Request request, RunListener listener, BooleanSupplier stop) {
    for (Optional<Path> target : List.of(request.perExample(), request.dumpTokens())) {
      target.ifPresent(file -> OutputPath.checkFile(file, List.of(request.data())));
    }
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
      Examples.note(request.data(), loaded, listener);
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

  private static void writeRows(Path file, List<ExampleLoss> losses) {
    StringBuilder text = new StringBuilder();
    for (ExampleLoss loss : losses) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("index", loss.index());
      row.put("loss", loss.loss());
      row.put("tokens", loss.tokens());
      text.append(JSON.writeValueAsString(row)).append('\n');
    }
    write(file, text.toString());
  }

  private static void dumpTokens(Path file, List<Example> examples) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Example example : examples) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("ids", example.tokens().ids());
      row.put("learn", example.tokens().learnt());
      rows.add(row);
    }
    write(file, JSON.writeValueAsString(rows) + "\n");
  }

  private static void write(Path file, String text) {
    try {
      AtomicFile.writeString(file, text);
    } catch (IOException e) {
      throw InputException.unwritable(file, e);
    }
  }
}
