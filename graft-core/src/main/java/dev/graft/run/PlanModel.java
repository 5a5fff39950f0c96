package dev.graft.run;

import dev.graft.InputException;
import dev.graft.format.Config;
import dev.graft.format.HfDirectory;
import dev.graft.format.ModelFiles;
import dev.graft.hub.Hub;
import dev.graft.hub.HubConfig;
import dev.graft.hub.HubName;
import dev.graft.hub.Progress;
import dev.graft.model.Decoder;
import dev.graft.model.DecoderSpec;
import dev.graft.model.InitialWeights;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model to plan for: a configuration, with a tokenizer where there is one; no weights are needed.
 *
 * @param place folder or GGUF file
 */
record PlanModel(Path place, DecoderSpec spec) {
  private static final String CONFIG = "config.json";

  /** Wider projections are a slip of the pen; the products of their shapes would overflow. */
  private static final long WIDEST = 1 << 24;

  private static final long LARGEST = 100_000_000_000_000L;

  /** A {@code config.json}, its folder, a GGUF file, or a name on the Hub. */
  static PlanModel open(String name, Progress progress) {
    Path path = find(name, progress);
    if (Files.isRegularFile(path) && !isGguf(path)) {
      Path folder = Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(path);
      return of(folder, Config.read(path));
    }
    Path config = path.resolve(CONFIG);
    if (Files.isDirectory(path) && Files.exists(config)) {
      return of(path, Config.read(config));
    }
    try (ModelFiles files = HfDirectory.open(path)) {
      return of(path, files.config());
    }
  }

  private static Path find(String name, Progress progress) {
    if (name.isBlank()) {
      throw new InputException(
          "model: the name is empty; give a config.json, a folder, a GGUF file or owner/name");
    }
    Path path;
    try {
      path = Path.of(name);
    } catch (InvalidPathException e) {
      throw new InputException("model: '" + name + "' is no path", e);
    }
    if (Files.exists(path)) {
      return path;
    }
    if (name.endsWith(".json") || HubName.parse(name.replace('\\', '/')).isEmpty()) {
      throw InputException.in(path, "there is no such model folder or file");
    }
    return Hub.resolveDescription(
        name.replace('\\', '/'), HubConfig.fromEnvironment(System.getenv()), progress);
  }

  private static PlanModel of(Path place, Config config) {
    DecoderSpec spec = Decoder.specOf(config);
    if ((long) spec.heads() * spec.headDim() > WIDEST || spec.parameterCount() > LARGEST) {
      throw InputException.in(config.file(), "the shapes are too large for any model");
    }
    return new PlanModel(place, spec);
  }

  /** The tokenizer with what examples are made of; weights are not read. */
  BaseModel base() {
    boolean described = Files.exists(place.resolve(CONFIG));
    if (described && Files.exists(place.resolve("tokenizer.json"))) {
      return BaseModel.begin(place, new InitialWeights.Start(0.02, false, 0));
    }
    if (isGguf(place) || !described) {
      return BaseModel.open(place.toString(), Progress.NONE);
    }
    throw InputException.in(
        place, "has no tokenizer.json to count --data with; give --tokens instead");
  }

  private static boolean isGguf(Path path) {
    return path.toString().toLowerCase(java.util.Locale.ROOT).endsWith(".gguf");
  }
}
