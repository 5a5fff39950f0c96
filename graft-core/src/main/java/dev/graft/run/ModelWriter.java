package dev.graft.run;

import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.format.SafetensorsWriter;
import dev.graft.io.AtomicFile;
import dev.graft.model.Parameters;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes a trained model as a Hugging Face folder. */
final class ModelWriter {
  private static final List<String> BESIDE =
      List.of(
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja",
          "generation_config.json");

  private static final JsonMapper JSON = new JsonMapper();

  private ModelWriter() {}

  /**
   * Writes weights, configuration and tokenizer; the configuration, which makes it a model, last.
   */
  static void write(Path folder, BaseModel base, Parameters parameters, DType dtype)
      throws IOException {
    Files.createDirectories(folder);
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    for (Parameters.Entry entry : parameters.entries()) {
      tensors.add(
          new SafetensorsWriter.Tensor(
              entry.name(), dtype, entry.shape(), () -> converted(parameters, entry, dtype)));
    }
    SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
    AtomicFile.writeString(folder.resolve("tokenizer.json"), base.tokenizerJson());
    for (String name : BESIDE) {
      Path from = base.files().root().resolve(name);
      if (Files.isRegularFile(from)) {
        AtomicFile.writeString(folder.resolve(name), Files.readString(from));
      }
    }
    if (!Files.exists(folder.resolve("tokenizer_config.json"))) {
      ObjectNode tokens = JSON.createObjectNode();
      base.specialTexts().forEach(tokens::put);
      base.files()
          .gguf()
          .flatMap(gguf -> gguf.keyValues().string("tokenizer.chat_template"))
          .ifPresent(template -> tokens.put("chat_template", template));
      writeJson(folder.resolve("tokenizer_config.json"), tokens);
    }
    ObjectNode config = base.config().json();
    config.remove("torch_dtype");
    config.put("dtype", dtype == DType.BF16 ? "bfloat16" : "float32");
    writeJson(folder.resolve("config.json"), config);
  }

  private static void writeJson(Path file, ObjectNode json) throws IOException {
    AtomicFile.writeString(
        file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
  }

  private static MemorySegment converted(
      Parameters parameters, Parameters.Entry entry, DType dtype) {
    try (Scope scope = Scope.open()) {
      Tensor value = parameters.value(entry.name()).to(Device.CPU).to(dtype).contiguous();
      return Arena.ofAuto().allocate(value.memory().byteSize()).copyFrom(value.memory());
    }
  }
}
