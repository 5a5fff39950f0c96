package dev.graft.run;

import dev.graft.config.Precision;
import dev.graft.config.TrainOptions;
import dev.graft.engine.DType;
import dev.graft.engine.Scope;
import dev.graft.model.Decoder;

/** A loaded model with what is trained of it. */
record Learner(Decoder model, Target target) implements AutoCloseable {
  /** Loads the weights and makes what is trained ready; on any thread. */
  static Learner load(BaseModel base, TrainOptions options) {
    DType dtype = options.precision() == Precision.BF16 ? DType.BF16 : DType.F32;
    try (Scope scope = Scope.open()) {
      Decoder model = base.load(dtype);
      try {
        return new Learner(model, Target.prepare(options, model));
      } catch (RuntimeException | Error e) {
        model.close();
        throw e;
      }
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
