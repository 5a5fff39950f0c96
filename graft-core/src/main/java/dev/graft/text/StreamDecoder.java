package dev.graft.text;

import java.util.Arrays;

/**
 * Decodes ids that arrive one by one into text, holding back what is not yet a whole character.
 *
 * <p>The pieces put together are what {@link Tokenizer#decode} gives for the whole sequence. Tokens
 * are decoded with the previous piece's tokens before them, because a decoder may treat the first
 * token of a sequence differently (SentencePiece drops its leading space). Not for several threads.
 */
public final class StreamDecoder {
  /** A character has at most four bytes; more held tokens than this are no UTF-8 at all. */
  private static final int MAX_HELD = 64;

  private static final char REPLACEMENT = '\uFFFD';

  private final Tokenizer tokenizer;
  private final boolean skipSpecialTokens;
  private int[] window = new int[16];
  private int context;
  private int length;

  StreamDecoder(Tokenizer tokenizer, boolean skipSpecialTokens) {
    this.tokenizer = tokenizer;
    this.skipSpecialTokens = skipSpecialTokens;
  }

  /** The text that has become certain with {@code id}; often empty. */
  public String next(int id) {
    if (skipSpecialTokens && tokenizer.isSpecial(id)) {
      return "";
    }
    if (length == window.length) {
      window = Arrays.copyOf(window, 2 * length);
    }
    window[length++] = id;
    String before = decode(context);
    String text = decode(length);
    boolean open = text.isEmpty() || text.charAt(text.length() - 1) == REPLACEMENT;
    if (text.length() <= before.length() || (open && length - context < MAX_HELD)) {
      return "";
    }
    return emit(before, text);
  }

  /** What is still held, decoded as it stands; the decoder then begins anew. */
  public String finish() {
    String piece = emit(decode(context), decode(length));
    context = 0;
    length = 0;
    return piece;
  }

  private String emit(String before, String text) {
    System.arraycopy(window, context, window, 0, length - context);
    length -= context;
    context = length;
    return text.substring(Math.min(before.length(), text.length()));
  }

  private String decode(int end) {
    return end == 0 ? "" : tokenizer.decode(Arrays.copyOf(window, end), skipSpecialTokens);
  }
}
