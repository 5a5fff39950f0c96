package dev.graft.format;

import dev.graft.InputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The header of a safetensors file, checked: eight bytes of length, then JSON that gives type,
 * shape and place of each tensor. <a
 * href="https://github.com/huggingface/safetensors#format">Specification</a>.
 */
final class SafetensorsHeader {
  /** The reference library's bound. */
  private static final long MAX_HEADER = 100_000_000;

  private static final int MAX_DIMENSIONS = 64;

  /** Bits of an element of each type of the specification. */
  private static final Map<String, Integer> BITS =
      Map.ofEntries(
          Map.entry("BOOL", 8),
          Map.entry("F4", 4),
          Map.entry("F6_E2M3", 6),
          Map.entry("F6_E3M2", 6),
          Map.entry("U8", 8),
          Map.entry("I8", 8),
          Map.entry("F8_E5M2", 8),
          Map.entry("F8_E4M3", 8),
          Map.entry("F8_E8M0", 8),
          Map.entry("F8_E4M3FNUZ", 8),
          Map.entry("F8_E5M2FNUZ", 8),
          Map.entry("I16", 16),
          Map.entry("U16", 16),
          Map.entry("F16", 16),
          Map.entry("BF16", 16),
          Map.entry("I32", 32),
          Map.entry("U32", 32),
          Map.entry("F32", 32),
          Map.entry("C64", 64),
          Map.entry("F64", 64),
          Map.entry("I64", 64),
          Map.entry("U64", 64));

  /** One tensor; {@code begin} and {@code end} count from the start of the file. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(String name, String type, long[] shape, long begin, long end) {}

  private final Path file;
  private final long dataStart;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private boolean metadataSeen;

  private SafetensorsHeader(Path file, long dataStart) {
    this.file = file;
    this.dataStart = dataStart;
  }

  static SafetensorsHeader read(MappedFile mapped) {
    Path file = mapped.path();
    if (mapped.size() < 8) {
      throw InputException.in(file, "is too short for a safetensors file");
    }
    long length = mapped.bytes().get(Elements.LONG, 0);
    if (length < 2 || length > MAX_HEADER || length > mapped.size() - 8) {
      throw InputException.in(
          file,
          "is not a safetensors file or is cut off: header length "
              + Long.toUnsignedString(length)
              + " in a file of "
              + mapped.size()
              + " bytes");
    }
    var header = new SafetensorsHeader(file, 8 + length);
    header.parse(text(file, mapped.bytes().asSlice(8, length)));
    header.checkCoverage(mapped.size());
    return header;
  }

  Map<String, Entry> entries() {
    return entries;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  private static String text(Path file, MemorySegment bytes) {
    if (bytes.get(ValueLayout.JAVA_BYTE, 0) != '{') {
      throw InputException.in(file, "header does not begin with '{'");
    }
    try {
      return Text.utf8(bytes.toArray(ValueLayout.JAVA_BYTE));
    } catch (CharacterCodingException e) {
      throw InputException.in(file, "header is not UTF-8 text", e);
    }
  }

  private void parse(String text) {
    try (JsonParser json = Json.MAPPER.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        if (name.equals("__metadata__")) {
          parseMetadata(json);
        } else {
          parseEntry(json, name);
        }
      }
      if (json.nextToken() != null) {
        throw InputException.in(file, "header has text after its JSON object");
      }
    } catch (JacksonException e) {
      throw InputException.in(file, "header is not valid JSON: " + Text.oneLine(e), e);
    }
  }

  private void parseMetadata(JsonParser json) {
    if (metadataSeen || json.nextToken() != JsonToken.START_OBJECT) {
      throw InputException.in(file, "__metadata__ must be one object");
    }
    metadataSeen = true;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = json.currentName();
      if (json.nextToken() != JsonToken.VALUE_STRING) {
        throw InputException.in(file, "__metadata__: " + Text.quote(key) + " must be a string");
      }
      metadata.put(key, json.getString());
    }
  }

  private void parseEntry(JsonParser json, String name) {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw wrong(name, "must be an object of dtype, shape and data_offsets");
    }
    String type = null;
    long[] shape = null;
    long[] offsets = null;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = json.currentName();
      json.nextToken();
      switch (key) {
        case "dtype" -> type = type(json, name);
        case "shape" -> shape = integers(json, name, key);
        case "data_offsets" -> offsets = integers(json, name, key);
        default -> throw wrong(name, "unknown key " + Text.quote(key));
      }
    }
    addEntry(name, type, shape, offsets);
  }

  private void addEntry(
      String name, @Nullable String type, long @Nullable [] shape, long @Nullable [] offsets) {
    if (type == null || shape == null || offsets == null) {
      throw wrong(name, "needs dtype, shape and data_offsets");
    }
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw wrong(name, "data_offsets must be [begin, end] with begin <= end");
    }
    long size = Shapes.bytes(shape, BITS.getOrDefault(type, 0));
    if (size < 0 || size != offsets[1] - offsets[0]) {
      throw wrong(
          name,
          "shape "
              + Arrays.toString(shape)
              + " of "
              + type
              + " does not fill its "
              + (offsets[1] - offsets[0])
              + " bytes");
    }
    if (offsets[1] > Long.MAX_VALUE - dataStart) {
      throw wrong(name, "data_offsets lie outside the file");
    }
    var entry = new Entry(name, type, shape, dataStart + offsets[0], dataStart + offsets[1]);
    if (entries.put(name, entry) != null) {
      throw wrong(name, "appears twice");
    }
  }

  private String type(JsonParser json, String name) {
    if (json.currentToken() == JsonToken.VALUE_STRING && BITS.containsKey(json.getString())) {
      return json.getString();
    }
    throw wrong(name, "unknown dtype " + Text.quote(String.valueOf(json.getString())));
  }

  private long[] integers(JsonParser json, String name, String key) {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw wrong(name, key + " must be an array");
    }
    long[] values = new long[MAX_DIMENSIONS];
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (count == MAX_DIMENSIONS) {
        throw wrong(name, key + " has more than " + MAX_DIMENSIONS + " entries");
      }
      values[count++] = integer(json, name, key);
    }
    return Arrays.copyOf(values, count);
  }

  private long integer(JsonParser json, String name, String key) {
    boolean fits =
        json.currentToken() == JsonToken.VALUE_NUMBER_INT
            && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    if (!fits || json.getLongValue() < 0) {
      throw wrong(name, key + " must hold integers from 0 to 2^63-1");
    }
    return json.getLongValue();
  }

  /** Every byte after the header belongs to exactly one tensor. */
  private void checkCoverage(long fileSize) {
    List<Entry> ordered = new ArrayList<>(entries.values());
    ordered.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long next = dataStart;
    for (Entry entry : ordered) {
      if (entry.begin() != next) {
        String how = entry.begin() < next ? "overlaps the one before" : "leaves a hole before it";
        throw wrong(entry.name(), "data " + how);
      }
      next = entry.end();
    }
    if (next != fileSize) {
      throw InputException.in(
          file,
          next > fileSize
              ? "is cut off: " + fileSize + " of " + next + " bytes are there"
              : "has " + (fileSize - next) + " bytes that belong to no tensor");
    }
  }

  private InputException wrong(String name, String what) {
    return InputException.in(file, "tensor " + Text.quote(name) + ": " + what);
  }
}
