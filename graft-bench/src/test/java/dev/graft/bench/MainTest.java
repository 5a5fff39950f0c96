package dev.graft.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(args, new PrintWriter(out), new PrintWriter(err));
  }

  private void assertOneLine(String... parts) {
    assertThat(err.toString().strip()).startsWith("error: ").contains(parts).doesNotContain("\n");
  }

  @Test
  void run_noCommand_showsUsage() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("train").doesNotContain("products", "autograd-peer");
  }

  @Test
  void run_missingOption_isOneLine() {
    assertThat(run("train", "--model", "m")).isEqualTo(2);
    assertOneLine("--data", "bench train --help");
  }

  @Test
  void train_fewerStepsThanSettled_isOneLine() {
    assertThat(run("train", "--model=m", "--data=d", "--steps=3", "--settled=3")).isEqualTo(2);
    assertOneLine("--steps: 3 is less than 4");
  }

  @Test
  void train_noRounds_isOneLine() {
    assertThat(run("train", "--model=m", "--data=d", "--rounds=0")).isEqualTo(2);
    assertOneLine("--rounds: 0 is not a positive number");
  }

  @Test
  void train_unknownPrecision_isOneLine() {
    assertThat(run("train", "--model=m", "--data=d", "--precision=fp8")).isEqualTo(2);
    assertOneLine("'fp8' is neither bf16 nor fp32");
  }
}
