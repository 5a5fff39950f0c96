package dev.graft.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the data set calls the keys and roles that Graft knows by other names.
 *
 * @param names Graft's name, one of {@link #NAMES}, to the data set's; {@code system-text} to the
 *     system message itself, for rows that have none
 */
public record RowMapping(Map<String, String> names) {
  /** Keys of a row. */
  public static final List<String> ROW_KEYS =
      List.of(
          "messages",
          "tools",
          "system",
          "prompt",
          "completion",
          "text",
          "instruction",
          "input",
          "output",
          "history",
          "chosen",
          "rejected",
          "label");

  /** Keys of a message. */
  public static final List<String> MESSAGE_KEYS = List.of("role", "content");

  /** What a message's role can be mapped from; {@code system} is a key of rows already. */
  public static final List<String> ROLES = List.of("user", "assistant", "system-role", "tool");

  /** Constant text of the system message. */
  public static final String SYSTEM_TEXT = "system-text";

  /** Everything that can be mapped. */
  public static final List<String> NAMES =
      Stream.of(ROW_KEYS, MESSAGE_KEYS, ROLES, List.of(SYSTEM_TEXT)).flatMap(List::stream).toList();

  /** Everything has its usual name. */
  public static final RowMapping NONE = new RowMapping(Map.of());

  /**
   * A mapping.
   *
   * @throws IllegalArgumentException for a name that is not one of {@link #NAMES}
   */
  public RowMapping {
    for (String name : names.keySet()) {
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("nothing is called " + name);
      }
    }
    names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
  }

  /** What the data set calls a key, or null where it was not said. */
  @Nullable String source(String name) {
    return names.get(name);
  }

  /** Whether a key of this name was mapped. */
  boolean maps(String name) {
    return names.containsKey(name);
  }

  /** System message of rows that have none. */
  Optional<String> systemText() {
    return Optional.ofNullable(names.get(SYSTEM_TEXT));
  }

  /** Graft's name of a role that the data set calls otherwise, or null. */
  @Nullable String role(String theirs) {
    for (String role : ROLES) {
      if (theirs.equals(names.get(role))) {
        return role.equals("system-role") ? "system" : role;
      }
    }
    return null;
  }
}
