package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.InputException;
import dev.graft.config.Option;
import dev.graft.config.TrainOption;
import dev.graft.config.TrainOptions;
import dev.graft.evaluate.ExampleLoss;
import dev.graft.evaluate.LossReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.SequenceInputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<TrainRunner.Job> jobs = new ArrayList<>();
  private TrainRunner runner = jobs::add;

  @Test
  void version_prints() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("graft [0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?\\R");
  }

  @Test
  void trainHelp_listsEveryOption() {
    assertThat(run("train", "--help")).isZero();
    for (Option<?> option : TrainOption.all()) {
      assertThat(out.toString())
          .contains("--" + option.key())
          .contains(option.help().split(" ")[0]);
    }
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      value = {
        "# which command? (see graft --help)",
        "trian# unknown command 'trian'; did you mean 'train'? (see graft --help)",
        "train --rnak 3# unknown option '--rnak'; did you mean '--rank'? (see graft train --help)",
        "train --lr 3# unknown option '--lr'; did you mean '--learning-rate'? (see graft train"
            + " --help)",
        "train --hlep# unknown option '--hlep'; did you mean '--help'? (see graft train --help)",
        "train --zzzzzzzzzz# unknown option '--zzzzzzzzzz' (see graft train --help)",
        "train a b# unexpected argument 'b' (see graft train --help)",
        "train --rank# Missing required parameter for option '--rank' (N) (see graft train --help)",
        "train --rank=1 --rank 2# --rank: is given 2 times",
        "train --packing=maybe# Invalid value for option '--packing': 'maybe' is not a boolean"
            + " (see graft train --help)",
        "train --rank no# --rank: must be a whole number from 1 to 65536, not 'no'",
        "train --model m# data is missing: give --data PATH or a YAML file",
        "train --packing --no-packing# --packing: is given 2 times",
        "train missing.yaml# missing.yaml: no such file",
        "eval --model m --data d --max-length 0# --max-length: must be a whole number from 8 to"
            + " 1048576, not '0'",
        "eval --model m --data d --max-length -5# --max-length: must be a whole number from 8 to"
            + " 1048576, not '-5'",
        "eval --model m --data d --threads 100000# --threads: must be a whole number from 0 to"
            + " 4096, not '100000'",
        "eval --model m --data d --per-example .# .: is a folder; name a file to write",
        "eval --model m --data d --dump-tokens ..# ..: is a folder; name a file to write",
        "eval --model m --data d --data-map x# --data-map: must be names with what the examples call"
            + " them, as in prompt=question, or a YAML file of these, not 'x'",
        "eval --model m --data d --data-format chat# Invalid value for option '--data-format': 'chat'"
            + " is none of messages, sharegpt, alpaca, prompt-completion, text, preference, feedback"
            + " (see graft eval --help)",
        "ledger# Missing required parameter: 'PATH' (see graft ledger --help)",
        "ledger gone# gone: there is no such folder or file",
        "ledger src# src: has no ledger.json, so what it took is not known; name the folder of a run,"
            + " an adapter or a model, or a checkpoint",
        "data# which command? (see graft data --help)",
        "data convret# unknown command 'convret'; did you mean 'convert'? (see graft data --help)",
        "data convert a.jsonl# Missing required parameter: 'OUTPUT' (see graft data convert --help)",
        "data convert a.jsonl b.xyz# b.xyz: its name does not say what to write; known are .jsonl,"
            + " .json, .csv and .tsv, also with .gz or .zst, and .parquet",
        "data convert gone.jsonl b.csv# gone.jsonl: there is no such file",
        "data convert a b.csv --map text=x --map text=y# --map: maps 'text' twice",
        "generate --model= --prompt x# model: the name is empty; give a folder, a GGUF file or"
            + " owner/name",
        "train --model= --data d# --model: must be the path of a file or folder, not ''",
        "data check --model= --data d# model: the name is empty; give a folder, a GGUF file or"
            + " owner/name",
        "generate --model m --prompt x --threads -1# --threads: must be a whole number from 0 to"
            + " 4096, not '-1'",
      })
  void wrongUsage_isOneLineAndExitCode2(String line, String message) {
    String[] arguments = line == null ? new String[0] : line.split(" ");
    assertThat(run(arguments)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).isEqualTo("error: " + message + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
    assertThat(jobs).isEmpty();
  }

  @Test
  void dataCheckHelp_hasExampleAndExitCodes() {
    assertThat(run("data", "check", "--help")).isZero();
    assertThat(out.toString())
        .contains("Example: graft data check --model")
        .contains("Exit codes: 0 no errors");
  }

  @Test
  void trainHelp_switchesStandAlone() {
    assertThat(run("train", "--help")).isZero();
    assertThat(out.toString()).contains("--resume  ").doesNotContain("PARAM", "NONE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "generate", "eval"})
  void help_hasExample(String verb) {
    assertThat(run(verb, "--help")).isZero();
    assertThat(out.toString()).contains("Example: graft " + verb + " --model");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "--data rows.jsonl --batch 0 # --batch: 0 is not a positive number",
        "--data rows.jsonl --max-new-tokens 0 # --max-new-tokens: 0 is not a positive number",
        "--data rows.jsonl --prompt x # --prompt and --data: give one of them",
      })
  void generate_rowsWithBadFlags_isRefused(String flags, String message) {
    String[] all = ("generate --model m " + flags).split(" ");
    assertThat(run(all)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).isEqualTo("error: %s%n".formatted(message));
  }

  @Test
  void generate_standardInputOfOtherEncoding_isRefused() {
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(new byte[] {'a', (byte) 0xff}));
      assertThat(run("generate", "--model", "m")).isEqualTo(ExitCode.BAD_INPUT);
    } finally {
      System.setIn(before);
    }
    assertThat(err.toString()).isEqualTo("error: standard input: is not UTF-8 text%n".formatted());
  }

  @Test
  void generate_standardInputTooLong_isRefused() {
    InputStream before = System.in;
    try {
      System.setIn(new SequenceInputStream(new ByteArrayInputStream(new byte[1 << 24]), endless()));
      assertThat(run("generate", "--model", "m")).isEqualTo(ExitCode.BAD_INPUT);
    } finally {
      System.setIn(before);
    }
    assertThat(err.toString())
        .isEqualTo("error: standard input: is longer than 16777216 bytes%n".formatted());
  }

  private static InputStream endless() {
    return new InputStream() {
      @Override
      public int read() {
        return 'a';
      }
    };
  }

  @Test
  void output_thatCantBeWritten_isRefusedBeforeTheWork(@TempDir Path folder) throws IOException {
    String file = Files.writeString(folder.resolve("file"), "x").toString();
    String data = Files.writeString(folder.resolve("d.jsonl"), "{\"text\":\"a\"}\n").toString();
    for (String line :
        List.of(
            "eval --model m --data DATA --per-example FILE/x/o.jsonl",
            "eval --model m --data DATA --dump-tokens FILE/x/o.json",
            "data split DATA --output FILE/x",
            "data mix FILE/x/o.jsonl DATA=1",
            "data convert DATA FILE/x/o.jsonl",
            "data convert DATA FILE/x/o.parquet")) {
      err.getBuffer().setLength(0);
      assertThat(run(line.replace("FILE", file).replace("DATA", data).split(" ")))
          .as(line)
          .isEqualTo(ExitCode.BAD_INPUT);
      assertThat(err.toString())
          .matches(
              "error: \\Q%1$s\\E/x.*: cannot be written: \\Q%1$s\\E is a file, not a folder\\R"
                  .formatted(file));
    }
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("file", "d.jsonl");
  }

  @Test
  void output_thatIsRead_isRefused(@TempDir Path folder) throws IOException {
    String data = Files.writeString(folder.resolve("d.jsonl"), "{\"text\":\"a\"}\n").toString();
    for (String line :
        List.of(
            "eval --model m --data DATA --per-example DATA",
            "data mix DATA DATA=1 --overwrite",
            "data convert DATA DATA")) {
      err.getBuffer().setLength(0);
      assertThat(run(line.replace("DATA", data).split(" "))).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(err.toString()).contains("is what is read").hasLineCount(1);
    }
    assertThat(Path.of(data)).hasContent("{\"text\":\"a\"}");
  }

  @Test
  void eval_oneExample_saysThatThereIsNoInterval() {
    LossReport one = LossReport.of(List.of(new ExampleLoss(0, 2, 3)));
    assertThat(EvalCommand.toText(one))
        .contains("loss        2.0000  (no interval for one example alone)%n".formatted())
        .contains("perplexity  7.389  (no interval for one example alone)%n".formatted());
    LossReport two = LossReport.of(List.of(new ExampleLoss(0, 2, 3), new ExampleLoss(1, 1, 3)));
    assertThat(EvalCommand.toText(two)).contains("loss        1.5000  (95 % ");
  }

  @Test
  void failure_outOfMemoryOrStack_isOneLine() {
    for (Error error : List.of(new OutOfMemoryError("Java heap space"), new StackOverflowError())) {
      runner =
          job -> {
            throw error;
          };
      err.getBuffer().setLength(0);
      CommandLine line =
          GraftCommand.commandLine(
              new PrintWriter(out, true), new PrintWriter(err, true), 100, job -> runner.run(job));
      assertThat(Main.run(line, "train", "--model=m", "--data=d")).isEqualTo(ExitCode.FAILED);
      assertThat(err.toString().lines().toList()).hasSize(1).first().asString().startsWith("error");
    }
  }

  @Test
  void train_flagsOverFileOverDefaults(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("run.yaml");
    Files.writeString(file, "model: m\ndata: d\nrank: 8\nalpha: 4\npacking: false\nrslora: true\n");
    int code =
        run(
            "train",
            "--overwrite",
            file.toString(),
            "--rank",
            "2",
            "--packing",
            "--max-steps=60",
            "--no-rslora",
            "--json",
            "--quiet");
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    TrainOptions options = jobs.getFirst().options();
    assertThat(options.rank()).isEqualTo(2);
    assertThat(options.alpha()).isEqualTo(4);
    assertThat(options.microBatches().packing()).isTrue();
    assertThat(options.rslora()).isFalse();
    assertThat(options.overwrite()).isTrue();
    assertThat(options.steps(1000)).isEqualTo(60);
    assertThat(options.batchSize()).isEqualTo(8);
    assertThat(jobs.getFirst().json()).isTrue();
  }

  @Test
  void train_everyFlag_reachesItsOption() {
    for (Option<?> option : TrainOption.all()) {
      jobs.clear();
      String value =
          switch (option.key()) {
            case "objective" -> "supervised";
            case "shuffle-buffer" -> "4096";
            case "method" -> "lora";
            case "schedule" -> "linear";
            case "precision" -> "fp32";
            case "loss-on" -> "everything";
            case "rank-pattern", "alpha-pattern" -> "q_proj=8";
            case "data-format" -> "alpaca";
            case "data-map" -> "prompt=question,completion=answer";
            case "dropout" -> "0.5";
            case "max-length" -> "8";
            case "data-check" -> "warn";
            case "data-check-allow" -> "answer-cut";
            default -> option.type().isSwitch() ? "true" : "1";
          };
      List<String> line = new ArrayList<>(List.of("train", "--" + option.key() + "=" + value));
      switch (option.key()) {
        case "tokens" -> line.add("--objective=pretrain");
        case "finish" -> line.add("--resume");
        case "from-scratch" -> line.add("--method=full");
        case "shuffle-buffer", "scaled-init" ->
            line.addAll(List.of("--objective=pretrain", "--max-steps=1"));
        default -> {}
      }
      for (String required : List.of("model", "data", "valid")) {
        if (!option.key().equals(required)) {
          line.add("--" + required + "=x");
        }
      }
      assertThat(run(line.toArray(String[]::new))).as(option.key() + " " + err).isZero();
      assertThat(jobs.getFirst().options().isGiven(option)).as(option.key()).isTrue();
    }
  }

  @Test
  void train_jsonSchema_isPrinted() {
    assertThat(run("train", "--json-schema")).isZero();
    assertThat(out.toString()).startsWith("{").contains("\"rank-pattern\"");
  }

  @Test
  void failure_ofInput_isOneLineUnlessDebug() {
    runner =
        job -> {
          throw new InputException("d.jsonl:3: no\nJSON");
        };
    assertThat(run("train", "--model=m", "--data=d")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).isEqualTo("error: d.jsonl:3: no JSON" + System.lineSeparator());
    assertThat(run("--debug", "train", "--model=m", "--data=d")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).contains("\tat dev.graft");
  }

  @Test
  void failure_ofProgram_saysHowToGetTheTrace() {
    runner =
        job -> {
          throw new IllegalStateException("a\nb");
        };
    assertThat(run("train", "--model=m", "--data=d")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString())
        .isEqualTo(
            "internal error: IllegalStateException: a b (a fault of graft; run again with --debug"
                + " for the trace)"
                + System.lineSeparator());
    runner =
        job -> {
          throw new IOException("No space left on device");
        };
    assertThat(run("train", "--debug", "--model=m", "--data=d")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString())
        .contains("error: input or output failed: IOException: No space left on device")
        .contains("\tat dev.graft");
  }

  private int run(String... arguments) {
    return GraftCommand.commandLine(
            new PrintWriter(out, true), new PrintWriter(err, true), 100, job -> runner.run(job))
        .execute(arguments);
  }
}
