package dev.graft.data.read;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.RowSource;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;

/**
 * JSON other than a line a row: an array of objects, an object with one such array, or objects one
 * after the other. Rows are numbered, for a row has no line of its own.
 */
final class JsonRows implements RowSource {
  private final Path file;
  private final RowLimit in;
  private final JsonParser parser;
  private final boolean container;
  private long number;
  private boolean inArray;
  private boolean ended;
  private @Nullable String arrayName;

  private JsonRows(Path file, InputStream in, boolean container) {
    this.file = file;
    this.in = new RowLimit(in);
    this.container = container;
    this.parser = StrictJson.STREAMED.createParser(this.in);
  }

  /** Finds out how the objects stand in the file, and reads them. */
  static RowSource open(Path file, BufferedInputStream in) throws IOException {
    return switch (JsonLayout.of(in)) {
      case LINES -> new JsonLines(file, in);
      case CONTAINER -> new JsonRows(file, in, true);
      case ARRAY, SEQUENCE -> new JsonRows(file, in, false);
    };
  }

  @Override
  public @Nullable RawRow next() {
    if (ended) {
      return null;
    }
    in.nextRow();
    try {
      JsonToken token = inArray ? nextInArray() : nextOutside();
      if (token == null) {
        ended = true;
        return null;
      }
      number++;
      if (token != JsonToken.START_OBJECT) {
        parser.skipChildren();
        throw InputException.at(file, number, "is not a JSON object");
      }
      Map<?, ?> fields = StrictJson.STREAMED.readValue(parser, Map.class);
      return new RawRow(file, number, fields);
    } catch (JacksonException e) {
      ended = true;
      throw refused(e);
    }
  }

  private @Nullable JsonToken nextInArray() {
    JsonToken token = parser.nextToken();
    if (token != JsonToken.END_ARRAY) {
      return token;
    }
    inArray = false;
    if (container) {
      return nextArrayOfContainer();
    }
    if (parser.nextToken() != null) {
      throw InputException.in(file, "goes on behind the end of its JSON array" + place());
    }
    return null;
  }

  private @Nullable JsonToken nextOutside() {
    JsonToken token = parser.nextToken();
    if (container && token == JsonToken.START_OBJECT) {
      return nextArrayOfContainer();
    }
    if (number == 0 && token == JsonToken.START_ARRAY) {
      inArray = true;
      return nextInArray();
    }
    return token;
  }

  /** Goes on among the keys of the outermost object to the array that holds the rows. */
  private @Nullable JsonToken nextArrayOfContainer() {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      in.nextRow();
      String name = parser.currentName();
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        parser.skipChildren();
        continue;
      }
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        if (arrayName != null) {
          String both = "\"" + arrayName + "\" and \"" + name + "\"";
          ended = true;
          throw InputException.in(
              file, "holds two arrays of objects, " + both + "; leave the rows' one only");
        }
        arrayName = name;
        inArray = true;
        return first;
      }
      while (first != null && first != JsonToken.END_ARRAY) {
        in.nextRow();
        parser.skipChildren();
        first = parser.nextToken();
      }
    }
    return null;
  }

  private InputException refused(JacksonException e) {
    if (e instanceof JacksonIOException && e.getCause() instanceof IOException cause) {
      return cause instanceof RowLimit.TooLong
          ? InputException.at(file, number, "is longer than " + StrictJson.LONGEST_ROW + " bytes")
          : Failure.of(file, cause);
    }
    return InputException.at(
        file, Math.max(number, 1), "is not JSON: " + StrictJson.what(e) + place());
  }

  private String place() {
    TokenStreamLocation at = parser.currentLocation();
    return " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }

  @Override
  public boolean isCutShort() {
    return ended;
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (JacksonException e) {
      // Nothing was written, so nothing is lost.
    }
    Failure.close(in);
  }
}
