package dev.graft.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** {@code graft train} on a tiny model as a process of its own, which tests can kill. */
final class TrainProcess implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> WORDS =
      List.of("sun", "moon", "tree", "rain", "red", "cat", "dog", "sees", "likes", "old", "sea");
  private static final long LONGEST_SECONDS = 100;

  private final Process process;
  private final Path errors;

  private TrainProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  /** How a process ended. */
  record Result(int code, String errors) {
    String error() {
      return errors
          .lines()
          .filter(line -> line.startsWith("error: ") || line.startsWith("internal error: "))
          .reduce((a, b) -> a + "\n" + b)
          .orElse("");
    }
  }

  /** The tiny model; the tests run in the folder of their module. */
  static Path model(String name) {
    return Path.of("..", "golden", "models", name).toAbsolutePath().normalize();
  }

  /** Writes rows of short conversations about different things, the same for the same seed. */
  static Path conversations(Path file, int rows, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder();
    Set<String> asked = new HashSet<>();
    while (asked.size() < rows) {
      String prompt = words(random);
      if (!asked.add(prompt)) {
        continue;
      }
      List<Map<String, String>> messages =
          List.of(
              Map.of("role", "user", "content", prompt),
              Map.of("role", "assistant", "content", words(random)));
      text.append(JSON.writeValueAsString(Map.of("messages", messages))).append('\n');
    }
    return Files.writeString(file, text);
  }

  private static String words(SplittableRandom random) {
    List<String> words = new ArrayList<>();
    for (int i = random.nextInt(2, 6); i > 0; i--) {
      words.add(WORDS.get(random.nextInt(WORDS.size())));
    }
    return String.join(" ", words);
  }

  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A start that is quick and a run that is short: what the optimizing compiler costs never pays.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    command.addAll(List.of("-Xshare:auto", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.add("train");
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs {@code graft train} in this process, which costs no start. */
  static Result inside(String... arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream notes = new ByteArrayOutputStream();
    StringWriter errors = new StringWriter();
    List<String> all = new ArrayList<>(List.of("train"));
    all.addAll(List.of(arguments));
    System.setErr(new PrintStream(notes, true, StandardCharsets.UTF_8));
    try {
      int code =
          Main.run(
              all.toArray(String[]::new),
              new PrintWriter(new StringWriter()),
              new PrintWriter(errors));
      return new Result(code, notes.toString(StandardCharsets.UTF_8) + errors);
    } finally {
      System.setErr(before);
    }
  }

  /** Starts a command; what it says goes to a file of the folder. */
  static TrainProcess start(Path folder, List<String> command) {
    try {
      Path errors = Files.createTempFile(folder, "errors", ".txt");
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(errors.toFile())
              .start();
      return new TrainProcess(process, errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a command and waits for its end. */
  static Result run(Path folder, List<String> command) {
    try (TrainProcess process = start(folder, command)) {
      return process.await();
    }
  }

  Result await() {
    try {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("does not end; so far it said: " + Files.readString(errors));
      }
      return new Result(process.exitValue(), Files.readString(errors));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Returns when the condition holds or the process has ended. */
  void waitUntil(BooleanSupplier condition) {
    try {
      while (process.isAlive() && !condition.getAsBoolean()) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGKILL; true when it hit a process that was still running. */
  boolean kill() {
    process.destroyForcibly();
    return await().code() == 137;
  }

  /** What Ctrl-C sends. */
  void interrupt() throws IOException {
    new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Rows of a run's metrics without what differs from run to run, which is time alone. */
  static List<Map<String, Object>> metrics(Path run) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      Map<String, Object> row = json(line);
      row.remove("seconds");
      row.remove("tokens_per_second");
      rows.add(row);
    }
    return rows;
  }

  static Map<String, Object> json(String text) {
    return JSON.readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  static Map<String, Object> summary(Path run) throws IOException {
    return json(Files.readString(run.resolve("summary.json")));
  }

  static String weights(Path run) throws IOException {
    byte[] bytes = Files.readAllBytes(run.resolve("adapter").resolve("adapter_model.safetensors"));
    return HexFormat.of().formatHex(bytes);
  }

  /** Number of complete rows so far. */
  static long rows(Path run) {
    try {
      return Files.readString(run.resolve("metrics.jsonl")).chars().filter(c -> c == '\n').count();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Names and contents of everything in a folder but the lock, to see whether anything changed. */
  static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new LinkedHashMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = folder.relativize(file).toString();
        if (!name.equals(".lock")) {
          contents.put(name, HexFormat.of().formatHex(Files.readAllBytes(file)));
        }
      }
    }
    return contents;
  }

  /** Files that were being written when a process ended. */
  static List<Path> leftovers(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".tmp")).toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // it is not there, or a file went while it was looked for
    }
  }
}
