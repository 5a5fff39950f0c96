package dev.graft.run;

import dev.graft.InputException;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.format.Config;
import dev.graft.format.GgufArray;
import dev.graft.format.GgufFile;
import dev.graft.format.HfDirectory;
import dev.graft.format.ModelFiles;
import dev.graft.hub.Hub;
import dev.graft.hub.HubConfig;
import dev.graft.hub.HubName;
import dev.graft.hub.Progress;
import dev.graft.model.Decoder;
import dev.graft.model.DecoderSpec;
import dev.graft.model.InitialWeights;
import dev.graft.text.ChatTemplate;
import dev.graft.text.GgufTokenizer;
import dev.graft.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A base model on disk, ready to be loaded: configuration, tokenizer, template, end-of-turn ids.
 */
public final class BaseModel implements AutoCloseable {
  private static final String GGUF_TEMPLATE = "tokenizer.chat_template";

  private final String name;
  private final ModelFiles files;
  private final Tokenizer tokenizer;
  private final Optional<ChatTemplate> template;
  private final Set<Integer> stopIds;
  private final OptionalInt eosId;
  private final OptionalInt bosId;
  private final Map<String, String> specialTexts;

  private BaseModel(String name, ModelFiles files, Tokenizer tokenizer) {
    this.name = name;
    this.files = files;
    this.tokenizer = tokenizer;
    SpecialIds special = SpecialIds.of(files, tokenizer);
    this.stopIds = special.stopIds();
    this.eosId = special.eosId();
    this.bosId = special.bosId();
    this.specialTexts = Map.copyOf(special.texts());
    this.template = template(files, special);
    int rows = Decoder.specOf(files.config()).vocabulary();
    if (tokenizer.vocabSize() > rows) {
      throw InputException.in(
          files.root(),
          "the tokenizer has " + tokenizer.vocabSize() + " tokens, the model only " + rows);
    }
  }

  /** Opens a model folder, a GGUF file, or a model of the Hub by its name {@code owner/name}. */
  public static BaseModel open(String nameOrPath, Progress progress) {
    return of(nameOrPath, HfDirectory.open(resolve(nameOrPath, progress)));
  }

  private static Path resolve(String nameOrPath, Progress progress) {
    if (nameOrPath.isBlank()) {
      throw new InputException(
          "model: the name is empty; give a folder, a GGUF file or owner/name");
    }
    Path path = Path.of(nameOrPath);
    if (!Files.exists(path)) {
      Optional<HubName> hub = HubName.parse(nameOrPath.replace('\\', '/'));
      if (hub.isEmpty()) {
        throw InputException.in(path, "there is no such model folder or file");
      }
      path =
          Hub.resolve(hub.get().toString(), HubConfig.fromEnvironment(System.getenv()), progress);
    }
    return path;
  }

  /**
   * The shape and tokenizer of a model without anything that it has learnt.
   *
   * @param nameOrPath a model folder, with or without weights, or a name on the Hub
   * @throws InputException also for a GGUF file, which is no folder with a configuration
   */
  public static BaseModel anew(String nameOrPath, InitialWeights.Start start, Progress progress) {
    Path folder = resolve(nameOrPath, progress);
    if (!Files.isRegularFile(folder.resolve("config.json"))) {
      throw InputException.in(
          folder, "has no config.json, whose shape a model from scratch could take");
    }
    return begin(nameOrPath, folder, start);
  }

  /**
   * A model that has a configuration and a tokenizer but has learnt nothing yet.
   *
   * @param folder with {@code config.json} and {@code tokenizer.json}
   * @param start how its weights begin, {@code deviation} where the configuration says none
   */
  public static BaseModel begin(Path folder, InitialWeights.Start start) {
    return begin(folder.toString(), folder, start);
  }

  private static BaseModel begin(String name, Path folder, InitialWeights.Start start) {
    Path file = folder.resolve("config.json");
    Config config = Config.read(file);
    InitialWeights.Start own =
        new InitialWeights.Start(
            config.positiveOr("initializer_range", start.deviation()),
            start.scaledResiduals(),
            start.seed());
    Path tokenizer = folder.resolve("tokenizer.json");
    ModelFiles files =
        new ModelFiles(
            folder,
            new InitialWeights(file, Decoder.specOf(config), own),
            config,
            Optional.of(tokenizer).filter(Files::isRegularFile),
            Optional.empty());
    return of(name, files);
  }

  private static BaseModel of(String name, ModelFiles files) {
    try {
      return new BaseModel(name, files, tokenizer(files));
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private static Tokenizer tokenizer(ModelFiles files) {
    if (files.tokenizerJson().isPresent()) {
      return Tokenizer.load(files.tokenizerJson().get());
    }
    GgufFile gguf =
        files
            .gguf()
            .orElseThrow(() ->
                InputException.in(
                    files.root(), "has no tokenizer.json; 'graft tokenizer train' makes one"));
    return GgufTokenizer.load(plain(gguf), gguf.source().toString());
  }

  private static Map<String, Object> plain(GgufFile gguf) {
    Map<String, Object> plain = new HashMap<>();
    gguf.keyValues()
        .values()
        .forEach((key, value) -> {
          if (key.startsWith("tokenizer.")) {
            plain.put(key, value instanceof GgufArray array ? array.toList() : value);
          }
        });
    return plain;
  }

  private static Optional<ChatTemplate> template(ModelFiles files, SpecialIds special) {
    Optional<ChatTemplate> beside = ChatTemplate.load(files.root());
    if (beside.isPresent() || files.gguf().isEmpty()) {
      return beside;
    }
    GgufFile gguf = files.gguf().get();
    return gguf.keyValues()
        .string(GGUF_TEMPLATE)
        .map(text ->
            ChatTemplate.of(text, gguf.source() + " (" + GGUF_TEMPLATE + ")")
                .withSpecialTokens(special.texts()));
  }

  /** Whether it has learnt nothing yet. */
  boolean isNew() {
    return files.weights() instanceof InitialWeights;
  }

  /** As the user named it. */
  public String name() {
    return name;
  }

  public ModelFiles files() {
    return files;
  }

  public Config config() {
    return files.config();
  }

  public DecoderSpec spec() {
    return Decoder.specOf(files.config());
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The text of {@code tokenizer.json}, made from GGUF metadata where there is no such file. */
  String tokenizerJson() throws IOException {
    if (files.tokenizerJson().isPresent()) {
      return Files.readString(files.tokenizerJson().get());
    }
    GgufFile gguf = files.gguf().orElseThrow();
    return GgufTokenizer.toJson(plain(gguf), gguf.source().toString());
  }

  /** Special tokens by the names that templates know them by. */
  Map<String, String> specialTexts() {
    return specialTexts;
  }

  /** The model's chat template; empty for a model without one. */
  public Optional<ChatTemplate> template() {
    return template;
  }

  /** Ids that end a turn or a text. */
  public Set<Integer> stopIds() {
    return new LinkedHashSet<>(stopIds);
  }

  /** The id that is put behind a text. */
  public OptionalInt eosId() {
    return eosId;
  }

  /** The id that the tokenizer itself puts before a text; empty where it puts none. */
  public OptionalInt bosId() {
    return bosId;
  }

  /** Loads the weights, converted to the compute type. */
  public Decoder load(DType dtype) {
    return Decoder.load(files, dtype, Device.CPU);
  }

  @Override
  public void close() {
    tokenizer.close();
    files.close();
  }
}
