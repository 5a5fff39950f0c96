package dev.graft.run;

import dev.graft.format.Config;
import dev.graft.format.GgufFile;
import dev.graft.format.ModelFiles;
import dev.graft.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which ids end a turn, from all the places where models say it: {@code generation_config.json},
 * {@code config.json}, {@code tokenizer_config.json}, GGUF metadata.
 *
 * @param stopIds every id that one of them calls end-of-sequence
 * @param eosId the tokenizer's own, which is put behind texts
 * @param bosId what the tokenizer's post-processor puts before a text, if it puts anything
 * @param texts the special tokens by the names templates know them by
 */
record SpecialIds(
    Set<Integer> stopIds, OptionalInt eosId, OptionalInt bosId, Map<String, String> texts) {

  static SpecialIds of(ModelFiles files, Tokenizer tokenizer) {
    Set<Integer> stops = new LinkedHashSet<>();
    Map<String, String> texts = new LinkedHashMap<>();
    OptionalInt eos = OptionalInt.empty();
    Optional<Config> tokens = optional(files.root().resolve("tokenizer_config.json"));
    if (tokens.isPresent()) {
      for (String key : new String[] {"bos_token", "eos_token", "unk_token", "pad_token"}) {
        text(tokens.get(), key).ifPresent(text -> texts.put(key, text));
      }
    } else {
      files.gguf().ifPresent(gguf -> fromGguf(gguf, tokenizer, texts));
    }
    String eosText = texts.get("eos_token");
    if (eosText != null) {
      eos = tokenizer.idOf(eosText);
      eos.ifPresent(stops::add);
    }
    optional(files.root().resolve("generation_config.json"))
        .ifPresent(config -> stops.addAll(config.ints("eos_token_id")));
    stops.addAll(files.config().ints("eos_token_id"));
    if (eos.isEmpty() && !stops.isEmpty()) {
      eos = OptionalInt.of(stops.iterator().next());
    }
    return new SpecialIds(stops, eos, leading(tokenizer), texts);
  }

  private static Optional<Config> optional(Path file) {
    return Files.isRegularFile(file) ? Optional.of(Config.read(file)) : Optional.empty();
  }

  /** A special token is a text, or an object with the text in {@code content}. */
  private static Optional<String> text(Config config, String key) {
    var node = config.json().get(key);
    return node != null && node.isObject()
        ? config.object(key).flatMap(inner -> inner.string("content"))
        : config.string(key);
  }

  private static void fromGguf(GgufFile gguf, Tokenizer tokenizer, Map<String, String> texts) {
    for (String name : new String[] {"bos", "eos"}) {
      OptionalInt id = gguf.keyValues().integer("tokenizer.ggml." + name + "_token_id");
      if (id.isPresent() && id.getAsInt() < tokenizer.vocabSize()) {
        texts.put(name + "_token", tokenizer.tokenOf(id.getAsInt()));
      }
    }
  }

  private static OptionalInt leading(Tokenizer tokenizer) {
    int plain = tokenizer.encode("a", false).length();
    int[] ids = tokenizer.encode("a", true).ids();
    boolean leads = ids.length > plain && tokenizer.isSpecial(ids[0]);
    return leads ? OptionalInt.of(ids[0]) : OptionalInt.empty();
  }
}
