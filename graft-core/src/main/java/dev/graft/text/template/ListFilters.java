package dev.graft.text.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Filters over lists. */
final class ListFilters {
  private ListFilters() {}

  static void addTo(Filter.Table table) {
    table
        .add("list", (c, v, a) -> list(c, new ArrayList<>(Values.items(c, v))))
        .add("first", ListFilters::first)
        .add("last", ListFilters::last)
        .add("join", ListFilters::join, "d", "attribute")
        .add("reverse", ListFilters::reverse)
        .add("items", ListFilters::items)
        .add("dictsort", ListFilters::dictSort, "case_sensitive", "by", "reverse")
        .add("sort", ListFilters::sort, "reverse", "case_sensitive", "attribute")
        .add("unique", ListFilters::unique, "case_sensitive", "attribute")
        .add("min", (c, v, a) -> extreme(c, v, a, false), "case_sensitive", "attribute")
        .add("max", (c, v, a) -> extreme(c, v, a, true), "case_sensitive", "attribute")
        .add("sum", ListFilters::sum, "attribute", "start")
        .add("groupby", ListFilters::groupBy, "attribute", "default", "case_sensitive")
        .add("batch", ListFilters::batch, "linecount", "fill_with")
        .add("slice", ListFilters::slice, "slices", "fill_with");
  }

  static Value.Seq list(Context context, List<Value> items) {
    context.allocate(items.size(), 2);
    return context.checked(Value.Seq.list(items));
  }

  private static Value.Lazy lazy(Context context, List<Value> items) {
    context.allocate(items.size(), 2);
    return new Value.Lazy(items);
  }

  private static Value first(Context context, Value value, Args args) {
    Value first =
        switch (value) {
          case Value.Lazy lazy -> lazy.next();
          case Text text when !text.isEmpty() -> Access.item(context, text, Value.Int.of(0));
          default -> {
            List<Value> items = Values.items(context, value);
            yield items.isEmpty() ? null : items.getFirst();
          }
        };
    return first != null ? first : Value.Undefined.because("No first item, sequence was empty.");
  }

  private static Value last(Context context, Value value, Args args) {
    if (value instanceof Text text && !text.isEmpty()) {
      return Access.item(context, text, Value.Int.of(-1));
    }
    if (value instanceof Value.Lazy) {
      throw new TemplateException("'generator' object is not reversible");
    }
    List<Value> items = Values.items(context, value);
    return items.isEmpty()
        ? Value.Undefined.because("No last item, sequence was empty.")
        : items.getLast();
  }

  private static Value join(Context context, Value value, Args args) {
    Text separator = Repr.str(context, args.or(0, "d", Text.EMPTY)).withMarkup(false);
    List<Value> items = Values.items(context, value);
    Value attribute = args.find(1, "attribute");
    if (attribute != null && attribute != Value.None.NONE) {
      var getter = AttributePath.of(attribute);
      var mapped = new ArrayList<Value>(items.size());
      items.forEach(item -> mapped.add(getter.get(context, item)));
      items = mapped;
    }
    return StringMethods.join(context, separator, items);
  }

  private static Value reverse(Context context, Value value, Args args) {
    if (value instanceof Text text) {
      Value none = Value.None.NONE;
      return Access.slice(context, text, none, none, Value.Int.of(-1));
    }
    List<Value> items = Values.itemsOrNull(context, value);
    if (items == null) {
      throw new TemplateException("argument must be iterable");
    }
    var reversed = new ArrayList<Value>(items);
    Collections.reverse(reversed);
    return value instanceof Value.Lazy ? list(context, reversed) : lazy(context, reversed);
  }

  private static Value items(Context context, Value value, Args args) {
    return switch (value) {
      case Value.Undefined u -> new Value.Lazy(List.of());
      case Value.Dict dict ->
          lazy(
              context,
              Values.viewItems(context, new Value.DictView(dict, Value.DictView.Kind.ITEMS)));
      default -> throw new TemplateException("Can only get item pairs from a mapping.");
    };
  }

  private static Value fold(Context context, Value value) {
    return value instanceof Text text ? StringMethods.lower(context, text) : value;
  }

  private static List<Value> sorted(
      Context context, List<Value> items, UnaryOperator<Value> key, boolean reverse) {
    record Keyed(Value key, Value item) {}
    context.allocate(items.size(), 8);
    var keyed = new ArrayList<Keyed>(items.size());
    items.forEach(item -> keyed.add(new Keyed(key.apply(item), item)));
    Comparator<Keyed> order = (a, b) -> Values.compare(context, a.key(), b.key());
    try {
      keyed.sort(reverse ? order.reversed() : order);
    } catch (IllegalArgumentException notAnOrder) {
      // Numbers that are no numbers have no order; Python leaves such a list in some order.
      throw new TemplateException("the values have no order");
    }
    var out = new ArrayList<Value>(items.size());
    keyed.forEach(pair -> out.add(pair.item()));
    return out;
  }

  private static Value dictSort(Context context, Value value, Args args) {
    if (!(value instanceof Value.Dict dict)) {
      throw value instanceof Value.Undefined u
          ? u.error()
          : new TemplateException("dictsort needs a mapping, not " + value.typeName());
    }
    String by = args.find(1, "by") == null ? "key" : args.text(1, "by").string;
    if (!by.equals("key") && !by.equals("value")) {
      throw new TemplateException("You can only sort by either \"key\" or \"value\"");
    }
    int half = by.equals("key") ? 0 : 1;
    boolean sensitive = args.flag(0, "case_sensitive");
    var pairs = Values.viewItems(context, new Value.DictView(dict, Value.DictView.Kind.ITEMS));
    UnaryOperator<Value> key =
        pair -> {
          Value part = ((Value.Seq) pair).items.get(half);
          return sensitive ? part : fold(context, part);
        };
    return list(context, sorted(context, pairs, key, args.flag(2, "reverse")));
  }

  private static Value sort(Context context, Value value, Args args) {
    boolean sensitive = args.flag(1, "case_sensitive");
    Value attribute = args.or(2, "attribute", Value.None.NONE);
    var paths = AttributePath.several(attribute);
    UnaryOperator<Value> key =
        item -> {
          var keys = new ArrayList<Value>(paths.size());
          for (AttributePath path : paths) {
            Value part = path.get(context, item);
            keys.add(sensitive ? part : fold(context, part));
          }
          return Value.Seq.list(keys);
        };
    List<Value> items = Values.items(context, value);
    return list(context, sorted(context, items, key, args.flag(0, "reverse")));
  }

  private static UnaryOperator<Value> key(
      Context context, @Nullable Value attribute, boolean sensitive) {
    AttributePath path = AttributePath.of(attribute == null ? Value.None.NONE : attribute);
    return item -> {
      Value part = path.get(context, item);
      return sensitive ? part : fold(context, part);
    };
  }

  private static Value unique(Context context, Value value, Args args) {
    var key = key(context, args.find(1, "attribute"), args.flag(0, "case_sensitive"));
    Set<Value> seen = new HashSet<>();
    var out = new ArrayList<Value>();
    for (Value item : Values.items(context, value)) {
      if (seen.add(Values.hashable(context, key.apply(item)))) {
        out.add(item);
      }
    }
    return lazy(context, out);
  }

  private static Value extreme(Context context, Value value, Args args, boolean largest) {
    var key = key(context, args.find(1, "attribute"), args.flag(0, "case_sensitive"));
    Value best = null;
    Value bestKey = null;
    for (Value item : Values.items(context, value)) {
      Value itemKey = key.apply(item);
      if (best == null || bestKey == null) {
        best = item;
        bestKey = itemKey;
        continue;
      }
      int order = Values.compare(context, itemKey, bestKey);
      if (largest ? order == 1 : order < 0) {
        best = item;
        bestKey = itemKey;
      }
    }
    return best != null ? best : Value.Undefined.because("No aggregated item, sequence was empty.");
  }

  private static Value sum(Context context, Value value, Args args) {
    AttributePath path = AttributePath.of(args.or(0, "attribute", Value.None.NONE));
    Value total = args.or(1, "start", Value.Int.of(0));
    if (total instanceof Text) {
      throw new TemplateException("sum() can't sum strings");
    }
    for (Value item : Values.items(context, value)) {
      total = Operators.apply(context, Expr.BinaryOp.ADD, total, path.get(context, item));
    }
    return total;
  }

  private static Value groupBy(Context context, Value value, Args args) {
    Value attribute = args.need(0, "attribute");
    AttributePath path = AttributePath.of(attribute).withDefault(args.find(1, "default"));
    boolean sensitive = args.flag(2, "case_sensitive");
    UnaryOperator<Value> key =
        item -> {
          Value part = path.get(context, item);
          return sensitive ? part : fold(context, part);
        };
    var groups = new ArrayList<Value>();
    List<Value> members = new ArrayList<>();
    Value current = null;
    for (Value item : sorted(context, Values.items(context, value), key, false)) {
      Value itemKey = key.apply(item);
      if (current != null && !Values.equal(context, current, itemKey)) {
        groups.add(group(context, path, members));
        members = new ArrayList<>();
      }
      current = itemKey;
      members.add(item);
    }
    if (!members.isEmpty()) {
      groups.add(group(context, path, members));
    }
    return list(context, groups);
  }

  private static Value group(Context context, AttributePath path, List<Value> members) {
    return Value.Seq.group(path.get(context, members.getFirst()), list(context, members));
  }

  private static Value batch(Context context, Value value, Args args) {
    long size = args.integer(0, "linecount", 0);
    Value fill = args.or(1, "fill_with", Value.None.NONE);
    var rows = new ArrayList<Value>();
    List<Value> row = new ArrayList<>();
    for (Value item : Values.items(context, value)) {
      if (row.size() == size) {
        rows.add(list(context, row));
        row = new ArrayList<>();
      }
      row.add(item);
    }
    if (!row.isEmpty()) {
      long missing = fill == Value.None.NONE ? 0 : size - row.size();
      context.allocate(Math.max(0, missing), 2);
      for (long i = 0; i < missing; i++) {
        row.add(fill);
      }
      rows.add(list(context, row));
    }
    return lazy(context, rows);
  }

  private static Value slice(Context context, Value value, Args args) {
    List<Value> items = Values.items(context, value);
    long slices = args.integer(0, "slices", 0);
    if (slices == 0) {
      throw new TemplateException("integer division or modulo by zero");
    }
    Value fill = args.or(1, "fill_with", Value.None.NONE);
    context.allocate(Math.max(0, slices), 32);
    var rows = new ArrayList<Value>();
    int from = 0;
    for (long i = 0; i < slices; i++) {
      boolean extra = i < items.size() % slices;
      int to = (int) (from + items.size() / slices + (extra ? 1 : 0));
      var row = new ArrayList<Value>(items.subList(from, to));
      if (fill != Value.None.NONE && !extra) {
        row.add(fill);
      }
      rows.add(list(context, row));
      from = to;
    }
    return lazy(context, rows);
  }
}
