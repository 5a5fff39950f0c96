package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.LossOn;
import dev.graft.data.RowOptions;
import dev.graft.data.check.CheckCode;
import dev.graft.data.check.CheckReport;
import dev.graft.data.check.DataFile;
import dev.graft.data.check.Finding;
import dev.graft.data.check.Place;
import dev.graft.data.check.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data check on real data with the tokenizer and the template of a real model. */
class DataCheckRunTest {
  private static final Path SHARED = Path.of("..", "..", "shared");
  private static final Path MODEL = SHARED.resolve("models/smollm2-135m-instruct");
  private static final Path DATA = SHARED.resolve("data/package-summaries");

  @TempDir private Path folder;
  private List<String> train;

  @BeforeEach
  void read() throws IOException {
    assumeTrue(Files.isDirectory(MODEL) && Files.isDirectory(DATA), "no shared data here");
    train = Files.readAllLines(DATA.resolve("train.jsonl"));
  }

  private static CheckReport check(Path data) {
    return DataCheckRun.run(
        new DataCheckRun.Request(
            MODEL.toString(),
            data,
            Optional.of(DATA.resolve("valid.jsonl")),
            2048,
            LossOn.COMPLETION,
            Set.of(),
            RowOptions.DEFAULT),
        RunListener.SILENT);
  }

  @Test
  void packageSummaries_asTheyAre_haveNoErrors() {
    CheckReport report = check(DATA.resolve("train.jsonl"));
    assertThat(report.findings(Severity.ERROR)).isEmpty();
    assertThat(report.findings(Severity.NOTE))
        .extracting(Finding::code)
        .containsExactly(CheckCode.PAD_IS_END_OF_TURN);
    assertThat(report.rows()).containsEntry(DataFile.DATA, 2000L);
    assertThat(report.rows()).containsEntry(DataFile.VALID, 200L);
  }

  @Test
  void packageSummaries_withPlantedMistakes_areFoundWhereTheyStand() throws IOException {
    String answer = "\"role\": \"assistant\", \"content\": \"";
    train.set(2, train.get(2).replace(answer, answer + "<|im_end|>"));
    train.set(9, train.get(9).replaceFirst("(?<=" + answer + ")[^\"]*", ""));
    train.set(19, Files.readAllLines(DATA.resolve("valid.jsonl")).get(6));
    CheckReport report = check(Files.write(folder.resolve("train.jsonl"), train));
    assertThat(report.findings(Severity.ERROR))
        .extracting(Finding::code)
        .containsExactly(
            CheckCode.EMPTY_CONTENT, CheckCode.SPECIAL_TOKEN, CheckCode.VALID_IN_TRAIN);
    assertThat(report.findings(Severity.ERROR).stream().flatMap(f -> f.places().stream()))
        .containsExactly(
            new Place(DataFile.DATA, 10),
            new Place(DataFile.DATA, 3),
            new Place(DataFile.VALID, 7));
  }
}
