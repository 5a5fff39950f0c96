package dev.graft.train;

import dev.graft.data.EpochOrder;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.testing.MutationRun;
import dev.graft.testing.Mutations;
import dev.graft.train.log.MetricsLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged and hostile files of a run that is to go on. */
class CheckpointMutationTest {
  @TempDir Path folder;

  @Test
  void checkpoint_mutations_areReadOrRefused() throws IOException {
    Path file = folder.resolve("step-00000001.safetensors");
    try (Scope scope = Scope.open()) {
      Checkpoint.Tensors tensors =
          new Checkpoint.Tensors(
              Tensor.of(new float[] {1, 2, 3}, 3),
              Tensor.zeros(DType.F32, Device.CPU, 3),
              Tensor.zeros(DType.F32, Device.CPU, 3));
      TrainState state = new TrainState(1, new EpochOrder.Cursor(0, 4), 99, 9, 0.5, 3.25, 1, 0, 1);
      Checkpoint.write(file, state, tensors, "identity");
      byte[] seed = Files.readAllBytes(file);
      MutationRun.run(
          random -> random.nextInt(10) == 0 ? seed.clone() : Mutations.mutate(seed, random),
          input -> {
            Files.write(file, input);
            Checkpoint.read(file, tensors, "identity");
          });
    }
  }

  @Test
  void metrics_mutations_areReadOrRefused() {
    byte[] seed =
        """
        {"step":1,"loss":4.1,"tokens":12,"learning_rate":1.0E-4}
        {"step":2,"loss":3.9,"tokens":15,"learning_rate":2.0E-4}
        {"step":2,"eval_loss":3.8,"best":true}
        {"step":3,"loss":3.7,"tokens":9,"learning_rate":3.0E-4}
        """
            .getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("metrics.jsonl");
    MutationRun.run(
        random -> Mutations.mutate(seed, random),
        input -> {
          Files.write(file, input);
          MetricsLog.rewind(file, row -> true);
        });
  }
}
