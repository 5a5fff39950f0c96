package dev.graft.text;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A tokenizer as a {@code tokenizer.json} of Hugging Face's tokenizers describes it: normaliser,
 * pre-tokeniser, byte-pair merges, post-processor, decoder.
 *
 * <p>Nothing is truncated or padded, whatever the file says. Several threads may use one tokenizer.
 */
public final class Tokenizer implements AutoCloseable {
  /** The largest known tokenizer.json files are some 35 MB. */
  private static final long MAX_BYTES = 256L << 20;

  private final NativeTokenizer tokenizer;
  private final Vocabulary vocabulary;
  private final TextLimits limits;

  private Tokenizer(NativeTokenizer tokenizer, TokenizerJson json) {
    this.tokenizer = tokenizer;
    this.vocabulary = json.vocabulary();
    this.limits = json.limits();
  }

  /**
   * Reads a {@code tokenizer.json}, or the one in a model's folder.
   *
   * @throws InputException where the file is missing, broken or of a kind that is not supported
   */
  public static Tokenizer load(Path file) {
    Path json = Files.isDirectory(file) ? file.resolve("tokenizer.json") : file;
    try {
      if (Files.size(json) > MAX_BYTES) {
        throw InputException.in(json, "too large for a tokenizer.json (over 256 MiB)");
      }
      return fromBytes(Files.readAllBytes(json), json.toString());
    } catch (NoSuchFileException e) {
      throw InputException.in(json, "no such file; a model needs its tokenizer.json", e);
    } catch (IOException e) {
      throw InputException.in(json, "cannot be read: " + NativeTokenizer.oneLine(e), e);
    }
  }

  /**
   * The tokenizer that {@code tokenizerJson}, the text of a tokenizer.json, describes.
   *
   * @param nameForErrors what error messages call it, usually a file name
   */
  public static Tokenizer fromJson(String tokenizerJson, String nameForErrors) {
    return fromBytes(tokenizerJson.getBytes(StandardCharsets.UTF_8), nameForErrors);
  }

  private static Tokenizer fromBytes(byte[] json, String name) {
    TokenizerJson parsed = TokenizerJson.parse(json, name);
    return new Tokenizer(NativeTokenizer.create(parsed.document(), name), parsed);
  }

  /** The text's tokens and nothing else; special tokens written in the text are recognised. */
  public Encoding encode(String text) {
    return encode(text, false);
  }

  /**
   * The text's tokens; with {@code addSpecialTokens} also those that the post-processor adds around
   * it (BOS and the like). An unpaired surrogate is read as U+FFFD.
   *
   * @throws InputException where the text, or a stretch of it without a break, is longer than the
   *     tokenizer's regular expression can take
   */
  public Encoding encode(String text, boolean addSpecialTokens) {
    limits.check(text);
    return tokenizer.encode(Utf16.wellFormed(text), addSpecialTokens);
  }

  /** The text of the ids; an id outside the vocabulary stands for nothing. */
  public String decode(int[] ids, boolean skipSpecialTokens) {
    long[] wide = new long[ids.length];
    int kept = 0;
    for (int id : ids) {
      if (id >= 0) {
        wide[kept++] = id;
      }
    }
    return tokenizer.decode(java.util.Arrays.copyOf(wide, kept), skipSpecialTokens);
  }

  /** A decoder for ids that arrive one by one. */
  public StreamDecoder streamDecoder(boolean skipSpecialTokens) {
    return new StreamDecoder(this, skipSpecialTokens);
  }

  /**
   * The highest id plus one: the rows that an embedding matrix needs at least. Ids need not be
   * dense.
   */
  public int vocabSize() {
    return vocabulary.size();
  }

  /** The id of a token as the vocabulary writes it (byte-level BPE writes a space as Ġ). */
  public OptionalInt idOf(String token) {
    return vocabulary.idOf(token);
  }

  /**
   * The token as the vocabulary writes it.
   *
   * @throws IllegalArgumentException where no token has the id
   */
  public String tokenOf(int id) {
    return vocabulary.tokenOf(id);
  }

  /** The added tokens that are special, by content, in the order of their ids. */
  public Map<String, Integer> specialTokens() {
    return vocabulary.specialTokens();
  }

  public boolean isSpecial(int id) {
    return vocabulary.isSpecial(id);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
