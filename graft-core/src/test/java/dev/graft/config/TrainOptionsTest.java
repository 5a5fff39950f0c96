package dev.graft.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.adapter.TargetModules;
import dev.graft.train.LearningRateSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainOptionsTest {
  @TempDir private Path folder;

  @Test
  void build_onlyRequired_hasDefaults() {
    TrainOptions options = required().build();
    assertThat(options.method()).isEqualTo(Method.LORA);
    assertThat(options.rank()).isEqualTo(16);
    assertThat(options.alpha()).isEqualTo(32);
    assertThat(options.dropout()).isZero();
    assertThat(options.targetModules()).isEqualTo(new TargetModules.AllLinear());
    assertThat(options.maxGradNorm()).hasValue(1.0);
    assertThat(options.batchSize()).isEqualTo(8);
    assertThat(options.maxLength()).isEqualTo(2048);
    assertThat(options.precision()).isEqualTo(Precision.BF16);
    assertThat(options.schedule()).isEqualTo(LearningRateSchedule.Shape.COSINE);
    assertThat(options.lossOn()).isEqualTo(LossOn.COMPLETION);
    assertThat(options.valid()).isEmpty();
    assertThat(options.lora().rank()).isEqualTo(16);
    assertThat(options.isGiven(TrainOption.RANK)).isFalse();
  }

  @Test
  void builder_flagAfterFile_wins() throws IOException {
    Path file = yaml("model: m\ndata: d\nrank: 8\nalpha: 4\n");
    TrainOptions options = TrainOptions.builder().file(file).flag(TrainOption.RANK, "32").build();
    assertThat(options.rank()).isEqualTo(32);
    assertThat(options.alpha()).isEqualTo(4);
    assertThat(options.batchSize()).isEqualTo(8);
  }

  @Test
  void steps_epochsAndMaxSteps() {
    assertThat(required().build().steps(80)).isEqualTo(10);
    assertThat(required().build().steps(81)).isEqualTo(11);
    assertThat(required().flag(TrainOption.EPOCHS, "0.5").build().steps(80)).isEqualTo(5);
    assertThat(required().flag(TrainOption.MAX_STEPS, "3").build().steps(80)).isEqualTo(3);
    assertThat(required().build().steps(0)).isEqualTo(1);
  }

  @Test
  void warmupSteps_fractionOrNumber() {
    assertThat(required().build().warmupSteps(1000)).isEqualTo(30);
    assertThat(required().flag(TrainOption.WARMUP, "5").build().warmupSteps(1000)).isEqualTo(5);
    assertThat(required().flag(TrainOption.WARMUP, "5").build().warmupSteps(3)).isEqualTo(3);
    assertThat(required().flag(TrainOption.WARMUP, "0").build().warmupSteps(3)).isZero();
  }

  @Test
  void evalEvery_automatic_isAboutTenTimesARun() {
    TrainOptions options = required().build();
    assertThat(options.evalEvery(100)).isEqualTo(10);
    assertThat(options.evalEvery(5)).isEqualTo(1);
    assertThat(options.saveEvery(100)).isEqualTo(10);
    TrainOptions given = valid().flag(TrainOption.EVAL_EVERY, "7").build();
    assertThat(given.evalEvery(100)).isEqualTo(7);
    assertThat(given.saveEvery(100)).isEqualTo(7);
  }

  @Test
  void flag_structuredValues_areRead() {
    TrainOptions options =
        required()
            .flag(TrainOption.TARGET_MODULES, "q_proj,v_proj")
            .flag(TrainOption.RANK_PATTERN, "q_proj=8, down_proj=64")
            .flag(TrainOption.ALPHA_PATTERN, "")
            .build();
    assertThat(options.targetModules())
        .isEqualTo(new TargetModules.Named(List.of("q_proj", "v_proj")));
    assertThat(options.rankPattern()).isEqualTo(Map.of("q_proj", 8, "down_proj", 64));
    assertThat(options.alphaPattern()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "rank; 0; --rank: must be a whole number from 1 to 65536, not '0'",
        "rank; 1.5; --rank: must be a whole number from 1 to 65536, not '1.5'",
        "rank; 99999999999999999999; --rank: must be a whole number from 1 to 65536, not"
            + " '99999999999999999999'",
        "dropout; 1; --dropout: must be a number of at least 0 and below 1, not '1'",
        "dropout; NaN; --dropout: must be a number of at least 0 and below 1, not 'NaN'",
        "learning-rate; 0; --learning-rate: must be auto or a number above 0 and at most 10, not"
            + " '0'",
        "learning-rate; 1e999; --learning-rate: must be auto or a number above 0 and at most 10,"
            + " not '1e999'",
        "schedule; cosin; --schedule: must be one of constant, linear, cosine, not 'cosin'",
        "precision; fp16; --precision: must be bf16 or fp32, not 'fp16'",
        "packing; yes; --packing: must be true or false, not 'yes'",
        "rank-pattern; q_proj; --rank-pattern: must be module names with a whole number from 1 to"
            + " 65536 each, not 'q_proj'",
        "rank-pattern; q_proj=0; --rank-pattern: for 'q_proj' must be a whole number from 1 to"
            + " 65536, not '0'",
        "rank-pattern; (=1; --rank-pattern: has the key '(', which is no module name",
        "target-modules; ((; '--target-modules: must be all-linear, a list of module names, or a"
            + " regular expression, not ''(('''",
      })
  void flag_notAllowed_namesKeyValueAndWhatIs(String key, String value, String message) {
    Option<?> option = TrainOption.find(key).orElseThrow();
    assertThatThrownBy(() -> required().flag(option, value))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void build_missingOrContradicting_isRefused() {
    refused(TrainOptions.builder(), "model is missing: give --model PATH or a YAML file");
    refused(
        required().flag(TrainOption.RESUME, "true").flag(TrainOption.OVERWRITE, "true"),
        "resume and overwrite exclude each other");
    refused(required().flag(TrainOption.MICRO_BATCH_SIZE, "9"), "micro-batch-size is larger");
    refused(
        required().flag(TrainOption.METHOD, "full").flag(TrainOption.RANK, "8"),
        "rank needs method lora, and method is full");
    refused(required().flag(TrainOption.PATIENCE, "2"), "patience needs held-out examples");
    assertThat(required().flag(TrainOption.PATIENCE, "0").build().patience()).isZero();
    assertThat(valid().flag(TrainOption.PATIENCE, "2").build().patience()).isEqualTo(2);
  }

  private static void refused(TrainOptions.Builder builder, String message) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(message);
  }

  private Path yaml(String text) throws IOException {
    return Files.writeString(folder.resolve("run.yaml"), text);
  }

  private static TrainOptions.Builder required() {
    return TrainOptions.builder()
        .set(TrainOption.MODEL, Path.of("m"))
        .set(TrainOption.DATA, Path.of("d"));
  }

  private static TrainOptions.Builder valid() {
    return required().set(TrainOption.VALID, Path.of("v"));
  }
}
