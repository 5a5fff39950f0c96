package dev.graft.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.graft.InputException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A handle of the native tokenizers library.
 *
 * <p>The JNI layer is called directly: the class above it reports its use over the network, guesses
 * truncation and padding, and copies more than we need. A panic of the native code ends the
 * process, so only documents that {@link TokenizerJson} has checked come here. Reads may run on
 * several threads; closing waits for them.
 */
final class NativeTokenizer implements AutoCloseable {
  private final TokenizersLibrary library;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private long handle;

  private NativeTokenizer(TokenizersLibrary library, long handle) {
    this.library = library;
    this.handle = handle;
  }

  static NativeTokenizer create(String json, String name) {
    TokenizersLibrary library = library();
    try {
      return new NativeTokenizer(library, library.createTokenizerFromString(json));
    } catch (RuntimeException e) {
      throw new InputException(name + ": not a valid tokenizer: " + oneLine(e), e);
    }
  }

  /** Loads the library that the jar carries; it is never fetched from elsewhere. */
  private static TokenizersLibrary library() {
    setUnlessPresent("RUST_FLAVOR", "cpu");
    setUnlessPresent("ai.djl.offline", "true");
    setUnlessPresent("OPT_OUT_TRACKING", "true");
    try {
      LibUtils.checkStatus();
      return TokenizersLibrary.LIB;
    } catch (RuntimeException | LinkageError e) {
      throw new InputException("the native tokenizers library cannot be loaded: " + oneLine(e), e);
    }
  }

  private static void setUnlessPresent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  Encoding encode(String text, boolean addSpecialTokens) {
    lock.readLock().lock();
    try {
      long encoding = library.encode(openHandle(), text, addSpecialTokens);
      try {
        return read(encoding, text);
      } finally {
        library.deleteEncoding(encoding);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  private Encoding read(long encoding, String text) {
    long[] longIds = library.getTokenIds(encoding);
    CharSpan[] spans = library.getTokenCharSpans(encoding);
    int[] ids = new int[longIds.length];
    int[] starts = new int[longIds.length];
    int[] ends = new int[longIds.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Math.toIntExact(longIds[i]);
      CharSpan span = spans[i];
      if (span != null) {
        starts[i] = span.getStart();
        ends[i] = span.getEnd();
      }
    }
    Utf16.fromCodePoints(text, starts, ends);
    return new Encoding(ids, starts, ends);
  }

  String decode(long[] ids, boolean skipSpecialTokens) {
    lock.readLock().lock();
    try {
      return library.decode(openHandle(), ids, skipSpecialTokens);
    } finally {
      lock.readLock().unlock();
    }
  }

  private long openHandle() {
    if (handle == 0) {
      throw new IllegalStateException("the tokenizer is closed");
    }
    return handle;
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (handle != 0) {
        library.deleteTokenizer(handle);
        handle = 0;
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  static String oneLine(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }
}
