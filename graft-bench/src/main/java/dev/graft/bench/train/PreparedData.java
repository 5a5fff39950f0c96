package dev.graft.bench.train;

import dev.graft.InputException;
import dev.graft.data.ChatFormat;
import dev.graft.data.EpochOrder;
import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.data.LossOn;
import dev.graft.data.Row;
import dev.graft.data.RowEncoder;
import dev.graft.data.RowReader;
import dev.graft.hub.Progress;
import dev.graft.io.AtomicFile;
import dev.graft.run.BaseModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows, so that all sides see the same ones in the same order.
 *
 * <p>Rows that {@code --max-length} would cut are left out, for libraries cut in different ways.
 * Graft shuffles by its own rule; the peers get the rows in the order that this gives and take them
 * as they come.
 *
 * @param rows for Graft
 * @param inOrder the same for the peers, in the order in which Graft takes them
 * @param tokens number of tokens of each step
 * @param learnt number of learnt tokens of each step
 */
public record PreparedData(Path rows, Path inOrder, List<Integer> tokens, List<Integer> learnt) {

  /** Writes both files to {@code folder}. */
  static PreparedData prepare(TrainSettings settings, Path folder) throws IOException {
    List<String> kept = new ArrayList<>();
    List<Example> examples = new ArrayList<>();
    try (BaseModel base = open(settings.model())) {
      ExampleSource source = source(base, Integer.MAX_VALUE);
      List<Row> rows = RowReader.read(settings.data());
      String[] lines = Files.readString(settings.data()).split("\n", -1);
      for (Row row : rows) {
        Example example = source.encode(settings.data(), row);
        if (example.tokens().tokens() <= settings.maxLength()) {
          kept.add(lines[Math.toIntExact(row.line() - 1)]);
          examples.add(example);
        }
      }
    }
    int needed = settings.steps() * settings.batch();
    if (kept.size() < needed) {
      throw InputException.in(
          settings.data(),
          kept.size()
              + " rows fit --max-length, but "
              + settings.steps()
              + " steps need "
              + needed
              + "; take fewer --steps or a smaller --batch-size");
    }
    int[] order =
        new EpochOrder(kept.size(), settings.seed()).batch(EpochOrder.Cursor.START, kept.size());
    Path rows = folder.resolve("rows.jsonl");
    Path inOrder = folder.resolve("rows-in-order.jsonl");
    AtomicFile.writeString(rows, text(kept));
    AtomicFile.writeString(inOrder, text(inOrder(kept, order)));
    return of(rows, inOrder, inOrder(examples, order), settings);
  }

  /** The examples of a model's rows as {@code graft train} makes them. */
  public static ExampleSource source(BaseModel base, int maxLength) {
    RowEncoder.SpecialTokens special = new RowEncoder.SpecialTokens(base.bosId(), base.eosId());
    var chat =
        base.template()
            .map(template -> new ChatFormat(template, base.tokenizer().specialTokens().keySet()));
    return new ExampleSource(
        new RowEncoder(base.tokenizer(), chat, special, LossOn.COMPLETION), maxLength);
  }

  /** Opens a model on disk. */
  public static BaseModel open(Path model) {
    if (!Files.exists(model)) {
      throw InputException.in(model, "there is no such model folder or file");
    }
    return BaseModel.open(model.toString(), Progress.NONE);
  }

  private static PreparedData of(
      Path rows, Path inOrder, List<Example> examples, TrainSettings settings) {
    List<Integer> tokens = new ArrayList<>();
    List<Integer> learnt = new ArrayList<>();
    for (int step = 0; step < settings.steps(); step++) {
      List<Example> batch =
          examples.subList(step * settings.batch(), (step + 1) * settings.batch());
      tokens.add(batch.stream().mapToInt(e -> e.tokens().tokens()).sum());
      learnt.add(batch.stream().mapToInt(e -> e.tokens().learntTokens()).sum());
    }
    return new PreparedData(rows, inOrder, tokens, learnt);
  }

  private static <T> List<T> inOrder(List<T> things, int[] order) {
    List<T> ordered = new ArrayList<>();
    for (int index : order) {
      ordered.add(things.get(index));
    }
    return ordered;
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }
}
