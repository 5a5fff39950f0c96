package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code graft ledger} on what {@code graft train} leaves. */
class LedgerCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private String ledger(Path path) {
    assertThat(run("ledger", path.toString())).as(err.toString()).isZero();
    return out.toString();
  }

  @Test
  void ledger_ofARun_isThatOfItsFolders() throws IOException {
    Path data = TrainProcess.conversations(folder.resolve("train.jsonl"), 6, 1);
    Path run = folder.resolve("run");
    String[] train = {
      "train",
      "--model",
      TrainProcess.model("llama-tied").toString(),
      "--data",
      data.toString(),
      "--output",
      run.toString(),
      "--max-steps",
      "2",
      "--batch-size",
      "2",
      "--max-length",
      "64",
      "--rank",
      "4",
      "--precision",
      "fp32",
      "--quiet"
    };
    assertThat(run(train)).as(err.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("(?m)^cost [0-9.]+e[0-9]+ FLOP, .*; see graft ledger$");
    String text = ledger(run);
    assertThat(text)
        .contains("1  not known", "2  sft (lora)", "total known")
        .contains("from " + TrainProcess.model("llama-tied") + ", builds on 1")
        .contains("2 steps, 4 examples");
    assertThat(ledger(run.resolve("adapter"))).isEqualTo(text);
    assertThat(ledger(run.resolve("ledger.json"))).isEqualTo(text);
    assertThat(ledger(run.resolve("checkpoints/step-00000002.safetensors")))
        .contains("2 steps, 4 examples");

    assertThat(run("ledger", "--json", run.toString())).isZero();
    JsonNode json = new JsonMapper().readTree(out.toString());
    JsonNode summary = new JsonMapper().readTree(Files.readString(run.resolve("summary.json")));
    assertThat(json.at("/entries/1/tokens").longValue())
        .isEqualTo(json.at("/total/tokens").longValue())
        .isEqualTo(summary.at("/tokens").longValue());
    assertThat(json.at("/total/flops").doubleValue()).isEqualTo(summary.at("/flops").doubleValue());
    assertThat(json.at("/total/complete").booleanValue()).isFalse();

    Path adapter = run.resolve("adapter/adapter_model.safetensors");
    assertThat(run("ledger", adapter.toString())).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString())
        .isEqualTo(
            "error: %s: carries no ledger; of an adapter or a model, name the folder%n"
                .formatted(adapter));
  }
}
