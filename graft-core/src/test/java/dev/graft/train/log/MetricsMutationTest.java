package dev.graft.train.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.testing.MutationRun;
import dev.graft.testing.Mutations;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged logs are taken up where they are whole, or refused. */
class MetricsMutationTest {
  private static final String LOG =
      """
      {"kind":"start","model":"a","threads":2}
      {"step":1,"loss":2.5,"tokens":100,"lr":0.001}
      {"step":2,"loss":null,"tokens":200,"lr":0.002}
      {"step":2,"kind":"evaluation","loss":1.25,"low":1.0,"high":[1.5,2]}
      {"step":3,"loss":2.25,"tokens":1e2,"text":"\\u00fc \\ud83d\\ude00"}
      """;

  @TempDir Path folder;

  @Test
  void rewind_mutations_areTakenUpOrRefused() {
    byte[] seed = LOG.getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("metrics.jsonl");
    MutationRun.run(
        random -> Mutations.mutate(seed, random),
        input -> {
          Files.write(file, input);
          List<Map<String, Object>> rows =
              MetricsLog.rewind(
                  file, row -> !(row.get("step") instanceof Number at && at.longValue() > 2));
          try (MetricsLog log = MetricsLog.open(file)) {
            log.append(Map.of("step", 3, "loss", Double.NaN));
          }
          assertThat(MetricsLog.read(file)).hasSize(rows.size() + 1);
        });
  }
}
