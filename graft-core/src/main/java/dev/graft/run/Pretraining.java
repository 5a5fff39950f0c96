package dev.graft.run;

import dev.graft.InputException;
import dev.graft.config.Method;
import dev.graft.config.Objective;
import dev.graft.config.TrainOptions;
import dev.graft.data.documents.DocumentEncoder;
import dev.graft.data.documents.DocumentStream;
import dev.graft.data.documents.HeldOutText;
import dev.graft.model.InitialWeights;
import dev.graft.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What is different about a run that begins a new model, or learns from plain text. */
final class Pretraining {
  /** The usual {@code initializer_range}. */
  private static final double DEVIATION = 0.02;

  private Pretraining() {}

  /**
   * The model that a run starts from: one with weights, or a new one, in pretraining or where that
   * is asked for.
   */
  static BaseModel open(TrainOptions options, RunListener listener) {
    Path model = options.model();
    InitialWeights.Start start =
        new InitialWeights.Start(DEVIATION, options.scaledInit(), options.seed());
    if (options.fromScratch()) {
      return BaseModel.anew(model.toString(), start, listener::download);
    }
    if (options.objective() != Objective.PRETRAIN || !isNew(model)) {
      return BaseModel.open(model.toString(), listener::download);
    }
    if (options.method() != Method.FULL) {
      throw InputException.in(
          model, "holds no weights, and a new model can't be trained by an adapter: --method full");
    }
    listener.note(model + " holds no weights; a new model begins");
    return BaseModel.begin(model, start);
  }

  /** Whether it is a folder with a configuration and no weights of any kind. */
  private static boolean isNew(Path model) {
    if (!Files.isRegularFile(model.resolve("config.json"))) {
      return false;
    }
    try (Stream<Path> files = Files.list(model)) {
      return files.noneMatch(Pretraining::holdsWeights);
    } catch (IOException e) {
      throw InputException.in(model, "can't be read: " + e.getMessage(), e);
    }
  }

  private static boolean holdsWeights(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.contains(".safetensors") || name.endsWith(".gguf") || name.endsWith(".bin");
  }

  /**
   * The stream of documents, and held-out text.
   *
   * @param most windows of held-out text that are used; 0 is all
   */
  static Learning load(BaseModel base, TrainOptions options, long most) {
    int end =
        base.eosId()
            .orElseThrow(() ->
                InputException.in(
                    base.files().root(),
                    "has no token that ends a text: give an eos_token in tokenizer_config.json"));
    DocumentEncoder encoder = new DocumentEncoder(base.tokenizer(), base.bosId().orElse(-1), end);
    DocumentStream stream =
        new DocumentStream(
            options.data(),
            encoder,
            new DocumentStream.Settings(
                options.rows(), options.maxLength(), options.shuffleBuffer(), options.seed()));
    Optional<HeldOutText> valid =
        options
            .valid()
            .map(path ->
                HeldOutText.read(path, encoder, options.rows(), options.maxLength()).spread(most));
    return new Learning(
        new Trainer.TrainData(
            List.of(), valid.map(HeldOutText::examples).orElse(List.of()), Optional.of(stream)),
        valid.isPresent()
            ? OptionalDouble.of(valid.get().bytesPerToken())
            : OptionalDouble.empty());
  }
}
