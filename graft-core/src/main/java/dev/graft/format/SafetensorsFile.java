package dev.graft.format;

import dev.graft.InputException;
import dev.graft.engine.DType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A safetensors file, mapped into memory. <a
 * href="https://github.com/huggingface/safetensors#format">Specification</a>.
 */
public final class SafetensorsFile implements Weights {
  private final MappedFile mapped;
  private final SafetensorsHeader header;
  private final List<String> names;

  private SafetensorsFile(MappedFile mapped, SafetensorsHeader header) {
    this.mapped = mapped;
    this.header = header;
    this.names = List.copyOf(header.entries().keySet());
  }

  /**
   * Maps the file and checks its header; no tensor is read.
   *
   * @throws InputException {@code FILE: …} when it is missing or breaks the specification
   */
  public static SafetensorsFile open(Path file) {
    MappedFile mapped = MappedFile.open(file);
    try {
      return new SafetensorsFile(mapped, SafetensorsHeader.read(mapped));
    } catch (RuntimeException e) {
      mapped.close();
      throw e;
    }
  }

  @Override
  public Path source() {
    return mapped.path();
  }

  /** In the order of the header. */
  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public boolean contains(String name) {
    return header.entries().containsKey(name);
  }

  @Override
  public StoredTensor get(String name) {
    SafetensorsHeader.Entry entry = header.entries().get(name);
    if (entry == null) {
      throw missing(source(), name, names);
    }
    DType type =
        dtype(entry.type())
            .orElseThrow(() ->
                InputException.in(
                    source(),
                    "tensor "
                        + Text.quote(name)
                        + " has the type "
                        + entry.type()
                        + ", which is not supported; convert it to BF16 or F32"));
    MemorySegment data = mapped.bytes().asSlice(entry.begin(), entry.end() - entry.begin());
    return new PlainTensor(name, type, entry.shape(), data);
  }

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  @Override
  public void release() {
    mapped.release();
  }

  @Override
  public void close() {
    mapped.close();
  }

  /** The error for a name that is not there. */
  static InputException missing(Path source, String name, List<String> names) {
    String example = names.isEmpty() ? "" : ", such as " + Text.quote(names.getFirst());
    return InputException.in(
        source, "no tensor " + Text.quote(name) + " (it holds " + names.size() + example + ")");
  }

  private static Optional<DType> dtype(String name) {
    return Stream.of(DType.values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
