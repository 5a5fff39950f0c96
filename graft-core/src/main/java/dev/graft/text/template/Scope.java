package dev.graft.text.template;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The variables of one block. Names are interned by the lexer, so they are compared by identity; a
 * block has few, so they are searched one by one.
 */
final class Scope {
  final @Nullable Scope parent;
  private @Nullable String[] names = new @Nullable String[4];
  private @Nullable Value[] values = new @Nullable Value[4];
  private int count;

  Scope(@Nullable Scope parent) {
    this.parent = parent;
  }

  @SuppressWarnings({"ReferenceEquality", "StringEquality"})
  @Nullable Value find(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      for (int i = 0; i < scope.count; i++) {
        if (scope.names[i] == name) {
          return scope.values[i];
        }
      }
    }
    return null;
  }

  @SuppressWarnings({"ReferenceEquality", "StringEquality"})
  void set(String name, Value value) {
    for (int i = 0; i < count; i++) {
      if (names[i] == name) {
        values[i] = value;
        return;
      }
    }
    if (count == names.length) {
      names = Arrays.copyOf(names, count * 2);
      values = Arrays.copyOf(values, count * 2);
    }
    names[count] = name;
    values[count] = value;
    count++;
  }
}
