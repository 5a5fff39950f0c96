package dev.graft.text;

import dev.graft.InputException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tokenizer that a GGUF file carries, as a {@code tokenizer.json}.
 *
 * <p>The keys are those of the GGUF specification, {@code tokenizer.ggml.*}. Model {@code gpt2} is
 * byte-level BPE, whose pre-tokeniser {@code tokenizer.ggml.pre} names; model {@code llama} is
 * SentencePiece BPE, whose merges follow from the scores of its tokens.
 */
public final class GgufTokenizer {
  private static final String KEY = "tokenizer.ggml.";
  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final GgufMetadata metadata;
  private final String[] tokens;
  private final int[] types;
  private final Map<String, Integer> ids;

  private GgufTokenizer(GgufMetadata metadata) {
    this.metadata = metadata;
    this.tokens = metadata.texts(KEY + "tokens");
    this.types = types();
    this.ids = HashMap.newHashMap(tokens.length);
    for (int id = 0; id < tokens.length; id++) {
      // Of equal tokens the first counts.
      ids.putIfAbsent(tokens[id], id);
    }
  }

  /**
   * The tokenizer of a GGUF file.
   *
   * @param metadata the file's metadata by key; numbers as {@link Number}, arrays as {@link
   *     java.util.List} or Java arrays
   * @param nameForErrors what error messages call it, usually the file's name
   * @throws InputException where keys are missing or wrong or the kind is not supported
   */
  public static Tokenizer load(Map<String, Object> metadata, String nameForErrors) {
    return Tokenizer.fromJson(toJson(metadata, nameForErrors), nameForErrors);
  }

  /** The same as the text of a {@code tokenizer.json}. */
  public static String toJson(Map<String, Object> metadata, String nameForErrors) {
    var typed = new GgufMetadata(metadata, nameForErrors);
    String model = typed.text(KEY + "model");
    if (!"gpt2".equals(model) && !"llama".equals(model)) {
      throw typed.wrong(
          KEY + "model",
          model == null ? "is missing" : "is " + model + "; only gpt2 and llama are supported");
    }
    var tokenizer = new GgufTokenizer(typed);
    return ("gpt2".equals(model) ? tokenizer.byteLevel() : tokenizer.sentencePiece()).toString();
  }

  private int[] types() {
    int[] read = new int[tokens.length];
    if (!metadata.has(KEY + "token_type")) {
      java.util.Arrays.fill(read, NORMAL);
      return read;
    }
    double[] numbers = metadata.numbers(KEY + "token_type", tokens.length);
    for (int i = 0; i < read.length; i++) {
      read[i] = (int) numbers[i];
    }
    return read;
  }

  private ObjectNode byteLevel() {
    String named = metadata.text(KEY + "pre");
    GgufPreTokenizer pre = GgufPreTokenizer.of(named == null ? "default" : named);
    if (pre == null) {
      throw metadata.wrong(
          KEY + "pre", "is " + named + ", which is not supported; take the model's safetensors");
    }
    ArrayNode merges = NODES.arrayNode();
    for (String merge : metadata.texts(KEY + "merges")) {
      // A space stands only between the two parts, for tokens write it as Ġ.
      int space = merge.indexOf(' ', 1);
      if (space < 0) {
        throw metadata.wrong(KEY + "merges", "must hold pairs of tokens");
      }
      merges.addArray().add(merge.substring(0, space)).add(merge.substring(space + 1));
    }
    ObjectNode model = model(merges);
    model.put("ignore_merges", pre.ignoresMerges());
    ObjectNode document = document(model, pre.addsBos());
    document.set("normalizer", pre.normalizer());
    document.set("pre_tokenizer", pre.steps());
    document.set("decoder", GgufPreTokenizer.byteLevel(false));
    return document;
  }

  private ObjectNode sentencePiece() {
    double[] scores = metadata.numbers(KEY + "scores", tokens.length);
    ObjectNode model = model(new ScoreMerges(tokens, scores, this::isNormal, metadata).derive());
    model.put("byte_fallback", true).put("fuse_unk", true).put("ignore_merges", false);
    int unknown = metadata.index(KEY + "unknown_token_id", tokens.length);
    for (int id = 0; id < tokens.length && unknown < 0; id++) {
      unknown = types[id] == UNKNOWN ? id : -1;
    }
    if (unknown >= 0) {
      model.put("unk_token", tokens[unknown]);
    }
    boolean prefix = metadata.flag(KEY + "add_space_prefix", true);
    ObjectNode document = document(model, true);
    ArrayNode normalizers =
        document.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    if (prefix) {
      normalizers.addObject().put("type", "Prepend").put("prepend", "▁");
    }
    replace(normalizers.addObject(), " ", "▁");
    ArrayNode decoders = document.putObject("decoder").put("type", "Sequence").putArray("decoders");
    replace(decoders.addObject(), "▁", " ");
    decoders.addObject().put("type", "ByteFallback");
    decoders.addObject().put("type", "Fuse");
    if (prefix) {
      decoders.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
    }
    return document;
  }

  private boolean isNormal(int id) {
    return types[id] == NORMAL;
  }

  private static void replace(ObjectNode node, String from, String to) {
    node.put("type", "Replace").put("content", to).putObject("pattern").put("String", from);
  }

  private ObjectNode model(ArrayNode merges) {
    ObjectNode model = NODES.objectNode().put("type", "BPE");
    ObjectNode vocab = model.putObject("vocab");
    ids.forEach(vocab::put);
    model.set("merges", merges);
    model.putNull("dropout").putNull("unk_token").putNull("continuing_subword_prefix");
    return model.putNull("end_of_word_suffix").put("fuse_unk", false).put("byte_fallback", false);
  }

  private ObjectNode document(ObjectNode model, boolean bosByDefault) {
    ObjectNode document = NODES.objectNode().put("version", "1.0");
    document.set("added_tokens", addedTokens());
    document.set("post_processor", template(bosByDefault));
    document.set("model", model);
    return document;
  }

  private ArrayNode addedTokens() {
    ArrayNode added = NODES.arrayNode();
    for (int id = 0; id < tokens.length; id++) {
      boolean special = types[id] == CONTROL || types[id] == UNKNOWN;
      boolean first = Integer.valueOf(id).equals(ids.get(tokens[id]));
      if ((special || types[id] == USER_DEFINED) && first && !tokens[id].isEmpty()) {
        ObjectNode token = added.addObject().put("id", id).put("content", tokens[id]);
        token.put("single_word", false).put("lstrip", false).put("rstrip", false);
        token.put("normalized", false).put("special", special);
      }
    }
    return added;
  }

  /** BOS before and EOS after the text, where the file asks for them. */
  private @Nullable ObjectNode template(boolean bosByDefault) {
    int bos = metadata.index(KEY + "bos_token_id", tokens.length);
    int eos = metadata.index(KEY + "eos_token_id", tokens.length);
    boolean addBos = metadata.flag(KEY + "add_bos_token", bosByDefault && bos >= 0);
    boolean addEos = metadata.flag(KEY + "add_eos_token", false);
    if ((addBos && bos < 0) || (addEos && eos < 0)) {
      throw metadata.wrong(KEY + (addBos && bos < 0 ? "bos" : "eos") + "_token_id", "is missing");
    }
    ObjectNode template = NODES.objectNode().put("type", "TemplateProcessing");
    ArrayNode single = template.putArray("single");
    ArrayNode pair = template.putArray("pair");
    ObjectNode special = template.putObject("special_tokens");
    around(single, "A", addBos ? bos : -1, addEos ? eos : -1);
    around(pair, "A", addBos ? bos : -1, addEos ? eos : -1);
    around(pair, "B", addBos ? bos : -1, addEos ? eos : -1);
    for (int id : new int[] {addBos ? bos : -1, addEos ? eos : -1}) {
      if (id >= 0) {
        ObjectNode token = special.putObject(tokens[id]).put("id", tokens[id]);
        token.putArray("ids").add(id);
        token.putArray("tokens").add(tokens[id]);
      }
    }
    return addBos || addEos ? template : null;
  }

  private void around(ArrayNode pieces, String sequence, int before, int after) {
    piece(pieces, "SpecialToken", before < 0 ? null : tokens[before]);
    piece(pieces, "Sequence", sequence);
    piece(pieces, "SpecialToken", after < 0 ? null : tokens[after]);
  }

  private static void piece(ArrayNode pieces, String kind, @Nullable String id) {
    if (id != null) {
      pieces.addObject().putObject(kind).put("id", id).put("type_id", 0);
    }
  }
}
