package dev.graft.text;

import dev.graft.InputException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A checked {@code tokenizer.json} and the vocabulary it defines.
 *
 * <p>The native library ends the process on some documents, so everything it relies on without
 * looking is checked here, and it is handed the document as we understood it, written anew: with
 * neither truncation nor padding, and without the second of two equal keys.
 */
record TokenizerJson(String document, Vocabulary vocabulary, TextLimits limits) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Ids may have holes, but an id far beyond the number of tokens is a broken file. */
  private static final int SPARE_IDS = 1 << 17;

  static TokenizerJson parse(byte[] json, String name) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new InputException(name + ": not JSON: " + NativeTokenizer.oneLine(e), e);
    }
    var check = new Check(name);
    ObjectNode document = check.object(root, "the document");
    document.putNull("truncation");
    document.putNull("padding");
    Map<String, Integer> vocabulary = model(check, document);
    Map<String, Integer> special = addedTokens(check, document.get("added_tokens"), vocabulary);
    int highest = vocabulary.values().stream().mapToInt(id -> id).max().orElse(-1);
    if (highest < 0 || highest >= 2 * vocabulary.size() + SPARE_IDS) {
      throw check.wrong("the vocabulary of " + vocabulary.size() + " has ids up to " + highest);
    }
    TextLimits limits = new PipelineCheck(check).run(document);
    String text = document.toString();
    if (Utf16.firstUnpaired(text, 0) >= 0) {
      throw check.wrong("a string holds half of a surrogate pair");
    }
    return new TokenizerJson(text, new Vocabulary(vocabulary, special), limits);
  }

  private static Map<String, Integer> model(Check check, ObjectNode document) {
    ObjectNode model = check.object(document.get("model"), "model");
    JsonNode type = model.get("type");
    if (type != null && !type.isNull() && !"BPE".equals(type.asString(""))) {
      throw check.wrong("model.type is " + brief(type) + "; only BPE tokenizers are supported");
    }
    model.put("type", "BPE");
    JsonNode dropout = model.get("dropout");
    if (dropout != null && !dropout.isNull() && dropout.asDouble(1) != 0) {
      throw check.wrong("model.dropout makes tokens random; remove it");
    }
    if (!textOr(model.get("continuing_subword_prefix"), "").isEmpty()) {
      throw check.wrong("model.continuing_subword_prefix is not supported");
    }
    Map<String, Integer> ids = vocabulary(check, model);
    JsonNode unknown = model.get("unk_token");
    if (unknown != null && !unknown.isNull() && !ids.containsKey(unknown.asString(""))) {
      throw check.wrong("model.unk_token " + brief(unknown) + " is not in model.vocab");
    }
    merges(check, model, ids);
    return ids;
  }

  private static Map<String, Integer> vocabulary(Check check, ObjectNode model) {
    ObjectNode vocab = check.object(model.get("vocab"), "model.vocab");
    Map<String, Integer> ids = HashMap.newHashMap(vocab.size());
    for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
      ids.put(entry.getKey(), check.id(entry.getValue(), "model.vocab", entry.getKey()));
    }
    return ids;
  }

  /** Merges are {@code "left right"} or {@code ["left", "right"]}; all three parts are tokens. */
  private static void merges(Check check, ObjectNode model, Map<String, Integer> ids) {
    JsonNode merges = model.get("merges");
    if (merges == null || !merges.isArray()) {
      throw check.wrong("model.merges must be a list");
    }
    int index = 0;
    for (JsonNode merge : merges) {
      String left = null;
      String right = null;
      if (merge.isArray() && merge.size() == 2) {
        left = merge.get(0).asString(null);
        right = merge.get(1).asString(null);
      } else if (merge.isString()) {
        String pair = merge.asString();
        int space = pair.indexOf(' ');
        left = space < 0 ? null : pair.substring(0, space);
        right = space < 0 ? null : pair.substring(space + 1);
      }
      if (left == null
          || right == null
          || !ids.containsKey(left)
          || !ids.containsKey(right)
          || !ids.containsKey(left + right)) {
        throw check.wrong("model.merges[" + index + "] " + brief(merge) + " does not join tokens");
      }
      index++;
    }
  }

  /**
   * Adds the added tokens to {@code ids} as the library does: one that the model has keeps the
   * model's id; another gets the next free one, whatever the file says.
   */
  private static Map<String, Integer> addedTokens(
      Check check, @Nullable JsonNode added, Map<String, Integer> ids) {
    Map<String, Integer> special = new LinkedHashMap<>();
    if (added == null || added.isNull()) {
      return special;
    }
    if (!added.isArray()) {
      throw check.wrong("added_tokens must be a list");
    }
    int modelSize = ids.size();
    int highest = -1;
    for (JsonNode node : added) {
      ObjectNode token = check.object(node, "added_tokens");
      String content = textOr(token.get("content"), "");
      check.id(token.get("id"), "added_tokens", content);
      if (content.isEmpty()) {
        throw check.wrong("an added token has no content");
      }
      Integer known = ids.get(content);
      int id = known != null ? known : Math.max(highest + 1, modelSize);
      ids.put(content, id);
      highest = Math.max(highest, id);
      JsonNode isSpecial = token.get("special");
      if (isSpecial != null && isSpecial.asBoolean(false)) {
        special.put(content, id);
      }
    }
    return special;
  }

  static String textOr(@Nullable JsonNode node, String otherwise) {
    return node == null ? otherwise : node.asString(otherwise);
  }

  static String brief(JsonNode node) {
    String text = node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  /** Complaints that name the file. */
  record Check(String name) {
    InputException wrong(String what) {
      return new InputException(name + ": " + what.replaceAll("\\p{Cntrl}", " "));
    }

    ObjectNode object(@Nullable JsonNode node, String what) {
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw wrong(what + " must be an object");
    }

    int id(@Nullable JsonNode node, String where, String token) {
      if (node == null || !node.isInt() || node.intValue() < 0) {
        throw wrong(where + ": the id of \"" + token + "\" must be a whole number from 0");
      }
      return node.intValue();
    }
  }
}
