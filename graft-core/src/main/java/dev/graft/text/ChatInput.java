package dev.graft.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a chat template is rendered for. Values are JSON-like: maps, lists, strings, numbers,
 * booleans and null, or Jackson nodes.
 *
 * @param messages the conversation; every message is a map or an object node
 * @param tools JSON schemas of the tools, or null when there are none
 * @param documents documents for templates that know them, or null
 * @param addGenerationPrompt whether the text ends with the header of a reply to come
 * @param variables more variables of the template, such as {@code enable_thinking}; they go before
 *     the special tokens of the template
 */
public record ChatInput(
    List<?> messages,
    @Nullable List<?> tools,
    @Nullable List<?> documents,
    boolean addGenerationPrompt,
    Map<String, ? extends @Nullable Object> variables) {

  public ChatInput {
    messages = Collections.unmodifiableList(new ArrayList<>(messages));
    variables = Collections.unmodifiableMap(new HashMap<>(variables));
  }

  /** A conversation alone. */
  public static ChatInput of(List<?> messages) {
    return new ChatInput(messages, null, null, false, Map.of());
  }

  /** A conversation alone, from a JSON array. */
  public static ChatInput of(JsonNode messages) {
    return of(list(messages));
  }

  private static List<JsonNode> list(JsonNode array) {
    var items = new ArrayList<JsonNode>(array.size());
    array.forEach(items::add);
    return items;
  }

  public ChatInput withMessages(List<?> newMessages) {
    return new ChatInput(newMessages, tools, documents, addGenerationPrompt, variables);
  }

  public ChatInput withTools(@Nullable List<?> newTools) {
    return new ChatInput(messages, newTools, documents, addGenerationPrompt, variables);
  }

  public ChatInput withDocuments(@Nullable List<?> newDocuments) {
    return new ChatInput(messages, tools, newDocuments, addGenerationPrompt, variables);
  }

  public ChatInput withGenerationPrompt(boolean add) {
    return new ChatInput(messages, tools, documents, add, variables);
  }

  public ChatInput withVariables(Map<String, ? extends @Nullable Object> newVariables) {
    return new ChatInput(messages, tools, documents, addGenerationPrompt, newVariables);
  }
}
