package dev.graft.text.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attributes, items and slices, with what the sandbox of Jinja allows. */
final class Access {
  private Access() {}

  /** {@code target.name}: the attribute if there is one, else the item. */
  static Value attribute(Context context, Value target, String name) {
    if (target instanceof Value.Undefined u) {
      throw u.error();
    }
    Value attribute = attributeOrNull(context, target, name);
    if (attribute != null) {
      return attribute;
    }
    if (target instanceof Value.Dict dict) {
      Value item = dict.entries.get(Text.of(name));
      if (item != null) {
        return item;
      }
    }
    return missing(target, name);
  }

  /** {@code target[key]}: the item if there is one, else the attribute. */
  static Value item(Context context, Value target, Value key) {
    if (target instanceof Value.Undefined u) {
      throw u.error();
    }
    Value item = itemOrNull(context, target, key);
    if (item == null && key instanceof Text name) {
      item = attributeOrNull(context, target, name.string);
    }
    return item != null ? item : missing(target, Repr.str(context, key).string);
  }

  private static Value missing(Value target, String name) {
    return Value.Undefined.because(
        "'" + target.typeName() + " object' has no attribute '" + name + "'");
  }

  private static @Nullable Value attributeOrNull(Context context, Value target, String name) {
    if (name.startsWith("__") && name.endsWith("__")) {
      return unsafe(target, name);
    }
    return switch (target) {
      case Value.Namespace namespace -> namespace.fields.get(name);
      case Value.Host host -> host.attribute(context, name);
      case Text text -> method(StringMethods.ALL.get(name), text);
      case Value.Dict dict -> {
        if (CollectionMethods.DICT_FORBIDDEN.contains(name)) {
          yield unsafe(target, name);
        }
        yield method(CollectionMethods.DICT.get(name), dict);
      }
      case Value.Seq seq -> {
        if (seq.grouped && name.equals("grouper")) {
          yield seq.items.getFirst();
        }
        if (seq.grouped && name.equals("list")) {
          yield seq.items.getLast();
        }
        if (!seq.tuple && CollectionMethods.LIST_FORBIDDEN.contains(name)) {
          yield unsafe(target, name);
        }
        yield method((seq.tuple ? CollectionMethods.TUPLE : CollectionMethods.LIST).get(name), seq);
      }
      case Value.Range range ->
          switch (name) {
            case "start" -> Value.Int.of(range.start());
            case "stop" -> Value.Int.of(range.stop());
            case "step" -> Value.Int.of(range.step());
            default -> null;
          };
      case Value.Int n -> NumberMethods.attribute(n, name);
      case Value.Bool b -> NumberMethods.attribute(Value.Int.of(Numbers.index(b)), name);
      case Value.Real r -> NumberMethods.attribute(r, name);
      default -> null;
    };
  }

  private static Value unsafe(Value target, String name) {
    return Value.Undefined.because(
        "access to attribute '" + name + "' of '" + target.typeName() + "' object is unsafe.");
  }

  private static @Nullable Value method(@Nullable Filter filter, Value target) {
    return filter == null ? null : new Functions.Method(target, filter);
  }

  private static @Nullable Value itemOrNull(Context context, Value target, Value key) {
    if (target instanceof Value.Dict dict) {
      boolean hashable = !(key instanceof Value.Dict) && !(key instanceof Value.Seq s && !s.tuple);
      return hashable ? dict.entries.get(Values.hashable(context, key)) : null;
    }
    Long index = Numbers.integer(key);
    if (index == null) {
      return null;
    }
    return switch (target) {
      case Value.Seq seq -> {
        int at = place(index, seq.items.size());
        yield at < 0 ? null : seq.items.get(at);
      }
      case Text text -> character(context, text, index);
      case Value.Range range -> {
        long size = range.size();
        long at = index < 0 ? index + size : index;
        yield at < 0 || at >= size ? null : Value.Int.of(range.start() + at * range.step());
      }
      default -> null;
    };
  }

  private static int place(long index, int size) {
    long at = index < 0 ? index + size : index;
    return at < 0 || at >= size ? -1 : (int) at;
  }

  private static @Nullable Value character(Context context, Text text, long index) {
    context.charge(text.length() >> 6);
    if (text.isBmp()) {
      int at = place(index, text.length());
      return at < 0 ? null : text.substring(at, at + 1);
    }
    int at = place(index, text.codePoints());
    if (at < 0) {
      return null;
    }
    int from = text.string.offsetByCodePoints(0, at);
    return text.substring(from, text.string.offsetByCodePoints(from, 1));
  }

  /** {@code target[from:to:step]}; unlike with one index, a value without slices is an error. */
  static Value slice(Context context, Value target, Value from, Value to, Value step) {
    if (target instanceof Value.Undefined u) {
      throw u.error();
    }
    if (!isIndex(from) || !isIndex(to) || !isIndex(step)) {
      throw new TemplateException("slice indices must be integers or None");
    }
    long stride = step == Value.None.NONE ? 1 : Numbers.index(step);
    if (stride == 0) {
      throw new TemplateException("slice step cannot be zero");
    }
    return switch (target) {
      case Text text -> sliceText(context, text, bounds(from, to, stride, text.codePoints()));
      case Value.Seq seq -> {
        Bounds bounds = bounds(from, to, stride, seq.items.size());
        yield new Value.Seq(pick(context, seq.items, bounds), seq.tuple, seq.tag());
      }
      case Value.Range range -> {
        Bounds b = bounds(from, to, stride, range.size());
        yield new Value.Range(
            range.start() + b.start * range.step(),
            range.start() + b.end * range.step(),
            range.step() * b.step);
      }
      default -> throw new TemplateException("'" + target.typeName() + "' object has no slices");
    };
  }

  private static boolean isIndex(Value value) {
    return value == Value.None.NONE || Numbers.integer(value) != null;
  }

  private record Bounds(long start, long end, long step) {
    long size() {
      long span = step > 0 ? end - start : start - end;
      return span <= 0 ? 0 : (span - 1) / Math.abs(step) + 1;
    }
  }

  private static Bounds bounds(Value from, Value to, long step, long size) {
    boolean forward = step > 0;
    long low = forward ? 0 : -1;
    long high = forward ? size : size - 1;
    long start = from == Value.None.NONE ? (forward ? low : high) : clamp(from, size, low, high);
    long end = to == Value.None.NONE ? (forward ? high : low) : clamp(to, size, low, high);
    // A stride beyond the size takes one element; keeping it small keeps the sums in range.
    long stride = Math.clamp(step, -size - 1, size + 1);
    return new Bounds(start, end, stride);
  }

  private static long clamp(Value value, long size, long low, long high) {
    long index = Numbers.index(value);
    return Math.clamp(index < 0 ? index + size : index, low, high);
  }

  private static List<Value> pick(Context context, List<Value> items, Bounds bounds) {
    context.allocate(bounds.size(), 2);
    if (bounds.step == 1) {
      return bounds.size() == 0
          ? List.of()
          : new ArrayList<>(items.subList((int) bounds.start, (int) bounds.end));
    }
    var out = new ArrayList<Value>((int) bounds.size());
    for (long i = 0; i < bounds.size(); i++) {
      out.add(items.get((int) (bounds.start + i * bounds.step)));
    }
    return out;
  }

  private static Text sliceText(Context context, Text text, Bounds bounds) {
    context.allocate(text.length());
    if (bounds.size() == 0) {
      return text.substring(0, 0);
    }
    if (bounds.step == 1) {
      String s = text.string;
      int from = s.offsetByCodePoints(0, (int) bounds.start);
      int end = s.offsetByCodePoints(from, (int) (bounds.end - bounds.start));
      return text.substring(from, end);
    }
    int[] offsets = new int[text.codePoints() + 1];
    for (int i = 1; i < offsets.length; i++) {
      offsets[i] = text.string.offsetByCodePoints(offsets[i - 1], 1);
    }
    var out = new TextBuilder(context);
    for (long i = 0; i < bounds.size(); i++) {
      int at = (int) (bounds.start + i * bounds.step);
      out.append(text, offsets[at], offsets[at + 1]);
    }
    return out.toText().withMarkup(text.markup);
  }
}
