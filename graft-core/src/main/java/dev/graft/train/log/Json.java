package dev.graft.train.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** JSON as run folders hold it: JSON has no NaN and no infinity, so they become null. */
final class Json {
  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static String line(Map<String, ?> row) {
    return MAPPER.writeValueAsString(finite(row));
  }

  static String pretty(Map<String, ?> tree) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(finite(tree)) + "\n";
  }

  private static @Nullable Object finite(@Nullable Object value) {
    return switch (value) {
      case Double number -> Double.isFinite(number) ? number : null;
      case Float number -> Float.isFinite(number) ? number : null;
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, item) -> copy.put(String.valueOf(key), finite(item)));
        yield copy;
      }
      case List<?> list -> {
        List<@Nullable Object> copy = new ArrayList<>();
        list.forEach(item -> copy.add(finite(item)));
        yield copy;
      }
      case null -> null;
      default -> value;
    };
  }
}
