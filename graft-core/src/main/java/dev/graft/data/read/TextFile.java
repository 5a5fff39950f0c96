package dev.graft.data.read;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.RowSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file of text is one row. */
final class TextFile implements RowSource {
  private final Path file;
  private final InputStream in;
  private boolean read;

  TextFile(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  @Override
  public @Nullable RawRow next() {
    if (read) {
      return null;
    }
    read = true;
    try {
      byte[] bytes = in.readNBytes(StrictJson.LONGEST_ROW + 1);
      if (bytes.length > StrictJson.LONGEST_ROW) {
        throw InputException.in(
            file, "is a text of more than " + StrictJson.LONGEST_ROW + " bytes; split it");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new RawRow(
          file, 1, Map.of("text", text.startsWith("\uFEFF") ? text.substring(1) : text));
    } catch (CharacterCodingException e) {
      throw InputException.in(file, "is not UTF-8 text");
    } catch (IOException e) {
      throw Failure.of(file, e);
    }
  }

  @Override
  public void close() {
    Failure.close(in);
  }
}
