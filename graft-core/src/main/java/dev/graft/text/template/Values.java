package dev.graft.text.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Python's protocols say of a value: truth, length, iteration, membership, order. */
final class Values {
  private Values() {}

  static int depthOver(Collection<Value> items) {
    int deepest = 0;
    for (Value item : items) {
      int depth =
          switch (item) {
            case Value.Seq seq -> seq.depth;
            case Value.Dict dict -> dict.depth;
            default -> 0;
          };
      deepest = Math.max(deepest, depth);
    }
    return deepest + 1;
  }

  static long weightOf(Collection<Value> items) {
    long total = 1;
    for (Value item : items) {
      total = Numbers.saturatedAdd(total, weight(item));
    }
    return total;
  }

  /** How many values a walk through this one visits. */
  static long weight(Value value) {
    return switch (value) {
      case Value.Seq seq -> seq.weight;
      case Value.Dict dict -> dict.weight;
      case Value.DictView view -> view.dict().weight;
      case Text text -> 1 + (text.length() >> 6);
      default -> 1;
    };
  }

  static boolean truth(Value value) {
    return switch (value) {
      case Value.None n -> false;
      case Value.Bool b -> b.value();
      case Value.Int i -> i.value() != 0;
      case Value.BigInt b -> true;
      case Value.Real r -> r.value() != 0;
      case Text t -> !t.isEmpty();
      case Value.Seq s -> !s.items.isEmpty();
      case Value.Dict d -> !d.entries.isEmpty();
      case Value.DictView v -> !v.dict().entries.isEmpty();
      case Value.Range r -> r.size() > 0;
      case Value.Undefined u -> false;
      case Value.Lazy l -> true;
      case Value.Namespace n -> true;
      case Value.Host h -> true;
    };
  }

  /** Python's {@code ==}, with its work counted. */
  static boolean equal(Context context, Value a, Value b) {
    context.charge(Math.min(weight(a), weight(b)));
    return a.equals(b);
  }

  /** The number of elements, or -1 for a value without a length. */
  static long sizeOrMinusOne(Value value) {
    return switch (value) {
      case Text t -> t.codePoints();
      case Value.Seq s -> s.items.size();
      case Value.Dict d -> d.entries.size();
      case Value.DictView v -> v.dict().entries.size();
      case Value.Range r -> r.size();
      case Value.Undefined u -> 0;
      case LoopState loop -> loop.size();
      default -> -1;
    };
  }

  static long size(Context context, Value value) {
    context.charge(value instanceof Text t ? t.length() >> 6 : 0);
    long size = sizeOrMinusOne(value);
    if (size < 0) {
      throw new TemplateException("object of type '" + value.typeName() + "' has no len()");
    }
    return size;
  }

  /** The elements, or null for a value that cannot be iterated over. */
  static @Nullable List<Value> itemsOrNull(Context context, Value value) {
    return switch (value) {
      case Value.Seq s -> s.items;
      case Value.Dict d -> copy(context, d.entries.keySet());
      case Value.DictView v -> viewItems(context, v);
      case Value.Lazy lazy -> lazy.drain();
      case Value.Undefined u -> List.of();
      case Text text -> characters(context, text);
      case Value.Range range -> numbers(context, range);
      default -> null;
    };
  }

  static List<Value> items(Context context, Value value) {
    List<Value> items = itemsOrNull(context, value);
    if (items == null) {
      throw new TemplateException("'" + value.typeName() + "' object is not iterable");
    }
    return items;
  }

  private static List<Value> copy(Context context, Collection<Value> items) {
    context.allocate(items.size(), 2);
    return new ArrayList<>(items);
  }

  static List<Value> viewItems(Context context, Value.DictView view) {
    var entries = view.dict().entries;
    return switch (view.kind()) {
      case KEYS -> copy(context, entries.keySet());
      case VALUES -> copy(context, entries.values());
      case ITEMS -> {
        context.allocate(entries.size(), 24);
        var pairs = new ArrayList<Value>(entries.size());
        entries.forEach((key, item) -> pairs.add(Value.Seq.tuple(key, item)));
        yield pairs;
      }
    };
  }

  private static List<Value> characters(Context context, Text text) {
    context.allocate(text.length(), 32);
    var out = new ArrayList<Value>(text.length());
    int i = 0;
    while (i < text.length()) {
      int next = text.string.offsetByCodePoints(i, 1);
      out.add(text.substring(i, next).withMarkup(false));
      i = next;
    }
    return out;
  }

  private static List<Value> numbers(Context context, Value.Range range) {
    long size = range.size();
    context.allocate(size, 12);
    var out = new ArrayList<Value>((int) size);
    for (long i = 0; i < size; i++) {
      out.add(Value.Int.of(range.start() + i * range.step()));
    }
    return out;
  }

  /** Refuses what Python cannot hash; call before a value becomes a key. */
  static Value hashable(Context context, Value value) {
    context.charge(weight(value));
    if (value instanceof Value.Seq seq && seq.tuple) {
      seq.items.forEach(item -> hashable(context, item));
    } else if (value instanceof Value.Seq
        || value instanceof Value.Dict
        || (value instanceof Value.DictView view && view.kind() != Value.DictView.Kind.VALUES)) {
      throw new TemplateException("unhashable type: '" + value.typeName() + "'");
    }
    return value;
  }

  /** Python's {@code needle in haystack}. */
  static boolean contains(Context context, Value haystack, Value needle) {
    return switch (haystack) {
      case Text text -> textContains(context, text, needle);
      case Value.Dict dict -> dict.entries.containsKey(hashable(context, needle));
      case Value.DictView view when view.kind() == Value.DictView.Kind.KEYS ->
          view.dict().entries.containsKey(hashable(context, needle));
      default -> anyEquals(context, haystack, needle);
    };
  }

  private static boolean textContains(Context context, Text text, Value needle) {
    if (needle instanceof Text part) {
      context.charge((text.length() >> 4) + 1L);
      return text.string.contains(part.string);
    }
    throw needle instanceof Value.Undefined u
        ? u.error()
        : new TemplateException(
            "'in <string>' requires string as left operand, not " + needle.typeName());
  }

  private static boolean anyEquals(Context context, Value haystack, Value needle) {
    List<Value> items = itemsOrNull(context, haystack);
    if (items == null) {
      throw new TemplateException("argument of type '" + haystack.typeName() + "' is not iterable");
    }
    for (Value item : items) {
      if (equal(context, item, needle)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Order of two values as Python's {@code <}: -1, 0, 1, or 2 for a number that is none; an error
   * where Python has no order.
   */
  static int compare(Context context, Value a, Value b) {
    context.step();
    if (a instanceof Text x && b instanceof Text y) {
      context.charge(Math.min(x.length(), y.length()) >> 4);
      return x.compareTo(y);
    }
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return Numbers.compare(a, b);
    }
    if (a instanceof Value.Seq x && b instanceof Value.Seq y && x.tuple == y.tuple) {
      return compareItems(context, x.items, y.items);
    }
    if (a instanceof Value.Undefined u) {
      throw u.error();
    }
    if (b instanceof Value.Undefined u) {
      throw u.error();
    }
    throw new TemplateException(
        "'<' not supported between instances of '" + a.typeName() + "' and '" + b.typeName() + "'");
  }

  static int compareItems(Context context, List<Value> x, List<Value> y) {
    int shared = Math.min(x.size(), y.size());
    for (int i = 0; i < shared; i++) {
      if (!equal(context, x.get(i), y.get(i))) {
        return compare(context, x.get(i), y.get(i));
      }
    }
    return Integer.compare(x.size(), y.size());
  }
}
