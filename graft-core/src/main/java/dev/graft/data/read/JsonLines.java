package dev.graft.data.read;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.RowSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON lines: one object a line; blank lines are passed over. */
final class JsonLines implements RowSource {
  private final Path file;
  private final InputStream in;
  private final LineSplitter lines;
  private long number;
  private boolean ended;
  private @Nullable String text;

  JsonLines(Path file, InputStream in) {
    this.file = file;
    this.in = in;
    this.lines = new LineSplitter(in, StrictJson.LONGEST_ROW);
  }

  @Override
  public @Nullable RawRow next() {
    while (!ended) {
      String line = line();
      if (line == null) {
        ended = true;
      } else if (!line.isBlank()) {
        text = line;
        return new RawRow(file, number, parse(line));
      }
    }
    return null;
  }

  @Override
  public @Nullable String text() {
    return text;
  }

  private @Nullable String line() {
    number++;
    try {
      return lines.next();
    } catch (CharacterCodingException e) {
      throw InputException.at(file, number, "is not UTF-8 text");
    } catch (LineSplitter.TooLong e) {
      ended = true;
      throw InputException.at(file, number, "is longer than " + StrictJson.LONGEST_ROW + " bytes");
    } catch (IOException e) {
      ended = true;
      throw Failure.of(file, e);
    }
  }

  private Map<?, ?> parse(String text) {
    if (text.stripLeading().startsWith("[")) {
      throw InputException.at(
          file,
          number,
          "is a JSON array, not JSON lines: write one object a line, without [ and ]");
    }
    try {
      if (StrictJson.parse(text) instanceof Map<?, ?> map) {
        return map;
      }
      throw InputException.at(file, number, "is not a JSON object");
    } catch (StrictJson.NotJson e) {
      throw InputException.at(file, number, "is not JSON: " + e.what());
    }
  }

  @Override
  public boolean isCutShort() {
    return ended;
  }

  @Override
  public void close() {
    Failure.close(in);
  }
}
