package dev.graft.plan;

import dev.graft.adapter.TargetModules;
import dev.graft.engine.DType;
import dev.graft.format.Config;
import dev.graft.model.Decoder;
import dev.graft.model.DecoderSpec;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Configurations of published models, their facts alone. */
final class PlanModels {
  static final TargetModules ALL = new TargetModules.AllLinear();

  private PlanModels() {}

  static Path file(String name) {
    try {
      return Path.of(PlanModels.class.getResource("/plan/" + name + ".json").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static DecoderSpec spec(String name) {
    return Decoder.specOf(Config.read(file(name)));
  }

  static Technique lora(int rank) {
    return new Technique(Technique.Kind.LORA, rank);
  }

  static StepShape step(Technique technique, int batch, int length) {
    return new StepShape(
        technique, ALL, DType.BF16, new StepShape.Batch(batch, 0), length, 1, false, 1);
  }
}
