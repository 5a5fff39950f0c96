package dev.graft.text.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Turns JSON-like objects into values, and marks what comes from messages. */
final class Inputs {
  private static final String MESSAGES = "messages";

  private final int maxDepth;

  private Inputs(int maxDepth) {
    this.maxDepth = maxDepth;
  }

  /** The variables of a render; with {@code tracked}, {@code messages} carry their tags. */
  static Map<String, Value> convert(
      Map<String, ? extends @Nullable Object> variables, boolean tracked, int maxDepth) {
    var inputs = new Inputs(maxDepth);
    var out = new HashMap<String, Value>();
    variables.forEach((name, value) ->
        out.put(
            name,
            tracked && name.equals(MESSAGES)
                ? inputs.messages(value)
                : inputs.value(value, Tags.NONE, 0)));
    return out;
  }

  private Value messages(@Nullable Object value) {
    List<Object> items = new ArrayList<>();
    switch (value) {
      case List<?> list -> items.addAll(list);
      case JsonNode node when node.isArray() -> node.forEach(items::add);
      case null, default -> {
        return value(value, Tags.NONE, 0);
      }
    }
    var out = new ArrayList<Value>(items.size());
    for (int i = 0; i < items.size(); i++) {
      out.add(message(items.get(i), i));
    }
    return Value.Seq.list(out);
  }

  private Value message(@Nullable Object message, int index) {
    long other = Tags.of(Part.OTHER, index);
    var entries = new LinkedHashMap<Value, Value>();
    switch (message) {
      case Map<?, ?> map -> map.forEach((key, item) -> field(entries, key, item, index));
      case JsonNode node when node.isObject() ->
          node.properties().forEach(e -> field(entries, e.getKey(), e.getValue(), index));
      case null, default -> {
        return value(message, other, 1);
      }
    }
    return new Value.Dict(entries, other);
  }

  private void field(
      Map<Value, Value> entries, @Nullable Object key, @Nullable Object item, int index) {
    long tag = Tags.of(partOf(String.valueOf(key)), index);
    entries.put(value(key, Tags.of(Part.OTHER, index), 2), value(item, tag, 2));
  }

  private static Part partOf(String key) {
    return switch (key) {
      case "role" -> Part.ROLE;
      case "content" -> Part.CONTENT;
      case "reasoning_content", "thinking", "reasoning" -> Part.REASONING;
      case "tool_calls", "function_call" -> Part.TOOL_CALL;
      default -> Part.OTHER;
    };
  }

  private Value value(@Nullable Object value, long tag, int depth) {
    if (depth > maxDepth) {
      throw new TemplateException("a variable is nested more than " + maxDepth + " levels deep");
    }
    return switch (value) {
      case null -> Value.None.NONE;
      case String s -> Text.of(s, tag);
      case Boolean b -> new Value.Bool(b, tag);
      case Number n -> number(n, tag);
      case Map<?, ?> map -> {
        var entries = new LinkedHashMap<Value, Value>();
        map.forEach(
            (key, item) -> entries.put(value(key, tag, depth + 1), value(item, tag, depth + 1)));
        yield new Value.Dict(entries, tag);
      }
      case List<?> list -> {
        var items = new ArrayList<Value>(list.size());
        list.forEach(item -> items.add(value(item, tag, depth + 1)));
        yield new Value.Seq(items, false, tag);
      }
      case JsonNode node -> node(node, tag, depth);
      default ->
          throw new TemplateException(
              "a variable has the type " + value.getClass().getName() + "; give JSON-like values");
    };
  }

  private static Value number(Number number, long tag) {
    return switch (number) {
      case Integer i -> new Value.Int(i, tag);
      case Long l -> new Value.Int(l, tag);
      case Short s -> new Value.Int(s, tag);
      case Byte b -> new Value.Int(b, tag);
      case BigInteger b -> Numbers.ofBig(b, tag);
      case Double d -> new Value.Real(d, tag);
      case Float f -> new Value.Real(f, tag);
      case BigDecimal d -> new Value.Real(d.doubleValue(), tag);
      default -> throw new TemplateException("a variable is a number of an unknown kind");
    };
  }

  private Value node(JsonNode node, long tag, int depth) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        var entries = new LinkedHashMap<Value, Value>();
        node.properties()
            .forEach(
                e -> entries.put(Text.of(e.getKey(), tag), value(e.getValue(), tag, depth + 1)));
        yield new Value.Dict(entries, tag);
      }
      case ARRAY -> {
        var items = new ArrayList<Value>(node.size());
        node.forEach(item -> items.add(value(item, tag, depth + 1)));
        yield new Value.Seq(items, false, tag);
      }
      case STRING -> Text.of(node.stringValue(), tag);
      case BOOLEAN -> new Value.Bool(node.booleanValue(), tag);
      case NUMBER -> number(node.numberValue(), tag);
      case NULL, MISSING -> Value.None.NONE;
      default -> throw new TemplateException("a variable holds a JSON node that is not plain JSON");
    };
  }
}
