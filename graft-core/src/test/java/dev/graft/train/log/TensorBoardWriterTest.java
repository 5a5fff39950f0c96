package dev.graft.train.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same files were read with TensorBoard's own reader when the writer was made. */
class TensorBoardWriterTest {
  @TempDir private Path folder;

  /** The check value of CRC-32C, masked as TensorFlow does: ((crc >> 15) | (crc << 17)) + delta. */
  @Test
  void maskedCrc_checkValue() {
    byte[] bytes = "123456789".getBytes(StandardCharsets.US_ASCII);
    long crc = 0xE3069283L;
    long masked = ((crc >>> 15 | crc << 17) + 0xa282ead8L) & 0xffffffffL;
    assertThat(Integer.toUnsignedLong(TensorBoardWriter.maskedCrc(bytes, 9))).isEqualTo(masked);
  }

  @Test
  void scalar_values_readBack() throws IOException {
    try (TensorBoardWriter writer = TensorBoardWriter.open(folder)) {
      writer.scalar("train/loss", 1, 2.5);
      writer.scalar("train/loss", 300_000_000_000L, -0.125);
      writer.scalar("größe", 3, Double.NaN);
    }
    List<Map<Integer, Object>> events = events(only());
    assertThat(events).hasSize(4);
    assertThat(text(events.get(0).get(3))).isEqualTo("brain.Event:2");
    assertThat((double) events.get(1).get(1))
        .isBetween(1.7e9, System.currentTimeMillis() / 1000.0 + 1);
    assertThat(events.get(1)).containsEntry(2, 1L);
    assertThat(value(events.get(1))).containsEntry(2, 2.5f);
    assertThat(text(value(events.get(1)).get(1))).isEqualTo("train/loss");
    assertThat(events.get(2)).containsEntry(2, 300_000_000_000L);
    assertThat(value(events.get(2))).containsEntry(2, -0.125f);
    assertThat(text(value(events.get(3)).get(1))).isEqualTo("größe");
    assertThat((float) value(events.get(3)).get(2)).isNaN();
  }

  @Test
  void resume_session_startsAfterTheStep() throws IOException {
    TensorBoardWriter.open(folder).close();
    TensorBoardWriter.resume(folder, 20).close();
    try (Stream<Path> files = Files.list(folder)) {
      Path second = files.sorted().toList().get(1);
      Map<Integer, Object> start = events(second).get(1);
      assertThat(start).containsEntry(2, 21L);
      assertThat(fields((byte[]) start.get(7))).containsEntry(1, 1L);
    }
  }

  private Path only() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      assertThat(all.getFirst().getFileName().toString()).startsWith("events.out.tfevents.");
      return all.getFirst();
    }
  }

  private static Map<Integer, Object> value(Map<Integer, Object> event) {
    return fields((byte[]) fields((byte[]) event.get(5)).get(1));
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }

  private static List<Map<Integer, Object>> events(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Map<Integer, Object>> events = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).isEqualTo(TensorBoardWriter.maskedCrc(length, 8));
      int size = (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
      byte[] data = new byte[size];
      in.get(data);
      assertThat(in.getInt()).isEqualTo(TensorBoardWriter.maskedCrc(data, size));
      events.add(fields(data));
    }
    return events;
  }

  private static Map<Integer, Object> fields(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, Object> fields = new HashMap<>();
    while (in.hasRemaining()) {
      int tag = (int) varint(in);
      fields.put(
          tag >>> 3,
          switch (tag & 7) {
            case 0 -> varint(in);
            case 1 -> in.getDouble();
            case 5 -> in.getFloat();
            case 2 -> {
              byte[] bytes = new byte[(int) varint(in)];
              in.get(bytes);
              yield bytes;
            }
            default -> throw new AssertionError("wire type of tag " + tag);
          });
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
