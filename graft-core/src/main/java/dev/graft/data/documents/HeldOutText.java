package dev.graft.data.documents;

import dev.graft.InputException;
import dev.graft.data.Example;
import dev.graft.data.RowOptions;
import dev.graft.model.PackedTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Documents that a model is measured on: each cut into windows of a length, of which a later one
 * begins with the last token of the one before.
 *
 * @param examples the windows
 * @param bytes UTF-8 bytes of text that the learnt tokens of each stand for
 */
public record HeldOutText(List<Example> examples, List<Integer> bytes) {
  /**
   * Reads all documents of a file or folder.
   *
   * @throws InputException where there is nothing to learn
   */
  public static HeldOutText read(Path data, DocumentEncoder encoder, RowOptions rows, int length) {
    List<Example> examples = new ArrayList<>();
    List<Integer> bytes = new ArrayList<>();
    try (Documents documents =
        new Documents(Documents.files(List.of(data)), encoder.separator(), rows)) {
      for (var piece = documents.next(); piece != null; piece = documents.next()) {
        DocumentEncoder.Encoded all = encoder.encode(piece);
        for (int from = 0; from + 1 < all.ids().length; from += length - 1) {
          int to = Math.min(from + length, all.ids().length);
          PackedTokens window = PackedTokens.text(Arrays.copyOfRange(all.ids(), from, to));
          examples.add(new Example(examples.size() + 1L, window, false));
          bytes.add(all.bytesBefore()[to - 1] - all.bytesBefore()[from]);
        }
      }
    }
    if (examples.isEmpty()) {
      throw InputException.in(data, "holds no text to learn from");
    }
    return new HeldOutText(examples, bytes);
  }

  /** At most so many of the windows, spread evenly; 0 is all. */
  public HeldOutText spread(long most) {
    if (most == 0 || most >= examples.size()) {
      return this;
    }
    List<Example> some = new ArrayList<>();
    List<Integer> theirs = new ArrayList<>();
    for (long i = 0; i < most; i++) {
      int index = (int) (i * examples.size() / most);
      some.add(examples.get(index));
      theirs.add(bytes.get(index));
    }
    return new HeldOutText(some, theirs);
  }

  /** Bytes of text for each learnt token: what makes bits per byte of a loss per token. */
  public double bytesPerToken() {
    long tokens = examples.stream().mapToLong(example -> example.tokens().learntTokens()).sum();
    return bytes.stream().mapToLong(b -> b).sum() / (double) tokens;
  }
}
