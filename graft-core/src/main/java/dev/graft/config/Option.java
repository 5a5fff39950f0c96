package dev.graft.config;

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
    String key, OptionType<T> type, @Nullable T initial, OptionGroup group, String help) {}
