package dev.graft.run;

import dev.graft.adapter.PeftAdapter;
import dev.graft.data.PromptRow;
import dev.graft.data.RawRow;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import dev.graft.data.RowSource;
import dev.graft.engine.DType;
import dev.graft.engine.Engine;
import dev.graft.engine.Kernels;
import dev.graft.engine.Scope;
import dev.graft.generate.Generator;
import dev.graft.generate.SamplingOptions;
import dev.graft.model.Decoder;
import dev.graft.text.StreamDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One run of {@code graft generate --data}: answers to the rows of a file, many at a time. */
public final class GenerateRowsRun {
  /**
   * What to generate.
   *
   * @param base as for one prompt, whose prompt is not looked at; the seed is that of the first row
   *     and grows by one from row to row
   * @param data file or folder
   * @param rows how its rows are understood
   * @param batch most prompts at a time
   */
  public record Request(GenerateRun.Request base, Path data, RowOptions rows, int batch) {}

  /**
   * The answer to a row.
   *
   * @param index of the row, from 0
   * @param line of its file
   */
  public record Answer(
      int index, long line, String text, int promptTokens, int tokens, Generator.Reason reason) {}

  private GenerateRowsRun() {}

  /** A row ready to be answered. */
  private record Prepared(long line, Generator.Prompt prompt) {}

  /**
   * Generates; every row is checked before the first is answered.
   *
   * @param stop ends the run early: what is not finished then has no answer
   * @param sink gets the answers in the rows' order
   */
  public static void run(
      Request request, RunListener listener, BooleanSupplier stop, Consumer<Answer> sink) {
    GenerateRun.Request base = request.base();
    if (base.threads() > 0) {
      Engine.setThreads(base.threads());
    }
    if (base.dtype() == DType.BF16) {
      Kernels.warmUpForGeneration();
    }
    try (BaseModel opened = BaseModel.open(base.model(), listener::download);
        Scope scope = Scope.open()) {
      List<Prepared> rows = prepare(opened, request);
      listener.progress("loading the weights");
      try (Decoder model = opened.load(base.dtype())) {
        base.adapter()
            .ifPresent(folder -> PeftAdapter.load(folder, model, PeftAdapter.Use.INFERENCE));
        Ordered ordered = new Ordered(opened, rows, listener, sink);
        Iterator<Generator.Prompt> prompts = new Prompts(rows.iterator(), stop);
        new Generator(model, opened.stopIds())
            .generate(prompts, request.batch(), ordered.until(stop));
        ordered.finish();
      }
    }
  }

  private static List<Prepared> prepare(BaseModel base, Request request) {
    List<Prepared> all = new ArrayList<>();
    int context = base.spec().maxPositions();
    try (RowSource source = RowReader.open(request.data())) {
      for (RawRow raw = source.next(); raw != null; raw = source.next()) {
        PromptRow row = PromptRow.of(raw, request.rows());
        int[] ids = GenerateRun.prompt(base, row, request.base());
        if (ids.length == 0) {
          throw row.wrong("the prompt is empty");
        }
        if (ids.length >= context) {
          throw row.wrong(
              "the prompt has " + ids.length + " tokens, the model's context only " + context);
        }
        SamplingOptions sampling = request.base().sampling().withSeedPlus(all.size());
        all.add(
            new Prepared(row.line(), new Generator.Prompt(ids, request.base().limit(), sampling)));
      }
    }
    if (all.isEmpty()) {
      throw dev.graft.InputException.in(request.data(), "holds no rows");
    }
    return all;
  }

  /** No more prompts once the run is to stop. */
  private record Prompts(Iterator<Prepared> rows, BooleanSupplier stop)
      implements Iterator<Generator.Prompt> {
    @Override
    public boolean hasNext() {
      return !stop.getAsBoolean() && rows.hasNext();
    }

    @Override
    public Generator.Prompt next() {
      if (!rows.hasNext()) {
        throw new NoSuchElementException();
      }
      return rows.next().prompt();
    }
  }

  /** Passes answers on in the rows' order, whichever ends first. */
  private static final class Ordered {
    private final BaseModel base;
    private final List<Prepared> rows;
    private final RunListener listener;
    private final Consumer<Answer> sink;
    private final TreeMap<Integer, Answer> waiting = new TreeMap<>();
    private int passed;
    private int done;

    Ordered(BaseModel base, List<Prepared> rows, RunListener listener, Consumer<Answer> sink) {
      this.base = base;
      this.rows = rows;
      this.listener = listener;
      this.sink = sink;
    }

    Generator.Listener until(BooleanSupplier stop) {
      return new Generator.Listener() {
        @Override
        public boolean token(int prompt, int id) {
          return !stop.getAsBoolean();
        }

        @Override
        public void done(int prompt, Generator.Result result) {
          take(prompt, result);
        }
      };
    }

    private void take(int index, Generator.Result result) {
      if (result.reason() == Generator.Reason.STOPPED) {
        return;
      }
      listener.progress("answered " + ++done + " of " + rows.size());
      waiting.put(index, answer(index, result));
      for (Answer next = waiting.remove(passed); next != null; next = waiting.remove(passed)) {
        sink.accept(next);
        passed++;
      }
    }

    private Answer answer(int index, Generator.Result result) {
      StreamDecoder decoder = base.tokenizer().streamDecoder(true);
      StringBuilder text = new StringBuilder();
      result.ids().forEach(id -> text.append(decoder.next(id)));
      text.append(decoder.finish());
      Prepared row = rows.get(index);
      return new Answer(
          index,
          row.line(),
          text.toString(),
          row.prompt().ids().length,
          result.ids().size(),
          result.reason());
    }

    /** After an early end, also those that came before an unfinished one's place. */
    void finish() {
      waiting.values().forEach(sink);
      waiting.clear();
    }
  }

  /** A system message for rows that have none. */
  static Optional<String> missingSystem(PromptRow row, Optional<String> system) {
    return "system".equals(row.messages().getFirst().get("role")) ? Optional.empty() : system;
  }
}
