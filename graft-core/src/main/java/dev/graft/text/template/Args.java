package dev.graft.text.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of one call. */
record Args(List<Value> positional, Map<String, Value> named) {
  static final Args NONE = new Args(List.of(), Map.of());

  static Args of(Value... values) {
    return new Args(List.of(values), Map.of());
  }

  /** Refuses arguments the function does not have, or has twice. */
  void check(String function, List<String> parameters) {
    if (positional.size() > parameters.size()) {
      throw new TemplateException(
          function + "() takes at most " + parameters.size() + " arguments");
    }
    for (String name : named.keySet()) {
      int index = parameters.indexOf(name);
      if (index < 0) {
        throw new TemplateException(function + "() has no argument '" + name + "'");
      }
      if (index < positional.size()) {
        throw new TemplateException(function + "() was given '" + name + "' twice");
      }
    }
  }

  /** The argument, or null when it was not given. */
  @Nullable Value find(int index, String name) {
    return index < positional.size() ? positional.get(index) : named.get(name);
  }

  Value need(int index, String name) {
    Value value = find(index, name);
    if (value == null) {
      throw new TemplateException("argument '" + name + "' is missing");
    }
    return value;
  }

  Value or(int index, String name, Value otherwise) {
    Value value = find(index, name);
    return value == null ? otherwise : value;
  }

  boolean flag(int index, String name) {
    Value value = find(index, name);
    return value != null && Values.truth(value);
  }

  long integer(int index, String name, long otherwise) {
    Value value = find(index, name);
    return value == null ? otherwise : Numbers.index(value);
  }

  Text text(int index, String name) {
    if (need(index, name) instanceof Text text) {
      return text;
    }
    throw new TemplateException(
        "argument '" + name + "' must be a string, not " + need(index, name).typeName());
  }

  /** A string, or null when it was not given or is none. */
  @Nullable Text textOrNone(int index, String name) {
    Value value = find(index, name);
    return value == null || value == Value.None.NONE ? null : text(index, name);
  }

  /** The arguments after the first. */
  Args tail(int count) {
    return new Args(positional.subList(count, positional.size()), named);
  }
}
