package dev.graft.bench.process;

import dev.graft.InputException;
import dev.graft.bench.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Runs one side of a measurement in a process of its own, and ends it when this process ends. */
public final class ChildProcess {
  private static final long POLL_MILLIS = 20;
  private static final long PATIENCE_SECONDS = 5;
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  /**
   * Settings of glibc's allocator that every side gets: else it gives large buffers back to the
   * system at every step, which can triple the time of one.
   */
  private static final Map<String, String> ALLOCATOR =
      Map.of(
          "MALLOC_MMAP_THRESHOLD_", "4294967296",
          "MALLOC_TRIM_THRESHOLD_", "17179869184",
          "MALLOC_TOP_PAD_", "268435456");

  private static volatile boolean ending;

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              ending = true;
              RUNNING.forEach(ChildProcess::end);
            }));
  }

  private ChildProcess() {}

  /**
   * What came of a process that ended well.
   *
   * @param seconds from its start to its end
   * @param peakBytes resident memory of it and its children; empty where it is not known
   */
  public record Ran(double seconds, OptionalLong peakBytes) {}

  /**
   * Runs a command; what it prints goes to {@code log}.
   *
   * @param name what messages call it
   * @throws BenchException when it fails, with the last line that it printed
   */
  public static Ran run(String name, List<String> command, Path log) throws IOException {
    return run(name, command, log, Map.of());
  }

  /** As the other method, with further settings in the environment. */
  public static Ran run(
      String name, List<String> command, Path log, Map<String, String> environment)
      throws IOException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(ALLOCATOR);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(nothing()));
    long began = System.nanoTime();
    Process process = start(name, builder);
    RUNNING.add(process);
    try {
      ResidentMemory memory = new ResidentMemory();
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        memory.poll(process.toHandle());
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      if (ending) {
        throw new BenchException("interrupted while " + name + " ran");
      }
      if (process.exitValue() != 0) {
        throw new BenchException(
            name
                + " failed with exit code "
                + process.exitValue()
                + ": "
                + lastLine(log)
                + " (all it printed is in "
                + log
                + ")");
      }
      return new Ran(seconds, memory.mostBytes());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted");
    } finally {
      end(process);
      RUNNING.remove(process);
    }
  }

  /** The command that runs a class of this program in another JVM. */
  public static List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Launcher.find().options());
    command.addAll(List.of("-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.graft.bench.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static java.io.File nothing() {
    return new java.io.File(
        System.getProperty("os.name", "").startsWith("Windows") ? "NUL" : "/dev/null");
  }

  private static Process start(String name, ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new InputException(
          name + ": cannot be started: " + builder.command().getFirst() + ": " + e.getMessage(), e);
    }
  }

  private static String lastLine(Path log) throws IOException {
    String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "it printed nothing" : text.substring(text.lastIndexOf('\n') + 1);
  }

  /** Asks a process and all below it to end, and makes them end if they don't. */
  private static void end(Process process) {
    boolean interrupted = Thread.interrupted(); // else there would be no waiting
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.removeIf(handle -> !handle.isAlive());
    all.forEach(ProcessHandle::destroy);
    interrupted |= await(all);
    all.forEach(ProcessHandle::destroyForcibly);
    interrupted |= await(all);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits a few seconds for the end of all; returns whether it was interrupted. */
  private static boolean await(List<ProcessHandle> all) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (all.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < until) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        return true;
      }
    }
    return false;
  }
}
