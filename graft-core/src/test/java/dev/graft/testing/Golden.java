package dev.graft.testing;

import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Tensor;
import dev.graft.format.StoredTensor;
import dev.graft.format.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The stored references in {@code golden/}. */
public final class Golden {
  private static final JsonMapper JSON = new JsonMapper();

  private Golden() {}

  /** A file or folder of {@code golden/}. */
  public static Path path(String name) {
    Path path = Path.of("..", "golden", name);
    if (!Files.exists(path)) {
      throw new AssertionError("there is no " + path.toAbsolutePath().normalize());
    }
    return path;
  }

  public static JsonNode json(String name) {
    return json(path(name));
  }

  public static JsonNode json(Path file) {
    return JSON.readTree(file.toFile());
  }

  /** A stored tensor as float32 (or int64), in the innermost open scope. */
  public static Tensor tensor(Weights weights, String name) {
    StoredTensor stored = weights.get(name);
    DType type = stored.dtype() == DType.I64 ? DType.I64 : DType.F32;
    Tensor tensor = Tensor.empty(type, Device.CPU, stored.shape());
    stored.copyTo(tensor.memory(), type);
    return tensor;
  }

  public static int[] ids(Tensor tensor) {
    return java.util.Arrays.stream(tensor.toLongs()).mapToInt(i -> (int) i).toArray();
  }

  public static int[] ids(JsonNode array) {
    int[] ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = array.get(i).intValue();
    }
    return ids;
  }
}
