package dev.graft.data.documents;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.Row;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import dev.graft.data.RowSource;
import dev.graft.data.read.TextPieces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The documents of files one after the other, in memory that depends neither on the files' size nor
 * on the documents'. A plain text file is split at separator lines; in files of rows each row's
 * {@code text} is a document.
 */
public final class Documents implements AutoCloseable {
  /** Longest piece of a row's text in UTF-16 units. */
  private static final int PIECE = 1 << 18;

  private final List<Path> files;
  private final String separator;
  private final RowOptions options;
  private @Nullable TextPieces text;
  private @Nullable RowSource rows;
  private String rest = ""; // of the row that is being given in pieces
  private int file;
  private long piece;
  private boolean within; // a document, of which pieces have been given

  /**
   * A place between two pieces.
   *
   * @param file index of the file
   * @param piece pieces of it that lie before
   */
  public record Place(int file, long piece) {
    /** The beginning. */
    public static final Place START = new Place(0, 0);
  }

  /**
   * A part of a document, of at most about 256 KiB.
   *
   * @param begins whether the document begins with it
   * @param ends whether the document ends with it
   */
  public record Piece(String text, boolean begins, boolean ends) {}

  /**
   * Documents from the beginning on.
   *
   * @param files as {@link #files} lists them
   * @param separator what a line between two documents of a text file holds
   * @param options how rows are understood
   */
  public Documents(List<Path> files, String separator, RowOptions options) {
    this.files = List.copyOf(files);
    this.separator = separator;
    this.options = options;
  }

  /** All files of the paths, folders among them, in order. */
  public static List<Path> files(List<Path> paths) {
    List<Path> files = new ArrayList<>();
    paths.forEach(path -> files.addAll(RowReader.files(path)));
    return files;
  }

  /** Where the next piece begins. */
  public Place place() {
    return new Place(file, piece);
  }

  /**
   * Goes on at a place, by reading its file up to there.
   *
   * @throws InputException where the files have no such place
   */
  public void seek(Place place) {
    close();
    rest = "";
    within = false;
    file = place.file();
    piece = 0;
    while (file == place.file() && piece < place.piece() && next() != null) {
      // pieces that were read before
    }
    if (!place.equals(place()) || place.file() > files.size()) {
      throw new InputException("the data has changed since the checkpoint was written");
    }
  }

  /**
   * The next piece, or null behind the last file.
   *
   * @throws InputException where a file can't be read, or a row has no text
   */
  public @Nullable Piece next() {
    while (file < files.size()) {
      open();
      Piece next = text != null ? ofText(text) : ofRow();
      if (next != null) {
        piece++;
        within = !next.ends();
        return next;
      }
      close();
      file++;
      piece = 0;
      within = false;
    }
    return null;
  }

  private void open() {
    if (text == null && rows == null) {
      text = TextPieces.open(files.get(file), separator);
      if (text == null) {
        rows = RowReader.open(files.get(file));
      }
    }
  }

  private @Nullable Piece ofText(TextPieces pieces) {
    TextPieces.Piece next = pieces.next();
    return next == null ? null : new Piece(next.text(), !within, next.ends());
  }

  private @Nullable Piece ofRow() {
    RowSource source = rows;
    if (rest.isEmpty() && source != null) {
      RawRow row = source.next();
      if (row == null) {
        return null;
      }
      if (!(RowReader.parse(row, options) instanceof Row.Text document)) {
        throw InputException.at(
            row.file(), row.line(), "is no plain text; rows need the key \"text\" alone");
      }
      rest = document.text();
    }
    int end = cut(rest);
    Piece next = new Piece(rest.substring(0, end), !within, end == rest.length());
    rest = rest.substring(end);
    return next;
  }

  /** Where a text is cut: before the last line end that fits, else between two characters. */
  private static int cut(String text) {
    if (text.length() <= PIECE) {
      return text.length();
    }
    int line = text.lastIndexOf('\n', PIECE - 1);
    if (line > 0) {
      return line;
    }
    return Character.isHighSurrogate(text.charAt(PIECE - 1)) ? PIECE - 1 : PIECE;
  }

  @Override
  public void close() {
    if (text != null) {
      text.close();
      text = null;
    }
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }
}
