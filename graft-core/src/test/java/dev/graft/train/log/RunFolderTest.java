package dev.graft.train.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.config.OptionTexts;
import dev.graft.config.TrainOption;
import dev.graft.config.TrainOptions;
import dev.graft.train.log.RunFolder.Existing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir private Path folder;
  private Path run;

  @BeforeEach
  void path() {
    run = folder.resolve("runs").resolve("first");
  }

  @Test
  void create_newOrEmpty_makesIt() throws IOException {
    assertThat(RunFolder.create(run, Existing.REFUSE).path()).isEmptyDirectory();
    assertThat(RunFolder.create(run, Existing.REFUSE).path()).isEmptyDirectory();
    assertThat(RunFolder.create(run.resolve("x"), Existing.OVERWRITE).path()).isEmptyDirectory();
  }

  @Test
  void create_notEmpty_isRefused() throws IOException {
    Files.createDirectories(run);
    Files.writeString(run.resolve("thesis.txt"), "years of work");
    refused(Existing.REFUSE, "is not empty; choose another output");
    refused(Existing.OVERWRITE, "is not empty and holds no run");
    refused(Existing.RESUME, "is not empty and holds no run to resume");
    assertThat(run.resolve("thesis.txt")).hasContent("years of work");
    Files.writeString(run.resolve("metrics.jsonl"), "");
    refused(Existing.REFUSE, "is not empty; choose another output, or --resume that run");
  }

  @Test
  void create_overwrite_removesOnlyWhatARunWrote() throws IOException {
    RunFolder first = RunFolder.create(run, Existing.REFUSE);
    first.writeConfig(OptionTexts.yaml(options().build()));
    Files.createDirectories(first.checkpoints().resolve("step-1"));
    Files.writeString(first.checkpoints().resolve("step-1").resolve("state"), "x");
    Files.writeString(run.resolve("notes.txt"), "mine");
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("weights"), "keep");
    Files.createSymbolicLink(first.adapter(), elsewhere);
    RunFolder.create(run, Existing.OVERWRITE);
    assertThat(run.resolve("notes.txt")).hasContent("mine");
    assertThat(elsewhere.resolve("weights")).hasContent("keep");
    assertThat(first.checkpoints()).doesNotExist();
    assertThat(first.config()).doesNotExist();
    assertThat(Files.isSymbolicLink(first.adapter())).isFalse();
  }

  @Test
  void create_resume_keepsEverything() throws IOException {
    TrainOptions options = options().flag(TrainOption.RANK, "4").build();
    RunFolder.create(run, Existing.REFUSE).writeConfig(OptionTexts.yaml(options));
    RunFolder resumed = RunFolder.create(run, Existing.RESUME);
    assertThat(TrainOptions.builder().file(resumed.config()).build()).isEqualTo(options);
  }

  @Test
  void create_killedBeforeAnythingWasWritten_countsAsEmpty() throws IOException {
    for (Existing existing : Existing.values()) {
      Path folder = run.resolve(existing.name());
      assertThat(RunFolder.create(folder, existing).path()).isEmptyDirectory();
      RunLock.take(folder).close();
      Path aside = Files.writeString(folder.resolve(".config.yaml.1f2e.tmp"), "mod");
      RunFolder.check(folder, existing);
      assertThat(aside).exists();
      RunFolder.create(folder, existing);
      assertThat(aside).doesNotExist();
    }
  }

  @Test
  void create_resume_removesWhatWasWrittenAside() throws IOException {
    RunFolder first = RunFolder.create(run, Existing.REFUSE);
    first.writeConfig(OptionTexts.yaml(options().build()));
    Files.createDirectories(first.adapter());
    Path mine = Files.writeString(run.resolve(".notes.1f2e.tmp"), "mine");
    Path aside = Files.writeString(first.adapter().resolve(".adapter_config.json.ab.tmp"), "{");
    RunFolder.create(run, Existing.RESUME);
    assertThat(aside).doesNotExist();
    assertThat(mine).exists();
  }

  @Test
  void writeConfig_resumeAndOverwrite_areLeftOut() {
    RunFolder folder = RunFolder.create(run, Existing.REFUSE);
    folder.writeConfig(OptionTexts.yaml(options().set(TrainOption.RESUME, true).build().asBegun()));
    assertThat(TrainOptions.builder().file(folder.config()).build()).isEqualTo(options().build());
  }

  @Test
  void writeConfig_fullMethod_readsBack() {
    TrainOptions full = options().flag(TrainOption.METHOD, "full").build();
    RunFolder folder = RunFolder.create(run, Existing.REFUSE);
    folder.writeConfig(OptionTexts.yaml(full));
    assertThat(TrainOptions.builder().file(folder.config()).build()).isEqualTo(full);
  }

  @Test
  void take_twice_secondIsRefusedUntilFirstEnds() {
    try (RunLock first = RunLock.take(run)) {
      assertThatThrownBy(() -> RunLock.take(run))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith(run + ": another run is writing to it");
    }
    RunLock.take(run).close();
  }

  @Test
  void create_onFileOrBelowOne_isRefused() throws IOException {
    Files.createDirectories(folder.resolve("runs"));
    Files.writeString(run, "a file");
    for (Existing existing : Existing.values()) {
      assertThatThrownBy(() -> RunFolder.create(run, existing)).isInstanceOf(InputException.class);
    }
    assertThatThrownBy(() -> RunFolder.create(run.resolve("below"), Existing.REFUSE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be used as output folder");
    assertThat(run).hasContent("a file");
  }

  @Test
  void existing_options_sayWhatToDo() {
    assertThat(RunFolder.existing(false, false)).isEqualTo(Existing.REFUSE);
    assertThat(RunFolder.existing(true, false)).isEqualTo(Existing.RESUME);
    assertThat(RunFolder.existing(false, true)).isEqualTo(Existing.OVERWRITE);
  }

  @Test
  void writeSummary_notFinite_isNullInOrder() throws IOException {
    RunFolder folder = RunFolder.create(run, Existing.REFUSE);
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("z", 1);
    summary.put("a", Double.NaN);
    folder.writeSummary(summary);
    assertThat(Files.readString(folder.summary()).replaceAll("\\s", ""))
        .isEqualTo("{\"z\":1,\"a\":null}");
  }

  private void refused(Existing existing, String message) {
    assertThatThrownBy(() -> RunFolder.create(run, existing))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(run + ": " + message);
  }

  private static TrainOptions.Builder options() {
    return TrainOptions.builder()
        .set(TrainOption.MODEL, Path.of("m"))
        .set(TrainOption.DATA, Path.of("d"));
  }
}
