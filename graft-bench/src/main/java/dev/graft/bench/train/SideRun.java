package dev.graft.bench.train;

import dev.graft.InputException;
import dev.graft.bench.BenchException;
import dev.graft.bench.report.Statistics;
import dev.graft.train.log.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One run of one side, from the two files that it left: {@code metrics.jsonl} with a row a step
 * (tokens, seconds, loss) and {@code summary.json} ({@code seconds_to_first_step}, {@code
 * peak_rss_bytes}, and versions under keys that end in {@code _version}).
 *
 * @param steps all of them, in order
 * @param secondsToFirstStep from the start of the process to the end of its first optimizer step
 * @param peakBytes most resident memory; empty where the system does not tell
 * @param versions of what the side is made of
 */
record SideRun(
    List<Step> steps,
    double secondsToFirstStep,
    OptionalLong peakBytes,
    Map<String, String> versions) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String VERSION = "_version";

  /**
   * One optimizer step.
   *
   * @param tokens that went through the model, without padding
   */
  record Step(long tokens, double seconds, double loss) {
    double tokensPerSecond() {
      return tokens / seconds;
    }
  }

  /** Tokens a second over the steps after the first {@code settled}; max is the best step. */
  Statistics speed(int settled) {
    return Statistics.of(
        steps.subList(settled, steps.size()).stream().map(Step::tokensPerSecond).toList());
  }

  /** Median seconds of a step after the first {@code settled}. */
  double stepSeconds(int settled) {
    return Statistics.of(steps.subList(settled, steps.size()).stream().map(Step::seconds).toList())
        .median();
  }

  /**
   * Reads what a run left in its folder.
   *
   * @param measured resident memory as it was seen from outside
   * @throws BenchException where a file is missing or lacks what it must have
   */
  static SideRun read(String name, Path folder, OptionalLong measured) throws IOException {
    JsonNode summary = summary(name, folder.resolve("summary.json"));
    List<Step> steps = steps(name, folder.resolve("metrics.jsonl"));
    JsonNode first = summary.path("seconds_to_first_step");
    if (!first.isNumber()) {
      throw new BenchException(name + ": its summary.json has no seconds_to_first_step");
    }
    long own = summary.path("peak_rss_bytes").asLong(0);
    long most = Math.max(own, measured.orElse(0));
    Map<String, String> versions = new TreeMap<>();
    summary
        .properties()
        .forEach(entry -> {
          if (entry.getKey().endsWith(VERSION)) {
            String key = entry.getKey();
            versions.put(
                key.substring(0, key.length() - VERSION.length()), entry.getValue().asString());
          }
        });
    return new SideRun(
        steps,
        first.doubleValue(),
        most > 0 ? OptionalLong.of(most) : OptionalLong.empty(),
        versions);
  }

  private static JsonNode summary(String name, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new BenchException(name + " wrote no " + file);
    }
    try {
      return JSON.readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new BenchException(name + ": " + file + " is no JSON");
    }
  }

  private static List<Step> steps(String name, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new BenchException(name + " wrote no " + file);
    }
    List<Step> steps = new ArrayList<>();
    try {
      for (Map<String, Object> row : MetricsLog.read(file)) {
        if (row.get("seconds") instanceof Number seconds
            && row.get("tokens") instanceof Number tokens
            && row.get("loss") instanceof Number loss
            && seconds.doubleValue() > 0) {
          steps.add(new Step(tokens.longValue(), seconds.doubleValue(), loss.doubleValue()));
        } else {
          throw new BenchException(name + ": a row of " + file + " is not that of a step: " + row);
        }
      }
    } catch (InputException e) {
      throw new BenchException(name + ": " + e.getMessage());
    }
    return steps;
  }
}
