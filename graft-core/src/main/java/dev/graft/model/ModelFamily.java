package dev.graft.model;

import dev.graft.format.Config;
import java.util.List;

/** How one {@code model_type} turns its {@code config.json} into a {@link DecoderSpec}. */
interface ModelFamily {
  /** The {@code model_type} it reads. */
  String modelType();

  /** The decoder that the configuration describes. */
  DecoderSpec spec(Config config);

  /** All families, the place where a new one is entered. */
  List<ModelFamily> ALL = List.of(new Llama(), new Mistral(), new Qwen2(), new Qwen3());

  /** The family of a configuration. */
  static ModelFamily of(Config config) {
    String type = config.stringAt("model_type");
    return ALL.stream()
        .filter(family -> family.modelType().equals(type))
        .findFirst()
        .orElseThrow(() ->
            config.wrong(
                "model_type",
                "'"
                    + type
                    + "' is not supported; the families are "
                    + String.join(", ", ALL.stream().map(ModelFamily::modelType).toList())));
  }
}
