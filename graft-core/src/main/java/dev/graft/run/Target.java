package dev.graft.run;

import dev.graft.adapter.LoraSpec;
import dev.graft.adapter.PeftAdapter;
import dev.graft.config.Method;
import dev.graft.config.Precision;
import dev.graft.config.TrainOptions;
import dev.graft.engine.DType;
import dev.graft.model.Decoder;
import dev.graft.model.Parameters;
import dev.graft.train.log.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What is trained, and how its result is saved. */
record Target(Parameters parameters, Optional<LoraSpec> lora) {
  static Target prepare(TrainOptions options, Decoder model) {
    if (options.method() == Method.FULL) {
      return new Target(model.trainAll(), Optional.empty());
    }
    if (options.adapter().isPresent()) {
      Path from = options.adapter().get();
      LoraSpec spec = PeftAdapter.load(from, model, PeftAdapter.Use.TRAINING);
      Parameters parameters = model.trainAdapter();
      PeftAdapter.loadMasters(from, parameters);
      return new Target(parameters, Optional.of(spec));
    }
    LoraSpec spec = options.lora();
    model.attach(spec.resolve(model.adaptableModules()), spec.dropout());
    Parameters parameters = model.trainAdapter();
    spec.initialise(parameters, options.seed());
    model.refresh();
    return new Target(parameters, Optional.of(spec));
  }

  /** Where the result goes. */
  Path folder(RunFolder run) {
    return lora.isPresent() ? run.adapter() : run.model();
  }

  void save(TrainOptions options, BaseModel base, Decoder model, RunFolder folder)
      throws IOException {
    if (lora.isPresent()) {
      PeftAdapter.save(folder.adapter(), lora.get(), model, parameters, base.name());
      return;
    }
    DType stored = options.precision() == Precision.BF16 ? DType.BF16 : DType.F32;
    ModelWriter.write(folder.model(), base, parameters, stored);
  }
}
