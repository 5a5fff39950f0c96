package dev.graft.data.read;

import dev.graft.data.RowMapping;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** How the objects of a JSON file stand in it; judged by its first mebibyte. */
enum JsonLayout {
  /** One object a line. */
  LINES,
  /** One array of objects. */
  ARRAY,
  /** Objects one after the other, or a single one that is a row. */
  SEQUENCE,
  /** An object with an array of objects in it. */
  CONTAINER;

  private static final int LOOKED_AT = 1 << 20;
  private static final Set<String> OF_ROWS = new HashSet<>(RowMapping.ROW_KEYS);

  static {
    OF_ROWS.addAll(
        List.of("conversations", "functions", "question", "answer", "response", "context"));
  }

  static JsonLayout of(BufferedInputStream in) throws IOException {
    byte[] head = Magic.peek(in, LOOKED_AT);
    int start = 0;
    while (start < head.length && head[start] != '{' && head[start] != '[') {
      start++;
    }
    if (start == head.length || head[start] == '[') {
      return ARRAY;
    }
    int end = endOfObject(head, start);
    int next = end;
    while (next < head.length && isSpace(head[next])) {
      next++;
    }
    if (next < head.length) {
      boolean lines = !hasNewline(head, start, end) && hasNewline(head, end, next);
      return lines ? LINES : SEQUENCE;
    }
    return isContainer(head, start) ? CONTAINER : SEQUENCE;
  }

  /** Where the object ends that begins there; the end of the bytes where it goes on behind them. */
  private static int endOfObject(byte[] bytes, int start) {
    int depth = 0;
    boolean quoted = false;
    for (int at = start; at < bytes.length; at++) {
      byte c = bytes[at];
      if (quoted) {
        if (c == '\\') {
          at++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
        if (depth == 0) {
          return at + 1;
        }
      }
    }
    return bytes.length;
  }

  private static boolean hasNewline(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      if (bytes[at] == '\n') {
        return true;
      }
    }
    return false;
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  /** Whether none of the outermost keys is one of a row, and one holds an array of objects. */
  private static boolean isContainer(byte[] bytes, int start) {
    boolean array = false;
    try (JsonParser parser = StrictJson.STREAMED.createParser(bytes, start, bytes.length - start)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        if (OF_ROWS.contains(parser.currentName())) {
          return false;
        }
        if (parser.nextToken() == JsonToken.START_ARRAY) {
          array |= parser.nextToken() == JsonToken.START_OBJECT;
          leaveArray(parser);
        } else {
          parser.skipChildren();
        }
      }
    } catch (JacksonException e) {
      // The rest stands behind what is looked at, or is no JSON and will be refused in reading.
    }
    return array;
  }

  private static void leaveArray(JsonParser parser) {
    JsonToken token = parser.currentToken();
    while (token != null && token != JsonToken.END_ARRAY) {
      parser.skipChildren();
      token = parser.nextToken();
    }
  }
}
