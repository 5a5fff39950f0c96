package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.ledger.LedgerFile;
import dev.graft.ledger.Spent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed again and again ends as if nothing had happened. */
@DisabledOnOs(OS.WINDOWS) // which tells no killed process from one that failed
class TrainKillTest {
  private static final int KILLS = 20;
  private static final int STEPS = 30;
  private static final int EVERY = 5;
  private static final long SEED = 2026;

  /** Half of the kills are at any time, for what nobody thought of. */
  private static final List<Moment> MOMENTS =
      List.of(
          Moment.ANY_TIME,
          Moment.TRAINING,
          Moment.WRITING,
          Moment.ANY_TIME,
          Moment.ANY_TIME,
          Moment.TRAINING,
          Moment.ANY_TIME,
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
      Spent spent = spent(killed);
      assertThat(spent.data()).isEqualTo(spent(whole).data());
      assertThat(spent.flops()).isEqualTo(spent(whole).flops());
      assertThat(LedgerFile.read(killed.resolve("adapter"))).isEqualTo(LedgerFile.read(killed));
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
      Moment wanted = MOMENTS.get(total(kills) % MOMENTS.size());
      // All steps are done once the result was being saved.
      boolean later = wanted == Moment.ANY_TIME || wanted == Moment.SAVING || !isSaving(run);
      Moment moment = later ? wanted : Moment.ANY_TIME;
      FileTime saved = saved(run);
      try (TrainProcess process = TrainProcess.start(folder, command(run))) {
        switch (moment) {
          case ANY_TIME -> sleep(random.nextLong(duration));
          case TRAINING -> {
            process.waitUntil(hasMoreRows(run, random.nextLong(1, 8)));
            sleep(random.nextLong(30));
          }
          case WRITING -> {
            process.waitUntil(hasMoreRows(run, random.nextLong(4)));
            process.waitUntil(() -> !TrainProcess.leftovers(run).isEmpty());
          }
          case SAVING -> {
            process.waitUntil(() -> !saved(run).equals(saved));
            sleep(random.nextLong(4));
          }
        }
        if (!process.kill()) {
          assertThat(process.await().code()).as(process.await().errors()).isZero();
          return;
        }
        kills.merge(moment, 1, Integer::sum);
      }
    }
    TrainProcess.Result last = TrainProcess.run(folder, command(run));
    assertThat(last.code()).as(last.errors()).isZero();
  }

  /** What the run itself took. */
  private static Spent spent(Path run) {
    return LedgerFile.read(run).run().orElseThrow().spent();
  }

  private static BooleanSupplier hasMoreRows(Path run, long more) {
    long rows = TrainProcess.rows(run);
    return () -> TrainProcess.rows(run) >= rows + more || isSaving(run);
  }

  /** When the folder of the result last changed. */
  private static FileTime saved(Path run) {
    try {
      return Files.getLastModifiedTime(run.resolve("adapter"));
    } catch (IOException e) {
      return FileTime.fromMillis(0); // there is none yet
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
