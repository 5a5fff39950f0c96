package dev.graft.text.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A path like {@code "address.city"} into an item; digits are indices. */
record AttributePath(List<Value> parts, @Nullable Value otherwise) {

  /** The path of an attribute argument; none is the item itself. */
  static AttributePath of(Value attribute) {
    if (attribute == Value.None.NONE) {
      return new AttributePath(List.of(), null);
    }
    if (!(attribute instanceof Text text)) {
      return new AttributePath(List.of(attribute), null);
    }
    var parts = new ArrayList<Value>();
    for (String part : text.string.split("\\.", -1)) {
      boolean digits = !part.isEmpty() && part.chars().allMatch(Character::isDigit);
      Value index = digits ? Numbers.parseInteger(part, 10) : null;
      parts.add(index != null ? index : Text.of(part));
    }
    return new AttributePath(parts, null);
  }

  /** Several paths parted by commas. */
  static List<AttributePath> several(Value attribute) {
    if (!(attribute instanceof Text text)) {
      return List.of(of(attribute));
    }
    var paths = new ArrayList<AttributePath>();
    for (String path : text.string.split(",", -1)) {
      paths.add(of(Text.of(path)));
    }
    return paths;
  }

  AttributePath withDefault(@Nullable Value value) {
    return new AttributePath(parts, value == Value.None.NONE ? null : value);
  }

  Value get(Context context, Value item) {
    Value value = item;
    for (Value part : parts) {
      value = Access.item(context, value, part);
      if (otherwise != null && value instanceof Value.Undefined) {
        value = otherwise;
      }
    }
    return value;
  }
}
