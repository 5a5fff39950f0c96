package dev.graft.text.template;

import java.util.ArrayList;
import java.util.Map;

/** The filters {@code map}, {@code select}, {@code reject} and their forms with attributes. */
final class SelectFilters {
  private SelectFilters() {}

  static void addTo(Filter.Table table) {
    table
        .addOpen("map", SelectFilters::map)
        .addOpen("select", (c, v, a) -> select(c, v, a, true))
        .addOpen("reject", (c, v, a) -> select(c, v, a, false))
        .addOpen("selectattr", (c, v, a) -> selectByAttribute(c, v, a, true))
        .addOpen("rejectattr", (c, v, a) -> selectByAttribute(c, v, a, false));
  }

  private static Filter named(Map<String, Filter> table, Value name, String what) {
    Filter found = name instanceof Text text ? table.get(text.string) : null;
    if (found == null) {
      throw new TemplateException("No " + what + " named '" + name + "'.");
    }
    return found;
  }

  private static Value map(Context context, Value value, Args args) {
    var out = new ArrayList<Value>();
    if (!Values.truth(value)) {
      return new Value.Lazy(out);
    }
    Value attribute = args.named().get("attribute");
    if (args.positional().isEmpty() && attribute != null) {
      args.check("map", java.util.List.of("attribute", "default"));
      AttributePath path = AttributePath.of(attribute).withDefault(args.named().get("default"));
      for (Value item : Values.items(context, value)) {
        out.add(path.get(context, item));
      }
    } else {
      if (args.positional().isEmpty()) {
        throw new TemplateException("map requires a filter argument");
      }
      Filter filter = named(Filters.ALL, args.positional().getFirst(), "filter");
      Args rest = args.tail(1);
      for (Value item : Values.items(context, value)) {
        context.step();
        out.add(filter.apply(context, item, rest));
      }
    }
    context.allocate(out.size(), 2);
    return new Value.Lazy(out);
  }

  private static Value select(Context context, Value value, Args args, boolean keep) {
    return run(context, value, args, AttributePath.of(Value.None.NONE), keep);
  }

  private static Value selectByAttribute(Context context, Value value, Args args, boolean keep) {
    if (Values.truth(value) && args.positional().isEmpty()) {
      throw new TemplateException("Missing parameter for attribute name");
    }
    return Values.truth(value)
        ? run(context, value, args.tail(1), AttributePath.of(args.positional().getFirst()), keep)
        : new Value.Lazy(java.util.List.of());
  }

  private static Value run(
      Context context, Value value, Args args, AttributePath path, boolean keep) {
    var out = new ArrayList<Value>();
    if (!Values.truth(value)) {
      return new Value.Lazy(out);
    }
    boolean tested = !args.positional().isEmpty();
    Filter test = tested ? named(Tests.ALL, args.positional().getFirst(), "test") : null;
    Args rest = tested ? args.tail(1) : Args.NONE;
    for (Value item : Values.items(context, value)) {
      context.step();
      Value part = path.get(context, item);
      Value verdict = test == null ? part : test.apply(context, part, rest);
      if (Values.truth(verdict) == keep) {
        out.add(item);
      }
    }
    context.allocate(out.size(), 2);
    return new Value.Lazy(out);
  }
}
