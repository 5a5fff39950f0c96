package dev.graft.text;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the chat template and the special tokens in the files of a model. */
final class ChatTemplateFiles {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long MAX_TEMPLATE_BYTES = 4L << 20;
  private static final long MAX_CONFIG_BYTES = 64L << 20;
  private static final List<String> TOKEN_NAMES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private ChatTemplateFiles() {}

  static Optional<ChatTemplate> load(Path directory) {
    Path config = directory.resolve("tokenizer_config.json");
    JsonNode tokenizer = Files.isRegularFile(config) ? json(config) : null;
    Map<String, String> tokens = tokenizer == null ? Map.of() : specialTokens(config, tokenizer);
    return find(directory, config, tokenizer).map(found -> found.withSpecialTokens(tokens));
  }

  private static Optional<ChatTemplate> find(
      Path directory, Path config, @Nullable JsonNode tokenizer) {
    Path file = directory.resolve("chat_template.jinja");
    if (Files.isRegularFile(file)) {
      Path tools = directory.resolve("additional_chat_templates").resolve("tool_use.jinja");
      String toolSource = Files.isRegularFile(tools) ? string(tools, MAX_TEMPLATE_BYTES) : null;
      return Optional.of(
          ChatTemplate.of(string(file, MAX_TEMPLATE_BYTES), toolSource, file.toString()));
    }
    Optional<ChatTemplate> inConfig =
        tokenizer == null ? Optional.empty() : inJson(config, tokenizer);
    if (inConfig.isPresent()) {
      return inConfig;
    }
    Path processor = directory.resolve("chat_template.json");
    return Files.isRegularFile(processor) ? inJson(processor, json(processor)) : Optional.empty();
  }

  /** The key {@code chat_template}: a string, or a list of templates with names. */
  private static Optional<ChatTemplate> inJson(Path file, JsonNode root) {
    JsonNode value = root.get("chat_template");
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (value.isString()) {
      return Optional.of(ChatTemplate.of(value.stringValue(), file.toString()));
    }
    if (!value.isArray()) {
      throw InputException.in(file, "chat_template must be a string or a list of {name, template}");
    }
    Map<String, String> named = new HashMap<>();
    for (JsonNode item : value) {
      JsonNode name = item.get("name");
      JsonNode source = item.get("template");
      if (name == null || source == null || !name.isString() || !source.isString()) {
        throw InputException.in(file, "chat_template must be a list of {name, template}");
      }
      named.put(name.stringValue(), source.stringValue());
    }
    String source = named.get("default");
    if (source == null) {
      throw InputException.in(
          file, "chat_template has no template named 'default'; it has " + named.keySet());
    }
    return Optional.of(ChatTemplate.of(source, named.get("tool_use"), file.toString()));
  }

  private static Map<String, String> specialTokens(Path file, JsonNode config) {
    Map<String, String> tokens = new HashMap<>();
    JsonNode extra = config.get("extra_special_tokens");
    if (extra != null && extra.isObject()) {
      extra.properties().forEach(e -> token(file, e.getKey(), e.getValue(), tokens));
    }
    for (String name : TOKEN_NAMES) {
      JsonNode value = config.get(name);
      if (value != null) {
        token(file, name, value, tokens);
      }
    }
    return tokens;
  }

  /** A token is a string or an object with the string under {@code content}. */
  private static void token(Path file, String name, JsonNode value, Map<String, String> into) {
    JsonNode content = value.isObject() ? value.get("content") : value;
    if (content != null && content.isString()) {
      into.put(name, content.stringValue());
    } else if (content == null || !content.isNull()) {
      throw InputException.in(
          file, name + " must be a string or an object with the string under \"content\"");
    }
  }

  private static JsonNode json(Path file) {
    try {
      JsonNode root = JSON.readTree(string(file, MAX_CONFIG_BYTES));
      if (!root.isObject()) {
        throw InputException.in(file, "must be a JSON object");
      }
      return root;
    } catch (JacksonException e) {
      throw InputException.in(file, "is not valid JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String string(Path file, long limit) {
    try {
      if (Files.size(file) > limit) {
        throw InputException.in(file, "has more than " + limit + " bytes");
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw InputException.in(file, "is not UTF-8 text", e);
    } catch (IOException e) {
      throw InputException.in(file, "cannot be read: " + e.getMessage(), e);
    }
  }
}
