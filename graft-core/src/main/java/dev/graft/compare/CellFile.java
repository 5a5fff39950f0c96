package dev.graft.compare;

import dev.graft.InputException;
import dev.graft.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code cell.json}: a cell that is done, with all that the comparison needs of it. It is written
 * last, and whole or not at all.
 */
public final class CellFile {
  private static final String NAME = "cell.json";
  private static final String TRAINING = "training.json";
  private static final int VERSION = 1;
  private static final JsonMapper JSON = new JsonMapper();

  private CellFile() {}

  /** Where it is in the folder of a cell. */
  public static Path in(Path folder) {
    return folder.resolve(NAME);
  }

  /** Writes a cell that is done. */
  public static void write(Path folder, CellResult result) {
    write(result, in(folder));
  }

  /** Writes the training of a cell, of which nothing is measured yet, beside what it made. */
  public static void writeTraining(Path run, CellResult training) {
    write(training, run.resolve(TRAINING));
  }

  private static void write(CellResult result, Path file) {
    try {
      AtomicFile.writeString(file, JSON.writeValueAsString(tree(result)) + "\n");
    } catch (IOException e) {
      throw InputException.unwritable(file, e);
    }
  }

  private static Map<String, @Nullable Object> tree(CellResult result) {
    OptionalDouble rate = result.learningRate();
    Scores scores = result.scores();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("cell", VERSION);
    json.put("strategy", result.cell().strategy().id());
    json.put("size", result.cell().size());
    json.put("seed", result.cell().seed());
    json.put("trainable_parameters", result.trained());
    json.put("learning_rate", rate.isPresent() ? rate.getAsDouble() : null);
    json.put("cost", ComparisonJson.cost(result.cost()));
    json.put("curve", ComparisonJson.curve(result));
    json.put("loss", scores.loss());
    json.put("tokens", scores.tokens());
    json.put("rouge_l", scores.rougeL());
    json.put("exact", scores.exact());
    json.put("rules", scores.rules());
    json.put("length", scores.length());
    json.put("answers", result.texts());
    return json;
  }

  /**
   * Reads a cell that is done.
   *
   * @param place names of its folder and of its training's within the comparison's
   * @param examples number of test examples
   * @return empty where it is not done, or the file is none that this version wrote
   */
  public static Optional<CellResult> read(Path folder, Cell cell, Place place, int examples) {
    return readFile(in(folder), cell, place, examples);
  }

  /** Reads the training of a cell; empty where it is not done. */
  public static Optional<CellResult> readTraining(Path run, Cell cell, Place place) {
    return readFile(run.resolve(TRAINING), cell, place, 0);
  }

  /** Names of a cell's folder and of its training's, which is empty where nothing is trained. */
  public record Place(String folder, String run) {}

  private static Optional<CellResult> readFile(Path file, Cell cell, Place place, int examples) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      CellResult result = parse(json, cell, place);
      return isWhole(json, result, examples) ? Optional.of(result) : Optional.empty();
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  private static boolean isWhole(JsonNode json, CellResult result, int examples) {
    Scores scores = result.scores();
    int rules = scores.rules().length;
    return json.path("cell").asInt(0) == VERSION
        && json.path("strategy").asString("").equals(result.cell().strategy().id())
        && scores.loss().length == examples
        && scores.tokens().length == examples
        && scores.rougeL().length == examples
        && scores.exact().length == examples
        && scores.length().length == examples
        && (rules == 0 || rules == examples)
        && result.texts().size() == examples;
  }

  private static CellResult parse(JsonNode json, Cell cell, Place place) {
    List<CellResult.Point> curve = new ArrayList<>();
    for (JsonNode point : json.path("curve")) {
      curve.add(new CellResult.Point(point.path("step").asLong(0), point.path("loss").asDouble(0)));
    }
    List<String> texts = new ArrayList<>();
    json.path("answers").forEach(text -> texts.add(text.asString("")));
    JsonNode rate = json.path("learning_rate");
    return new CellResult(
        cell,
        place.folder(),
        place.run(),
        json.path("trainable_parameters").asLong(0),
        rate.isNumber() ? OptionalDouble.of(rate.doubleValue()) : OptionalDouble.empty(),
        cost(json.path("cost")),
        curve,
        new Scores(
            numbers(json.path("loss")),
            java.util.Arrays.stream(numbers(json.path("tokens"))).mapToInt(n -> (int) n).toArray(),
            numbers(json.path("rouge_l")),
            numbers(json.path("exact")),
            numbers(json.path("rules")),
            numbers(json.path("length"))),
        texts);
  }

  private static CellCost cost(JsonNode json) {
    return new CellCost(
        number(json, "flops"),
        number(json, "seconds"),
        number(json, "memory_bytes"),
        number(json, "energy_joules"),
        json.path("energy_source").asString("none"),
        number(json, "result_bytes"),
        number(json, "steps"),
        number(json, "tokens"),
        number(json, "answer_flops"));
  }

  private static double number(JsonNode json, String key) {
    return json.path(key).asDouble(Double.NaN);
  }

  private static double[] numbers(JsonNode json) {
    double[] numbers = new double[json.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = json.path(i).asDouble(Double.NaN);
    }
    return numbers;
  }
}
