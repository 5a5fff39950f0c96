package dev.graft.engine.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A run that is gone on with must not depend on what was compiled when. */
class KernelReproducibilityTest {
  /** In a process of its own, with the module from the start. */
  private static String elsewhere(String mode) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                mode,
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KernelDigest.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String text = new String(process.getInputStream().readAllBytes()).strip();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(text).isNotEmpty();
      return text;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void kernels_interpretedAndCompiled_giveTheSameBits() throws Exception {
    assertThat(dev.graft.engine.Kernels.path()).isEqualTo("vector"); // resolves the module
    String first = KernelDigest.compute();
    WarmUp.run(true);
    for (int i = 0; i < 50; i++) {
      assertThat(KernelDigest.compute()).as("call %d", i).isEqualTo(first);
    }
    assertThat(elsewhere("-Xint")).isEqualTo(first);
  }

  @Test
  void kernels_quickCompiler_givesTheSameBits() throws Exception {
    assertThat(dev.graft.engine.Kernels.path()).isEqualTo("vector");
    assertThat(elsewhere("-XX:TieredStopAtLevel=1")).isEqualTo(KernelDigest.compute());
  }
}
