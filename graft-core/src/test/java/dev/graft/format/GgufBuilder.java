package dev.graft.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Puts GGUF files together field by field, right or wrong. */
final class GgufBuilder {
  private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
  private final ByteArrayOutputStream infos = new ByteArrayOutputStream();
  private long pairCount;
  private long infoCount;
  private int version = 3;

  GgufBuilder version(int value) {
    version = value;
    return this;
  }

  GgufBuilder counts(long tensors, long values) {
    infoCount = tensors;
    pairCount = values;
    return this;
  }

  /** A value of that type number whose bytes are given. */
  GgufBuilder raw(String key, int type, byte... value) {
    string(pairs, key);
    number(pairs, type, 4);
    pairs.writeBytes(value);
    pairCount++;
    return this;
  }

  GgufBuilder integer(String key, int value) {
    return raw(key, 4, bytes(value, 4));
  }

  GgufBuilder real(String key, float value) {
    return raw(key, 6, bytes(Float.floatToRawIntBits(value), 4));
  }

  GgufBuilder text(String key, String value) {
    var out = new ByteArrayOutputStream();
    string(out, value);
    return raw(key, 8, out.toByteArray());
  }

  /** A tensor; sizes innermost first, as in the file. */
  GgufBuilder tensor(String name, int type, long offset, long... sizes) {
    string(infos, name);
    number(infos, sizes.length, 4);
    for (long size : sizes) {
      number(infos, size, 8);
    }
    number(infos, type, 4);
    number(infos, offset, 8);
    infoCount++;
    return this;
  }

  /** The file with {@code data} at the next multiple of 32. */
  byte[] build(byte... data) {
    var out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    number(out, version, 4);
    number(out, infoCount, 8);
    number(out, pairCount, 8);
    out.writeBytes(pairs.toByteArray());
    out.writeBytes(infos.toByteArray());
    out.writeBytes(new byte[-out.size() & 31]);
    out.writeBytes(data);
    return out.toByteArray();
  }

  static byte[] bytes(long value, int size) {
    var out = new ByteArrayOutputStream();
    number(out, value, size);
    return out.toByteArray();
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(out, bytes.length, 8);
    out.writeBytes(bytes);
  }

  private static void number(ByteArrayOutputStream out, long value, int size) {
    byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    out.write(all, 0, size);
  }
}
