package dev.graft.run;

import dev.graft.config.Objective;
import dev.graft.config.TrainOptions;
import dev.graft.data.Example;
import dev.graft.data.ExampleStream;
import dev.graft.train.Trainer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/**
 * What a run learns from and is measured on.
 *
 * @param bytesPerToken of held-out text, for bits per byte; empty where the objective is another
 */
record Learning(Trainer.TrainData data, OptionalDouble bytesPerToken) implements AutoCloseable {
  /** Reads what the options name; of a stream, nothing yet. */
  static Learning load(BaseModel base, TrainOptions options, RunListener listener) {
    long most = (long) options.evalBatches() * options.batchSize();
    if (options.objective() == Objective.PRETRAIN) {
      return Pretraining.load(base, options, most);
    }
    TrainingData read = TrainingData.load(base, options, listener);
    return new Learning(
        new Trainer.TrainData(read.train(), spread(read.valid(), most)), OptionalDouble.empty());
  }

  /** What evaluations during training use: as much as is allowed, spread evenly over the file. */
  private static List<Example> spread(List<Example> valid, long most) {
    if (most == 0 || most >= valid.size()) {
      return valid;
    }
    return LongStream.range(0, most)
        .mapToObj(i -> valid.get((int) (i * valid.size() / most)))
        .toList();
  }

  @Override
  public void close() {
    Optional<ExampleStream> stream = data.stream();
    stream.ifPresent(ExampleStream::close);
  }
}
