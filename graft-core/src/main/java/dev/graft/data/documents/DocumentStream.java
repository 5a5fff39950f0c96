package dev.graft.data.documents;

import dev.graft.InputException;
import dev.graft.data.EpochOrder.Cursor;
import dev.graft.data.Example;
import dev.graft.data.ExampleStream;
import dev.graft.data.RowOptions;
import dev.graft.engine.Random;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Documents of files that may be far larger than memory, as packed sequences.
 *
 * <p>They are read in blocks of so many tokens. In a block the documents are shuffled, packed, and
 * the sequences shuffled again, by a seed that depends on the block's place alone: so the place
 * where a block begins and the number of its sequences done say everything about where a run
 * stands. Behind the last file the first begins again, with other shuffles.
 */
public final class DocumentStream implements ExampleStream {
  private final List<Path> files;
  private final DocumentEncoder encoder;
  private final Settings settings;
  private final Documents documents;
  private @Nullable Block block;

  /**
   * How documents become sequences.
   *
   * @param rows how rows of files are understood
   * @param length of a sequence in tokens
   * @param blockTokens tokens that are shuffled together
   * @param seed of the shuffles
   */
  public record Settings(RowOptions rows, int length, long blockTokens, long seed) {}

  /** The sequences of a block, and where the next one begins. */
  private record Block(Cursor begin, List<Example> sequences, Cursor next) {
    boolean begins(Cursor cursor) {
      return begin.equals(new Cursor(cursor.epoch(), 0, cursor.file(), cursor.piece()));
    }
  }

  /** The documents of a file, or of a folder's files. */
  public DocumentStream(Path data, DocumentEncoder encoder, Settings settings) {
    this.files = Documents.files(List.of(data));
    this.encoder = encoder;
    this.settings = settings;
    this.documents = new Documents(files, encoder.separator(), settings.rows());
  }

  @Override
  public boolean contains(Cursor cursor) {
    boolean place = cursor.file() >= 0 && cursor.file() < files.size() && cursor.piece() >= 0;
    return place && cursor.epoch() >= 0 && cursor.next() >= 0;
  }

  @Override
  public Batch batch(Cursor from, int size) {
    List<Example> batch = new ArrayList<>();
    Cursor at = from;
    while (batch.size() < size) {
      Block current = blockAt(at);
      if (at.next() > current.sequences.size()) {
        throw new InputException("the data has changed since the checkpoint was written");
      }
      int end = Math.min(current.sequences.size(), at.next() + size - batch.size());
      batch.addAll(current.sequences.subList(at.next(), end));
      at =
          end < current.sequences.size()
              ? new Cursor(at.epoch(), end, at.file(), at.piece())
              : current.next;
    }
    return new Batch(List.copyOf(batch), at);
  }

  private Block blockAt(Cursor cursor) {
    Block current = block;
    if (current == null || !current.begins(cursor)) {
      current = read(new Cursor(cursor.epoch(), 0, cursor.file(), cursor.piece()));
      block = current;
    }
    return current;
  }

  private Block read(Cursor begin) {
    Documents.Place place = new Documents.Place(begin.file(), begin.piece());
    if (!documents.place().equals(place)) {
      documents.seek(place);
    }
    List<int[]> texts = new ArrayList<>();
    List<int[]> open = new ArrayList<>();
    long tokens = 0;
    Documents.Piece piece = documents.next();
    while (piece != null) {
      open.add(encoder.ids(piece));
      tokens += open.getLast().length;
      if (piece.ends()) {
        texts.add(joined(open));
        open.clear();
      }
      if (tokens >= settings.blockTokens()) {
        break;
      }
      piece = documents.next();
    }
    texts.add(joined(open));
    Documents.Place after = documents.place();
    Cursor next =
        piece == null
            ? new Cursor(begin.epoch() + 1, 0)
            : new Cursor(begin.epoch(), 0, after.file(), after.piece());
    List<Example> sequences = pack(begin, texts);
    if (sequences.isEmpty() && begin.file() == 0 && begin.piece() == 0 && piece == null) {
      throw InputException.in(files.getFirst(), "holds no text to learn from");
    }
    return new Block(begin, sequences, next);
  }

  private List<Example> pack(Cursor begin, List<int[]> texts) {
    SplittableRandom random =
        new SplittableRandom(
            Random.seed(settings.seed(), begin.epoch(), begin.file(), begin.piece()));
    shuffle(texts, random);
    Packer packer = new Packer(settings.length());
    texts.forEach(packer::add);
    List<Example> sequences = packer.finish();
    shuffle(sequences, random);
    return sequences;
  }

  private static <T> void shuffle(List<T> list, SplittableRandom random) {
    for (int i = list.size() - 1; i > 0; i--) {
      Collections.swap(list, i, random.nextInt(i + 1));
    }
  }

  private static int[] joined(List<int[]> parts) {
    int[] all = new int[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (int[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  @Override
  public void close() {
    documents.close();
  }
}
