package dev.graft.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that want the same model share one download. */
class HubProcessesTest {
  /** The other process: resolves with the environment it is given. */
  public static final class Main {
    public static void main(String[] args) {
      Hub.resolve(FakeHub.REPO, HubConfig.fromEnvironment(System.getenv()), Progress.NONE);
    }
  }

  @Test
  void resolve_twoProcesses_fetchTheWeightsOnce(@TempDir Path cache)
      throws IOException, InterruptedException {
    try (var hub = new FakeHub()) {
      hub.files.put("config.json", new byte[] {'{', '}'});
      hub.files.put("model.safetensors", new byte[300_000]);
      hub.bend =
          request -> {
            if (request.cdn()) {
              pause();
            }
            return null;
          };
      var processes = new ArrayList<Process>();
      for (int i = 0; i < 2; i++) {
        processes.add(start(hub, cache));
      }
      for (Process process : processes) {
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
      }
      assertThat(hub.requests).filteredOn(FakeHub.Request::cdn).hasSize(1);
      assertThat(hub.count("GET", "/api/models/")).isEqualTo(2);
      assertThat(
              cache.resolve(
                  "models--acme--tiny/snapshots/" + FakeHub.COMMIT + "/model.safetensors"))
          .hasBinaryContent(new byte[300_000]);
    }
  }

  /** Long enough for the other process to come as far. */
  private static void pause() {
    try {
      Thread.sleep(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Process start(FakeHub hub, Path cache) throws IOException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    builder.environment().putAll(Map.of("HF_ENDPOINT", hub.endpoint().toString()));
    builder.environment().put("HF_HUB_CACHE", cache.toString());
    return builder.redirectErrorStream(true).start();
  }
}
