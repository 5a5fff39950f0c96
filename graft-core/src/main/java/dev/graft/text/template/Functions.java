package dev.graft.text.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions every template can call. */
final class Functions {
  static final Map<String, Value> GLOBALS =
      Map.of(
          "range", new Function("range", Functions::range),
          "dict", new DictType(),
          "namespace", new Function("namespace", Functions::namespace),
          "cycler", new Function("cycler", (context, args) -> new Cycler(args.positional())),
          "joiner", new Function("joiner", Functions::joiner),
          "raise_exception", new Function("raise_exception", Functions::raise),
          "strftime_now", new Function("strftime_now", Functions::now));

  private Functions() {}

  /** What a function does. */
  @FunctionalInterface
  interface Body {
    Value call(Context context, Args args);
  }

  /** A function of the engine. */
  record Function(String name, Body body) implements Value.Host {
    @Override
    public Value call(Context context, Args args) {
      return body.call(context, args);
    }

    @Override
    public String typeName() {
      return "function";
    }

    @Override
    public String display() {
      return "<function " + name + ">";
    }
  }

  /** A method taken from a value. */
  record Method(Value self, Filter method) implements Value.Host {
    @Override
    public Value call(Context context, Args args) {
      return method.apply(context, self, args);
    }

    @Override
    public String typeName() {
      return "builtin_function_or_method";
    }

    @Override
    public String display() {
      return "<built-in method " + method.name() + " of " + self.typeName() + " object>";
    }
  }

  private record DictType() implements Value.Host {
    @Override
    public Value call(Context context, Args args) {
      return Value.Dict.of(entries(context, args));
    }

    @Override
    public @Nullable Value attribute(Context context, String name) {
      return name.equals("fromkeys") ? new Function("fromkeys", CollectionMethods::fromKeys) : null;
    }

    @Override
    public String typeName() {
      return "TemplateDict";
    }

    @Override
    public String display() {
      return "<dict>";
    }
  }

  /** The arguments of Python's {@code dict(...)}: a mapping or pairs, then names. */
  static Map<Value, Value> entries(Context context, Args args) {
    context.allocate(1 + args.named().size(), 64);
    var entries = new LinkedHashMap<Value, Value>();
    if (args.positional().size() > 1) {
      throw new TemplateException("dict expected at most 1 argument");
    }
    for (Value source : args.positional()) {
      if (source instanceof Value.Dict dict) {
        context.allocate(dict.entries.size(), 24);
        entries.putAll(dict.entries);
      } else {
        for (Value pair : Values.items(context, source)) {
          List<Value> halves = Values.items(context, pair);
          if (halves.size() != 2) {
            throw new TemplateException("dict needs pairs of a key and a value");
          }
          context.allocate(1, 32);
          entries.put(Values.hashable(context, halves.get(0)), halves.get(1));
        }
      }
    }
    args.named().forEach((name, value) -> entries.put(Text.of(name), value));
    context.checked(Value.Dict.of(entries));
    return entries;
  }

  private static Value range(Context context, Args args) {
    List<Value> given = args.positional();
    if (given.isEmpty() || given.size() > 3 || !args.named().isEmpty()) {
      throw new TemplateException("range expected 1 to 3 arguments");
    }
    long first = Numbers.index(given.getFirst());
    long start = given.size() == 1 ? 0 : first;
    long stop = given.size() == 1 ? first : Numbers.index(given.get(1));
    long step = given.size() == 3 ? Numbers.index(given.get(2)) : 1;
    if (step == 0) {
      throw new TemplateException("range() arg 3 must not be zero");
    }
    long bound = 1L << 40;
    boolean huge = Math.abs(start) > bound || Math.abs(stop) > bound || Math.abs(step) > bound;
    var range = new Value.Range(start, stop, step);
    if (huge || range.size() > context.limits.maxRange()) {
      throw new TemplateException(
          "Range too big. The sandbox blocks ranges larger than "
              + context.limits.maxRange()
              + ".");
    }
    return range;
  }

  static void checkField(String name) {
    if (name.startsWith("_")) {
      throw new TemplateException(
          "Chat templates cannot store underscore-prefixed attributes on a namespace, but got '"
              + name
              + "'.");
    }
  }

  private static Value namespace(Context context, Args args) {
    var namespace = new Value.Namespace();
    entries(context, args)
        .forEach((key, value) -> {
          if (key instanceof Text name) {
            checkField(name.string);
            namespace.fields.put(name.string, value);
          }
        });
    return namespace;
  }

  private static Value raise(Context context, Args args) {
    args.check("raise_exception", List.of("message"));
    throw new TemplateException(Repr.str(context, args.need(0, "message")).string);
  }

  private static Value now(Context context, Args args) {
    args.check("strftime_now", List.of("format"));
    return Text.of(Strftime.format(context.clock, args.text(0, "format").string));
  }

  private static Value joiner(Context context, Args args) {
    args.check("joiner", List.of("sep"));
    Value separator = args.or(0, "sep", Text.of(", "));
    boolean[] used = {false};
    return new Function(
        "joiner",
        (c, none) -> {
          boolean first = !used[0];
          used[0] = true;
          return first ? Text.EMPTY : separator;
        });
  }

  /** Goes round a list of values. */
  private static final class Cycler implements Value.Host {
    private final List<Value> items;
    private int position;

    Cycler(List<Value> items) {
      if (items.isEmpty()) {
        throw new TemplateException("at least one item has to be provided");
      }
      this.items = items;
    }

    @Override
    public @Nullable Value attribute(Context context, String name) {
      return switch (name) {
        case "current" -> items.get(position);
        case "pos" -> Value.Int.of(position);
        case "items" -> Value.Seq.tuple(items);
        case "next" ->
            new Function(
                "next",
                (c, args) -> {
                  Value value = items.get(position);
                  position = (position + 1) % items.size();
                  return value;
                });
        case "reset" ->
            new Function(
                "reset",
                (c, args) -> {
                  position = 0;
                  return Value.None.NONE;
                });
        default -> null;
      };
    }

    @Override
    public boolean callable() {
      return false;
    }

    @Override
    public String typeName() {
      return "Cycler";
    }

    @Override
    public String display() {
      return "<Cycler>";
    }
  }
}
