package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code graft plan} from a configuration alone. */
class PlanCommandTest {
  private static final String LLAMA_8B =
      """
      {"model_type": "llama", "vocab_size": 128256, "hidden_size": 4096,
       "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32,
       "num_key_value_heads": 8, "max_position_embeddings": 131072, "rms_norm_eps": 1e-5,
       "rope_theta": 500000.0, "tie_word_embeddings": false}
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path config = Path.of("");

  @BeforeEach
  void write() throws IOException {
    config = Files.writeString(folder.resolve("config.json"), LLAMA_8B);
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of("plan", "--model", config.toString(), "--quiet"));
    all.addAll(List.of(arguments));
    return Main.run(
        all.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
  }

  @Test
  void plan_configOfALargeModel_hasATableOfEveryWay() {
    int code =
        run("--probe", "0", "--device", "H100", "--price", "2.5", "--memory", "80GB", "--fit");
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("8,030,261,248 parameters", "pre-training", "continued pre-training")
        .contains("full fine-tuning", "LoRA r=16", "QLoRA r=16 *", "prompt tuning p=20 *")
        .contains("prefix tuning p=20 *", "prompting", "a prediction: Graft has no such method")
        .contains("Hoffmann et al. 2022", "Besiroglu et al. 2024", "LoRA rank: ", "price")
        .contains("fit in 80.0 GB", "nothing fits", "--micro-batch-size ");
  }

  @Test
  void plan_json_hasTheNumbers() {
    int code = run("--probe", "0", "--device", "H100", "--json", "--tokens", "2M", "--rank", "1");
    assertThat(code).as(err.toString()).isZero();
    JsonNode plan = new JsonMapper().readTree(out.toString());
    assertThat(plan.at("/model/parameters").longValue()).isEqualTo(8_030_261_248L);
    assertThat(plan.at("/data/tokens").longValue()).isEqualTo(2_000_000);
    JsonNode lora = row(plan, "lora");
    assertThat(lora.at("/trainable").longValue()).isEqualTo(851_968 + 1_769_472);
    assertThat(lora.at("/prediction").booleanValue()).isFalse();
    assertThat(lora.at("/costs/0/seconds").doubleValue()).isPositive();
    assertThat(lora.at("/costs/0/price").isNull()).isTrue();
    assertThat(row(plan, "qlora").at("/prediction").booleanValue()).isTrue();
    // About 6 operations a parameter and token, without the embedding and with attention.
    assertThat(row(plan, "full").at("/flops/total").doubleValue() / (2e6 * 8.03e9))
        .isBetween(5.5, 6.5);
  }

  private static JsonNode row(JsonNode plan, String method) {
    for (JsonNode row : plan.path("rows")) {
      if (row.path("method").asString().equals(method)) {
        return row;
      }
    }
    throw new AssertionError(method);
  }

  @Test
  void plan_explain_showsFormulas() {
    assertThat(run("--probe", "0", "--device", "H100", "--explain")).isZero();
    assertThat(out.toString())
        .contains("trainable = r · Σ (in + out)", "arXiv 2106.09685", "gradients: 4 bytes")
        .contains("L(N, D) = 1.69 + 406/N^0.33917084");
  }

  @Test
  void plan_parallelAndSharded_needLessOnEach() {
    String[] one = {"--probe", "0", "--device", "H100", "--json"};
    assertThat(run(one)).isZero();
    JsonNode alone = row(new JsonMapper().readTree(out.toString()), "full");
    assertThat(
            run(
                "--probe",
                "0",
                "--device",
                "H100",
                "--json",
                "--parallel",
                "8",
                "--sharding",
                "weights"))
        .isZero();
    JsonNode eight = row(new JsonMapper().readTree(out.toString()), "full");
    assertThat(eight.at("/memory/optimizer").longValue())
        .isEqualTo(alone.at("/memory/optimizer").longValue() / 8);
    assertThat(eight.at("/costs/0/seconds").doubleValue() * 8)
        .isEqualTo(alone.at("/costs/0/seconds").doubleValue());
  }

  @ParameterizedTest
  @CsvSource({
    "--memory, lots, --memory: ",
    "--device, H1000, --device: ",
    "--price, H200=3, --price: ",
    "--tokens, -5, --tokens: ",
    "--target-modules, nothing_proj, --target-modules: ",
    "--rank, 0, rank",
    "--budget, 1e99, --budget: ",
    "--learnt-share, 2, --learnt-share: ",
    "--max-length, 2, max-length",
    "--parallel, 0, --parallel: ",
  })
  void plan_badInput_isOneLine(String flag, String value, String expected) {
    assertThat(run("--probe", "0", "--device", "H100", flag, value)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).contains(expected).hasLineCount(1);
  }

  @Test
  void plan_badConfig_isOneLine() throws IOException {
    Files.writeString(config, LLAMA_8B.replace("4096", "4095"));
    assertThat(run("--probe", "0")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).contains("config.json").hasLineCount(1);
    config = folder.resolve("none.json");
    assertThat(run("--probe", "0")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).hasLineCount(1);
  }
}
