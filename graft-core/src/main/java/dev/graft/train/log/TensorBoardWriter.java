package dev.graft.train.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Scalars for TensorBoard, as an event file of its own.
 *
 * <p>Format: TensorFlow's {@code tfrecord} framing (length, masked CRC-32C of the length, data,
 * masked CRC-32C of the data; little-endian) around {@code Event} messages of {@code event.proto}
 * and {@code summary.proto}. Not for several threads.
 */
public final class TensorBoardWriter implements AutoCloseable {
  private static final int CRC_MASK = 0xa282ead8;
  private static final int MOST_NAMES = 1000;

  // Field numbers of event.proto and summary.proto.
  private static final int EVENT_WALL_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_FILE_VERSION = 3;
  private static final int EVENT_SUMMARY = 5;
  private static final int EVENT_SESSION_LOG = 7;
  private static final int SESSION_STATUS = 1;
  private static final int SESSION_START = 1;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE = 2;

  private final FileChannel channel;

  private TensorBoardWriter(FileChannel channel) {
    this.channel = channel;
  }

  /** Starts a new event file in the folder. */
  public static TensorBoardWriter open(Path folder) throws IOException {
    Files.createDirectories(folder);
    TensorBoardWriter writer = new TensorBoardWriter(newFile(folder));
    writer.write(event(0).text(EVENT_FILE_VERSION, "brain.Event:2"));
    return writer;
  }

  /**
   * Starts a new event file for a run that goes on after {@code step}; TensorBoard then forgets
   * what earlier files of the folder say about later steps.
   */
  public static TensorBoardWriter resume(Path folder, long step) throws IOException {
    TensorBoardWriter writer = open(folder);
    Protobuf start = new Protobuf().integer(SESSION_STATUS, SESSION_START);
    writer.write(event(step + 1).message(EVENT_SESSION_LOG, start));
    return writer;
  }

  /**
   * Writes one value.
   *
   * @param tag name of the curve, parts divided by {@code /}, as in {@code train/loss}
   */
  public void scalar(String tag, long step, double value) throws IOException {
    Protobuf point = new Protobuf().text(VALUE_TAG, tag).float32(VALUE_SIMPLE, (float) value);
    write(event(step).message(EVENT_SUMMARY, new Protobuf().message(SUMMARY_VALUE, point)));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static Protobuf event(long step) {
    return new Protobuf()
        .float64(EVENT_WALL_TIME, System.currentTimeMillis() / 1000.0)
        .integer(EVENT_STEP, step);
  }

  private void write(Protobuf event) throws IOException {
    byte[] data = event.bytes();
    ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(maskedCrc(record.array(), Long.BYTES));
    record.put(data);
    record.putInt(maskedCrc(data, data.length));
    record.flip();
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  /** Readers sort the files by name, so the time comes first. */
  private static FileChannel newFile(Path folder) throws IOException {
    long seconds = System.currentTimeMillis() / 1000;
    String name = "events.out.tfevents." + seconds + ".graft." + ProcessHandle.current().pid();
    for (int i = 0; i < MOST_NAMES; i++) {
      try {
        return FileChannel.open(
            folder.resolve(String.format("%s.%03d", name, i)),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
      } catch (FileAlreadyExistsException e) {
        // Another writer of the same second: the next number.
      }
    }
    throw new IOException(folder + " holds " + MOST_NAMES + " event files of this second");
  }

  static int maskedCrc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK;
  }

  /** Just enough of the protocol buffers' encoding. */
  private static final class Protobuf {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Protobuf integer(int field, long value) {
      tag(field, VARINT);
      varint(value);
      return this;
    }

    Protobuf float64(int field, double value) {
      tag(field, FIXED64);
      return fixed(Double.doubleToLongBits(value), Double.BYTES);
    }

    Protobuf float32(int field, float value) {
      tag(field, FIXED32);
      return fixed(Float.floatToIntBits(value), Float.BYTES);
    }

    Protobuf text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Protobuf message(int field, Protobuf value) {
      return bytes(field, value.bytes());
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private Protobuf bytes(int field, byte[] value) {
      tag(field, BYTES);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    private void tag(int field, int wireType) {
      varint(((long) field << 3) | wireType);
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }

    private Protobuf fixed(long bits, int size) {
      for (int i = 0; i < size; i++) {
        out.write((int) (bits >>> (8 * i)));
      }
      return this;
    }
  }
}
