package dev.graft.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Broken variants of a good input: flipped bits, cut and repeated pieces, false lengths and counts
 * in binary or decimal, JSON tokens of another kind.
 */
public final class Mutations {
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    7,
    8,
    255,
    256,
    65_535,
    65_536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xffff_ffffL,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MAX_VALUE / 4
  };

  private static final String[] TOKENS = {
    "null",
    "true",
    "{}",
    "[]",
    "\"\"",
    "\"x\"",
    "-1",
    "0",
    "1.5",
    "1e999",
    "-0",
    "[[[[]]]]",
    "{\"a\":{\"a\":{}}}",
    "99999999999999999999999",
    "NaN",
    ",",
    "\"\\ud800\"",
    "\"../x\"",
    "}"
  };

  private Mutations() {}

  /** A copy of {@code seed} with one to four random changes. */
  public static byte[] mutate(byte[] seed, RandomGenerator random) {
    byte[] bytes = seed.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes = change(bytes, random);
    }
    return bytes;
  }

  /** As {@link #mutate}, with changes in the first {@code length} bytes only. */
  public static byte[] mutateHead(byte[] seed, int length, RandomGenerator random) {
    byte[] head = mutate(Arrays.copyOf(seed, length), random);
    return join(head, Arrays.copyOfRange(seed, length, seed.length));
  }

  /** One array after the other. */
  public static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] change(byte[] bytes, RandomGenerator random) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(10)) {
      case 0, 1 -> flip(bytes, at, random);
      case 2 -> Arrays.copyOf(bytes, at);
      case 3 -> splice(bytes, at, end(bytes, at, random), new byte[0]);
      case 4 -> repeat(bytes, at, end(bytes, at, random), random);
      case 5, 6 -> binaryNumber(bytes, at, random);
      case 7, 8 -> decimalNumber(bytes, at, random);
      default -> token(bytes, at, random);
    };
  }

  private static byte[] flip(byte[] bytes, int at, RandomGenerator random) {
    bytes[at] =
        (byte) (random.nextBoolean() ? random.nextInt() : bytes[at] ^ 1 << random.nextInt(8));
    return bytes;
  }

  private static byte[] repeat(byte[] bytes, int from, int to, RandomGenerator random) {
    int at = random.nextInt(bytes.length + 1);
    return splice(bytes, at, at, Arrays.copyOfRange(bytes, from, to));
  }

  /** Overwrites a little-endian integer of four or eight bytes. */
  private static byte[] binaryNumber(byte[] bytes, int at, RandomGenerator random) {
    byte[] number =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number(random)).array();
    int length = Math.min(random.nextBoolean() ? 4 : 8, bytes.length - at);
    System.arraycopy(number, 0, bytes, at, length);
    return bytes;
  }

  /** Replaces the first run of digits from {@code at} on. */
  private static byte[] decimalNumber(byte[] bytes, int at, RandomGenerator random) {
    int from = at;
    while (from < bytes.length && !isDigit(bytes[from])) {
      from++;
    }
    int to = from;
    while (to < bytes.length && isDigit(bytes[to])) {
      to++;
    }
    String text = random.nextInt(8) == 0 ? "1".repeat(500) : Long.toString(number(random));
    return splice(bytes, from, to, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Replaces the JSON value or name that begins at or after {@code at}. */
  private static byte[] token(byte[] bytes, int at, RandomGenerator random) {
    int from = at;
    while (from < bytes.length && "\"[{".indexOf(bytes[from]) < 0) {
      from++;
    }
    int to = Math.min(from + 1, bytes.length);
    while (to < bytes.length && "\"]}".indexOf(bytes[to]) < 0) {
      to++;
    }
    String token = TOKENS[random.nextInt(TOKENS.length)];
    return splice(
        bytes, from, Math.min(to + 1, bytes.length), token.getBytes(StandardCharsets.US_ASCII));
  }

  private static long number(RandomGenerator random) {
    return random.nextInt(4) == 0
        ? random.nextLong(-10, 5000)
        : NUMBERS[random.nextInt(NUMBERS.length)];
  }

  private static int end(byte[] bytes, int from, RandomGenerator random) {
    return Math.min(bytes.length, from + 1 + random.nextInt(random.nextBoolean() ? 8 : 256));
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] insert) {
    return join(Arrays.copyOf(bytes, from), insert, Arrays.copyOfRange(bytes, to, bytes.length));
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }
}
