package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed again and again ends as if nothing had happened. */
class TrainKillTest {
  private static final int KILLS = 20;
  private static final int STEPS = 30;
  private static final int EVERY = 5;
  private static final long SEED = 2026;

  /** How often each: half of the kills at any time, for what nobody thought of. */
  private static final List<Moment> MOMENTS =
      List.of(
          Moment.ANY_TIME,
          Moment.ANY_TIME,
          Moment.ANY_TIME,
          Moment.ANY_TIME,
          Moment.TRAINING,
          Moment.TRAINING,
          Moment.WRITING,
          Moment.SAVING);

  @TempDir private Path folder;

  /** Where in a run the process is killed. */
  private enum Moment {
    /** Anywhere from the start of the JVM on. */
    ANY_TIME,
    /** Between two rows of the metrics, in a step or an evaluation. */
    TRAINING,
    /** While a checkpoint or another file is written aside. */
    WRITING,
    /** Around the writing of the result. */
    SAVING
  }

  @Test
  void train_killedTwentyTimesAndResumed_endsBitIdentical() throws Exception {
    TrainProcess.conversations(folder.resolve("train.jsonl"), 50, 1);
    TrainProcess.conversations(folder.resolve("valid.jsonl"), 5, 2);
    Path whole = folder.resolve("whole");
    long began = System.nanoTime();
    assertThat(TrainProcess.run(folder, command(whole)).code()).isZero();
    long duration = (System.nanoTime() - began) / 1_000_000;
    SplittableRandom random = new SplittableRandom(SEED);
    Map<Moment, Integer> kills = new EnumMap<>(Moment.class);
    for (int run = 0; total(kills) < KILLS; run++) {
      Path killed = folder.resolve("killed-" + run);
      killUntilItEnds(killed, random, duration, kills);
      assertThat(TrainProcess.weights(killed)).isEqualTo(TrainProcess.weights(whole));
      assertThat(TrainProcess.metrics(killed)).isEqualTo(TrainProcess.metrics(whole));
      assertThat(TrainProcess.leftovers(killed)).isEmpty();
      assertThat(Files.readString(killed.resolve("config.yaml")))
          .isEqualTo(
              Files.readString(whole.resolve("config.yaml"))
                  .replace(whole.toString(), killed.toString()));
      assertThat(run).as("runs that end before they can be killed").isLessThan(10);
    }
    assertThat(kills).containsOnlyKeys(Moment.values());
    assertThat(TrainProcess.metrics(whole))
        .filteredOn(row -> row.containsKey("loss"))
        .extracting(row -> row.get("step"))
        .containsExactlyElementsOf(
            java.util.stream.IntStream.rangeClosed(1, STEPS).boxed().toList());
  }

  /** Repeats one command, with {@code --resume} from the first time on, until it ends by itself. */
  private void killUntilItEnds(
      Path run, SplittableRandom random, long duration, Map<Moment, Integer> kills) {
    while (total(kills) < KILLS) {
      Moment moment = MOMENTS.get(random.nextInt(MOMENTS.size()));
      try (TrainProcess process = TrainProcess.start(folder, command(run))) {
        waitFor(moment, process, run, random, duration);
        boolean killed = process.kill();
        if (!killed) {
          assertThat(process.await().code()).as(process.await().errors()).isZero();
          return;
        }
        kills.merge(moment, 1, Integer::sum);
      }
    }
    TrainProcess.Result last = TrainProcess.run(folder, command(run));
    assertThat(last.code()).as(last.errors()).isZero();
  }

  private static void waitFor(
      Moment wanted, TrainProcess process, Path run, SplittableRandom random, long duration) {
    long rows = TrainProcess.rows(run);
    // All steps are done once the result is being saved.
    Moment moment = isSaving(run) ? Moment.ANY_TIME : wanted;
    switch (moment) {
      case ANY_TIME -> sleep(random.nextLong(duration));
      case TRAINING -> {
        long more = random.nextLong(1, 8);
        process.waitUntil(() -> TrainProcess.rows(run) >= rows + more || isSaving(run));
        sleep(random.nextLong(30));
      }
      case WRITING -> {
        long more = random.nextLong(0, 4);
        process.waitUntil(() -> TrainProcess.rows(run) >= rows + more || isSaving(run));
        process.waitUntil(() -> !TrainProcess.leftovers(run).isEmpty());
      }
      case SAVING -> {
        process.waitUntil(() -> isSaving(run));
        sleep(random.nextLong(8));
      }
    }
  }

  private static boolean isSaving(Path run) {
    return Files.exists(run.resolve("adapter"));
  }

  private static void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int total(Map<Moment, Integer> kills) {
    return kills.values().stream().mapToInt(Integer::intValue).sum();
  }

  private List<String> command(Path run) {
    return TrainProcess.command(
        "--model",
        TrainProcess.model("llama-tied").toString(),
        "--data",
        folder.resolve("train.jsonl").toString(),
        "--valid",
        folder.resolve("valid.jsonl").toString(),
        "--output",
        run.toString(),
        "--max-steps",
        Integer.toString(STEPS),
        "--eval-every",
        Integer.toString(EVERY),
        "--save-every",
        "1",
        "--batch-size",
        "2",
        "--max-length",
        "64",
        "--rank",
        "4",
        "--dropout",
        "0.1",
        "--precision",
        "fp32",
        "--threads",
        "1",
        "--quiet",
        "--resume");
  }
}
