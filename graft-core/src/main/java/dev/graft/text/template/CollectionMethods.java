package dev.graft.text.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The methods of lists, tuples and dictionaries that change nothing. */
final class CollectionMethods {
  static final Set<String> LIST_FORBIDDEN =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
  static final Set<String> DICT_FORBIDDEN =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  static final Map<String, Filter> TUPLE =
      new Filter.Table()
          .add("count", CollectionMethods::count, "value")
          .add("index", CollectionMethods::index, "value", "start", "stop")
          .build();

  static final Map<String, Filter> LIST =
      new Filter.Table()
          .add("count", CollectionMethods::count, "value")
          .add("index", CollectionMethods::index, "value", "start", "stop")
          .add("copy", (context, self, args) -> self)
          .build();

  static final Map<String, Filter> DICT =
      new Filter.Table()
          .add("get", CollectionMethods::get, "key", "default")
          .add("keys", (context, self, args) -> view(self, Value.DictView.Kind.KEYS))
          .add("values", (context, self, args) -> view(self, Value.DictView.Kind.VALUES))
          .add("items", (context, self, args) -> view(self, Value.DictView.Kind.ITEMS))
          .add("copy", (context, self, args) -> self)
          .addOpen("fromkeys", (context, self, args) -> fromKeys(context, args))
          .build();

  private CollectionMethods() {}

  private static Value view(Value self, Value.DictView.Kind kind) {
    return new Value.DictView((Value.Dict) self, kind);
  }

  private static Value get(Context context, Value self, Args args) {
    Value key = Values.hashable(context, args.need(0, "key"));
    Value found = ((Value.Dict) self).entries.get(key);
    return found != null ? found : args.or(1, "default", Value.None.NONE);
  }

  private static Value count(Context context, Value self, Args args) {
    Value wanted = args.need(0, "value");
    long count = 0;
    for (Value item : ((Value.Seq) self).items) {
      if (Values.equal(context, item, wanted)) {
        count++;
      }
    }
    return Value.Int.of(count);
  }

  private static Value index(Context context, Value self, Args args) {
    Value wanted = args.need(0, "value");
    List<Value> items = ((Value.Seq) self).items;
    long size = items.size();
    long from = args.integer(1, "start", 0);
    long to = args.integer(2, "stop", size);
    from = Math.clamp(from < 0 ? from + size : from, 0, size);
    to = Math.clamp(to < 0 ? to + size : to, 0, size);
    for (long i = from; i < to; i++) {
      if (Values.equal(context, items.get((int) i), wanted)) {
        return Value.Int.of(i);
      }
    }
    throw new TemplateException("the value is not in the list");
  }

  static Value fromKeys(Context context, Args args) {
    args.check("fromkeys", List.of("iterable", "value"));
    Value value = args.or(1, "value", Value.None.NONE);
    var entries = new LinkedHashMap<Value, Value>();
    for (Value key : Values.items(context, args.need(0, "iterable"))) {
      context.allocate(1, 32);
      entries.put(Values.hashable(context, key), value);
    }
    return context.checked(Value.Dict.of(entries));
  }
}
