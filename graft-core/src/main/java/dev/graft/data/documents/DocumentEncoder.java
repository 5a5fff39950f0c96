package dev.graft.data.documents;

import dev.graft.text.Encoding;
import dev.graft.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns documents, piece by piece, into tokens: the one that begins a text where the tokenizer has
 * such a one, the text's, and the one that ends it.
 */
public final class DocumentEncoder {
  private final Tokenizer tokenizer;
  private final int begin;
  private final int end;

  /**
   * An encoder.
   *
   * @param begin id before each document; negative for none
   * @param end id behind each document
   */
  public DocumentEncoder(Tokenizer tokenizer, int begin, int end) {
    this.tokenizer = tokenizer;
    this.begin = begin;
    this.end = end;
  }

  /** The text of {@link #end}, which separates documents in text files. */
  public String separator() {
    return tokenizer.tokenOf(end);
  }

  /**
   * Tokens of a piece.
   *
   * @param bytesBefore UTF-8 bytes of the piece up to the end of each token
   */
  record Encoded(int[] ids, int[] bytesBefore) {}

  /** The piece's ids, with those around the document where it begins or ends here. */
  int[] ids(Documents.Piece piece) {
    return around(tokenizer.encode(piece.text()).ids(), piece);
  }

  Encoded encode(Documents.Piece piece) {
    Encoding encoding = tokenizer.encode(piece.text());
    int[] bytes = new int[encoding.length()];
    int at = 0;
    int sum = 0;
    for (int t = 0; t < bytes.length; t++) {
      int upTo = Math.max(at, encoding.end(t));
      sum += piece.text().substring(at, upTo).getBytes(StandardCharsets.UTF_8).length;
      at = upTo;
      bytes[t] = sum;
    }
    int before = piece.begins() && begin >= 0 ? 1 : 0;
    int[] shifted = new int[before + bytes.length + (piece.ends() ? 1 : 0)];
    System.arraycopy(bytes, 0, shifted, before, bytes.length);
    if (piece.ends()) {
      shifted[shifted.length - 1] = sum;
    }
    return new Encoded(around(encoding.ids(), piece), shifted);
  }

  private int[] around(int[] text, Documents.Piece piece) {
    int before = piece.begins() && begin >= 0 ? 1 : 0;
    int[] ids = new int[before + text.length + (piece.ends() ? 1 : 0)];
    Arrays.fill(ids, 0, before, begin);
    System.arraycopy(text, 0, ids, before, text.length);
    if (piece.ends()) {
      ids[ids.length - 1] = end;
    }
    return ids;
  }
}
