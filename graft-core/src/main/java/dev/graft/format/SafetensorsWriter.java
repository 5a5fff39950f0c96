package dev.graft.format;

import dev.graft.InputException;
import dev.graft.engine.DType;
import dev.graft.io.AtomicFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes safetensors files, byte for byte as the reference library does for the same tensors: wider
 * types first, then by name, header padded with spaces to a multiple of eight bytes. <a
 * href="https://github.com/huggingface/safetensors#format">Specification</a>.
 */
public final class SafetensorsWriter {
  private static final long MAX_HEADER = 100_000_000;
  private static final int CHUNK = 1 << 24;

  /** Types from the last to the first in a file, as the reference library orders them. */
  private static final List<DType> ORDER =
      List.of(
          DType.BOOL,
          DType.U8,
          DType.I8,
          DType.I16,
          DType.F16,
          DType.BF16,
          DType.I32,
          DType.F32,
          DType.F64,
          DType.I64);

  private SafetensorsWriter() {}

  /**
   * A tensor to write.
   *
   * @param data gives the elements, row-major and little-endian; asked once, when the tensor's turn
   *     comes, so that not all of a large model must be in memory at once
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Tensor(String name, DType dtype, long[] shape, Supplier<MemorySegment> data) {
    public static Tensor of(String name, DType dtype, long[] shape, MemorySegment data) {
      return new Tensor(name, dtype, shape, () -> data);
    }

    long bytes() {
      long bytes = Shapes.bytes(shape, dtype.bytes() * 8);
      if (bytes < 0) {
        throw new IllegalArgumentException("tensor " + name + " has no size");
      }
      return bytes;
    }
  }

  /**
   * Writes the file aside and renames it into place.
   *
   * @param metadata written sorted by key; nothing is written when it is empty
   * @throws IllegalArgumentException when a name appears twice or is {@code __metadata__}, or when
   *     data and shape disagree
   * @throws InputException {@code FILE: …} when the file cannot be written
   */
  public static void write(Path file, List<Tensor> tensors, Map<String, String> metadata) {
    List<Tensor> ordered = new ArrayList<>(tensors);
    ordered.sort(
        Comparator.comparingInt((Tensor tensor) -> -ORDER.indexOf(tensor.dtype()))
            .thenComparing(
                tensor -> tensor.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
    checkNames(ordered);
    byte[] header = header(ordered, metadata);
    try {
      AtomicFile.write(
          file,
          channel -> {
            writeHeader(channel, header);
            for (Tensor tensor : ordered) {
              writeData(channel, tensor);
            }
          });
    } catch (IOException e) {
      throw InputException.unwritable(file, e);
    }
  }

  private static void checkNames(List<Tensor> tensors) {
    Set<String> names = new HashSet<>();
    for (Tensor tensor : tensors) {
      if (!names.add(tensor.name()) || tensor.name().equals("__metadata__")) {
        throw new IllegalArgumentException("tensor name used twice or reserved: " + tensor.name());
      }
    }
  }

  private static byte[] header(List<Tensor> tensors, Map<String, String> metadata) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = root.putObject("__metadata__");
      new TreeMap<>(metadata).forEach(node::put);
    }
    long begin = 0;
    for (Tensor tensor : tensors) {
      long end = Math.addExact(begin, tensor.bytes());
      ObjectNode node = root.putObject(tensor.name());
      node.put("dtype", tensor.dtype().name());
      ArrayNode shape = node.putArray("shape");
      for (long size : tensor.shape()) {
        shape.add(size);
      }
      node.putArray("data_offsets").add(begin).add(end);
      begin = end;
    }
    byte[] json = Json.MAPPER.writeValueAsBytes(root);
    if (json.length > MAX_HEADER - 8) {
      throw new IllegalArgumentException("header of " + json.length + " bytes is too large");
    }
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static void writeHeader(FileChannel channel, byte[] header) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    writeFully(channel, length.putLong(header.length).flip());
    writeFully(channel, ByteBuffer.wrap(header));
  }

  private static void writeData(FileChannel channel, Tensor tensor) throws IOException {
    MemorySegment data = tensor.data().get();
    if (data.byteSize() != tensor.bytes()) {
      throw new IllegalArgumentException(
          "tensor " + tensor.name() + ": " + data.byteSize() + " bytes, not " + tensor.bytes());
    }
    // Only native memory and byte arrays have a view as a buffer; other arrays go through a copy.
    boolean viewable = data.isNative() || data.heapBase().orElse(null) instanceof byte[];
    for (long at = 0; at < data.byteSize(); at += CHUNK) {
      MemorySegment part = data.asSlice(at, Math.min(CHUNK, data.byteSize() - at));
      if (!viewable) {
        part = MemorySegment.ofArray(new byte[(int) part.byteSize()]).copyFrom(part);
      }
      writeFully(channel, part.asByteBuffer());
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
