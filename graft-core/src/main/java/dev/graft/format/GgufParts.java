package dev.graft.format;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens a GGUF file, or all parts {@code NAME-00001-of-0000N.gguf} of a split model. */
final class GgufParts {
  private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");
  private static final int MAX_PARTS = 4096;

  private GgufParts() {}

  /** Whether the name is that of a part other than the first. */
  static boolean isLaterPart(Path file) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    return name.matches() && !name.group(2).equals("00001");
  }

  static List<GgufPart> open(Path file) {
    List<GgufPart> parts = new ArrayList<>();
    try {
      parts.add(GgufPart.open(file));
      int count = parts.getFirst().metadata().integer("split.count").orElse(1);
      if (count > 1) {
        openRest(file, count, parts);
        checkTensorCount(parts);
      }
      return List.copyOf(parts);
    } catch (RuntimeException e) {
      parts.forEach(GgufPart::close);
      throw e;
    }
  }

  private static void openRest(Path file, int count, List<GgufPart> parts) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    boolean first = name.matches() && name.group(2).equals("00001");
    if (!first || count > MAX_PARTS || Integer.parseInt(name.group(3)) != count) {
      throw InputException.in(
          file,
          "is one of "
              + count
              + " parts of a split model; open the first, NAME-00001-of-"
              + String.format(Locale.ROOT, "%05d.gguf", count));
    }
    checkPart(parts.getFirst(), 0, count);
    for (int i = 1; i < count; i++) {
      String sibling =
          String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", name.group(1), i + 1, count);
      GgufPart part = GgufPart.open(file.resolveSibling(sibling));
      parts.add(part);
      checkPart(part, i, count);
    }
  }

  private static void checkPart(GgufPart part, int number, int count) {
    GgufMetadata values = part.metadata();
    if (values.integer("split.no").orElse(-1) != number
        || values.integer("split.count").orElse(-1) != count) {
      throw InputException.in(
          part.path(), "does not say that it is part " + (number + 1) + " of " + count);
    }
  }

  private static void checkTensorCount(List<GgufPart> parts) {
    int there = parts.stream().mapToInt(part -> part.entries().size()).sum();
    GgufPart first = parts.getFirst();
    int expected = first.metadata().integer("split.tensors.count").orElse(there);
    if (there != expected) {
      throw InputException.in(
          first.path(), "its parts hold " + there + " tensors, not " + expected);
    }
  }
}
