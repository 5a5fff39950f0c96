package dev.graft.text.template;

import java.util.List;

/**
 * A filter, test or method: takes a subject and arguments.
 *
 * @param parameters the names of the arguments after the subject; null when it takes any
 */
record Filter(String name, Body body, @org.jspecify.annotations.Nullable List<String> parameters) {
  /** What the filter does. */
  @FunctionalInterface
  interface Body {
    Value apply(Context context, Value subject, Args args);
  }

  Value apply(Context context, Value subject, Args args) {
    if (parameters != null) {
      args.check(name, parameters);
    }
    return body.apply(context, subject, args);
  }

  /** Builds a table of filters by name. */
  static final class Table {
    private final java.util.Map<String, Filter> byName = new java.util.HashMap<>();

    Table add(String name, Body body, String... parameters) {
      byName.put(name, new Filter(name, body, List.of(parameters)));
      return this;
    }

    /** Adds one that looks at its arguments itself. */
    Table addOpen(String name, Body body) {
      byName.put(name, new Filter(name, body, null));
      return this;
    }

    Table alias(String name, String of) {
      Filter filter = byName.get(of);
      if (filter == null) {
        throw new IllegalStateException("no filter " + of);
      }
      byName.put(name, filter);
      return this;
    }

    java.util.Map<String, Filter> build() {
      return java.util.Map.copyOf(byName);
    }
  }
}
