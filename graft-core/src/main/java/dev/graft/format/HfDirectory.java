package dev.graft.format;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A model folder as Hugging Face lays it out, or a GGUF file.
 *
 * <p>Weights are, in this order: {@code model.safetensors}, {@code model.safetensors.index.json}
 * with its shards, the only GGUF model in the folder.
 */
public final class HfDirectory {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private HfDirectory() {}

  /**
   * Opens a folder, or a {@code .gguf} file. Of a folder with GGUF weights a {@code config.json} is
   * used if there is one; of a GGUF file named directly its own metadata is.
   *
   * @throws InputException {@code PATH: …} when weights or configuration are missing or broken
   */
  public static ModelFiles open(Path path) {
    if (isGguf(path) && !Files.isDirectory(path)) {
      Path root = Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(path);
      return withGguf(root, path, Optional.empty());
    }
    if (!Files.isDirectory(path)) {
      throw InputException.in(path, "is neither a model folder nor a .gguf file");
    }
    if (Files.exists(path.resolve(SINGLE)) || Files.exists(path.resolve(INDEX))) {
      return withSafetensors(path);
    }
    Path config = path.resolve("config.json");
    return withGguf(
        path, onlyGguf(path), Files.exists(config) ? Optional.of(config) : Optional.empty());
  }

  private static ModelFiles withSafetensors(Path root) {
    Config config = Config.read(root.resolve("config.json"));
    Path single = root.resolve(SINGLE);
    Weights weights =
        Files.exists(single)
            ? SafetensorsFile.open(single)
            : ShardedWeights.open(root.resolve(INDEX));
    return new ModelFiles(root, weights, config, tokenizer(root), Optional.empty());
  }

  private static ModelFiles withGguf(Path root, Path file, Optional<Path> configFile) {
    GgufFile gguf = GgufFile.open(file);
    try {
      Config config = configFile.map(Config::read).orElseGet(() -> GgufConfig.of(gguf));
      return new ModelFiles(root, gguf, config, tokenizer(root), Optional.of(gguf));
    } catch (RuntimeException e) {
      gguf.close();
      throw e;
    }
  }

  private static Optional<Path> tokenizer(Path root) {
    return Optional.of(root.resolve("tokenizer.json")).filter(Files::isRegularFile);
  }

  private static Path onlyGguf(Path root) {
    List<Path> found = new ArrayList<>();
    boolean pickled = false;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(root)) {
      for (Path file : files) {
        if (isGguf(file) && !GgufParts.isLaterPart(file)) {
          found.add(file);
        }
        pickled |= String.valueOf(file.getFileName()).matches("pytorch_model.*\\.bin");
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw InputException.in(root, "cannot be read: " + Text.oneLine(e), e);
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw InputException.in(root, found.isEmpty() ? noWeights(pickled) : severalGguf(found));
  }

  private static String noWeights(boolean pickled) {
    return pickled
        ? "holds weights only as pytorch_model.bin, which is not read because it can run code;"
            + " convert it to safetensors (save_pretrained of transformers writes it)"
        : "holds no weights: no " + SINGLE + ", no " + INDEX + " and no .gguf file";
  }

  private static String severalGguf(List<Path> found) {
    Collections.sort(found);
    List<String> names =
        found.stream().limit(10).map(file -> Text.cut(String.valueOf(file.getFileName()))).toList();
    return "holds " + found.size() + " GGUF models; name one: " + String.join(", ", names);
  }

  private static boolean isGguf(Path file) {
    return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".gguf");
  }
}
