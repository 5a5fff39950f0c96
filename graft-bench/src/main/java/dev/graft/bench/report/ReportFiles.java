package dev.graft.bench.report;

import dev.graft.InputException;
import dev.graft.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes a report as {@code NAME.md} and {@code NAME.json}. */
public final class ReportFiles {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ReportFiles() {}

  /** Writes both, each aside first. */
  public static void write(Path folder, String name, String markdown, Map<String, ?> json) {
    write(folder.resolve(name + ".json"), JSON.writeValueAsString(json) + "\n");
    write(folder.resolve(name + ".md"), markdown);
  }

  private static void write(Path file, String text) {
    try {
      AtomicFile.writeString(file, text);
    } catch (IOException e) {
      throw InputException.unwritable(file, e);
    }
  }
}
