package dev.graft.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One option of a run: key in YAML, flag on the command line, property of the JSON schema.
 *
 * @param key in kebab-case; the flag is {@code --key}
 * @param type which values it takes
 * @param initial value where none is given; null where there is none
 * @param group heading it is listed under
 * @param help one line, without a full stop
 */
public record Option<T>(
    String key, OptionType<T> type, @Nullable T initial, OptionGroup group, String help) {

  /** The default as it would be written on the command line; empty where there is none. */
  public String initialText() {
    Object json = initialJson();
    return json == null || json instanceof Map ? "" : json.toString();
  }

  /** The default as a tree of JSON. */
  @Nullable Object initialJson() {
    return initial == null ? null : type.toJson(initial);
  }
}
