package dev.graft.bench.generate;

import dev.graft.bench.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a program measured of its own generation, in one process.
 *
 * @param batch number of prompts
 * @param promptTokens of each prompt
 * @param newTokens made for each prompt, whatever they are
 * @param promptSeconds to the first new token of every prompt
 * @param tokenSeconds from there to the last
 * @param peakBytes resident memory; 0 where it is not known
 * @param version of the program
 */
record Generated(
    int batch,
    int promptTokens,
    int newTokens,
    double promptSeconds,
    double tokenSeconds,
    long peakBytes,
    Map<String, String> version) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Prompt tokens a second. */
  double promptRate() {
    return (double) batch * promptTokens / promptSeconds;
  }

  /** New tokens a second, of all prompts together; the first ones belong to the prompt. */
  double tokenRate() {
    return batch * (newTokens - 1.0) / tokenSeconds;
  }

  String json() {
    return JSON.writeValueAsString(this) + "\n";
  }

  static Generated read(String name, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new BenchException(name + " wrote no " + file);
    }
    try {
      return JSON.readValue(Files.readString(file), Generated.class);
    } catch (JacksonException e) {
      throw new BenchException(name + ": " + file + " is not what it should have written");
    }
  }
}
