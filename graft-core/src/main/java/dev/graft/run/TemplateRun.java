package dev.graft.run;

import dev.graft.InputException;
import dev.graft.text.ChatInput;
import dev.graft.text.ChatTemplate;
import dev.graft.text.template.Rendered;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One run of {@code graft data template}: a conversation as a chat template writes it. */
public final class TemplateRun {
  private static final int LONGEST_TEMPLATE = 4 << 20;
  private static final int LONGEST_INPUT = 64 << 20;

  /** As Python's json reads: NaN is a number, and integers keep all their digits. */
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(100)
                          .maxStringLength(LONGEST_INPUT)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Where a template comes from.
   *
   * @param model folder, GGUF file or Hub name; empty to read {@code file}
   * @param file a Jinja template; empty for the model's own
   * @param special special tokens by the names templates know them by, before those of the model
   */
  public record Source(Optional<String> model, Optional<Path> file, Map<String, String> special) {}

  /**
   * A conversation.
   *
   * @param chat the conversation as transformers gives it to a template
   * @param variables the variables as they were written; empty for a list of messages
   */
  public record Input(ChatInput chat, Optional<Map<String, @Nullable Object>> variables) {
    /** Messages alone. */
    public static Input of(ChatInput chat) {
      return new Input(chat, Optional.empty());
    }

    /** The same conversation, ending with the header of an answer to come. */
    public Input withGenerationPrompt() {
      Optional<Map<String, @Nullable Object>> changed =
          variables.map(old -> {
            Map<String, @Nullable Object> map = new LinkedHashMap<>(old);
            map.put("add_generation_prompt", true);
            return map;
          });
      return new Input(chat.withGenerationPrompt(true), changed);
    }
  }

  private TemplateRun() {}

  /**
   * Renders a conversation at the time of a clock. A template without a model gets the variables of
   * the input as they were written, a model's template what training gives it.
   */
  public static Rendered run(Source source, Input input, Clock clock, RunListener listener) {
    if (source.model().isEmpty()) {
      ChatTemplate template = fromFile(source, source.special()).withClock(clock);
      return input.variables().isPresent()
          ? template.renderPlainly(input.variables().get())
          : template.render(input.chat());
    }
    try (BaseModel base = BaseModel.open(source.model().get(), listener::download)) {
      Map<String, String> special = new LinkedHashMap<>(base.specialTexts());
      base.template().ifPresent(template -> special.putAll(template.specialTokens()));
      special.putAll(source.special());
      ChatTemplate template =
          source.file().isPresent()
              ? fromFile(source, special)
              : base.template()
                  .orElseThrow(() ->
                      InputException.in(base.files().root(), "the model has no chat template"))
                  .withSpecialTokens(special);
      return template.withClock(clock).render(input.chat());
    }
  }

  private static ChatTemplate fromFile(Source source, Map<String, String> special) {
    Path file = source.file().orElseThrow();
    String text = read(() -> Files.newInputStream(file), LONGEST_TEMPLATE, file.toString());
    return ChatTemplate.of(text, file.toString()).withSpecialTokens(special);
  }

  /** Reads a conversation from a file, as {@link #parse}. */
  public static Input input(Path file) {
    String name = file.toString();
    return parse(read(() -> Files.newInputStream(file), LONGEST_INPUT, name), name);
  }

  /** Reads a conversation from an open stream, as {@link #parse}. */
  public static Input input(InputStream in, String name) {
    return parse(read(() -> in, LONGEST_INPUT, name), name);
  }

  /**
   * Reads a JSON list of messages, or an object with {@code messages} and any of {@code tools},
   * {@code documents} and {@code add_generation_prompt}; its other keys are variables of the
   * template.
   *
   * @param name what errors call it
   */
  static Input parse(String text, String name) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JacksonException e) {
      String what = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new InputException(name + ": is not JSON: " + what, e);
    }
    if (root.isArray()) {
      return Input.of(ChatInput.of(root));
    }
    if (!root.isObject() || !root.path("messages").isArray()) {
      throw new InputException(
          name + ": is neither a list of messages nor an object with a list \"messages\"");
    }
    Map<String, @Nullable Object> written = new LinkedHashMap<>();
    root.properties().forEach(entry -> written.put(entry.getKey(), entry.getValue()));
    Map<String, @Nullable Object> variables = new LinkedHashMap<>(written);
    variables
        .keySet()
        .removeAll(List.of("messages", "tools", "documents", "add_generation_prompt"));
    ChatInput chat =
        ChatInput.of(root.get("messages"))
            .withTools(list(root, "tools", name))
            .withDocuments(list(root, "documents", name))
            .withGenerationPrompt(flag(root, name))
            .withVariables(variables);
    return new Input(chat, Optional.of(written));
  }

  private static @Nullable List<?> list(JsonNode root, String key, String name) {
    JsonNode node = root.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (!node.isArray()) {
      throw new InputException(name + ": \"" + key + "\" is not a list");
    }
    List<JsonNode> items = new ArrayList<>();
    node.forEach(items::add);
    return items;
  }

  private static boolean flag(JsonNode root, String name) {
    JsonNode node = root.path("add_generation_prompt");
    if (node.isMissingNode() || node.isNull()) {
      return false;
    }
    if (!node.isBoolean()) {
      throw new InputException(name + ": \"add_generation_prompt\" is neither true nor false");
    }
    return node.booleanValue();
  }

  @FunctionalInterface
  private interface Opening {
    InputStream open() throws IOException;
  }

  private static String read(Opening opening, int longest, String name) {
    try (InputStream in = opening.open()) {
      byte[] bytes = in.readNBytes(longest + 1);
      if (bytes.length > longest) {
        throw new InputException(name + ": is longer than " + longest + " bytes");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InputException(name + ": is not UTF-8 text", e);
    } catch (NoSuchFileException e) {
      throw new InputException(name + ": there is no such file", e);
    } catch (IOException e) {
      String why = e.getMessage();
      throw new InputException(name + ": can't be read" + (why == null ? "" : ": " + why), e);
    }
  }
}
