package dev.graft.format;

import dev.graft.InputException;
import dev.graft.engine.DType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A GGUF model, mapped into memory, of one file or of the parts of a split one, as Hugging Face's
 * weights: names, row-major shapes and, for the llama architecture, the row order of query and key
 * projections. <a
 * href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">Specification</a>.
 *
 * <p>Tensors without a Hugging Face name keep their own, among them {@code rope_freqs.weight}, the
 * divisors of the rotary frequencies in Llama 3 models. Architectures other than {@link
 * #ARCHITECTURES} keep all names and rows as they are.
 */
public final class GgufFile implements Weights {
  /** Architectures whose names are translated. */
  static final Set<String> ARCHITECTURES = Set.of("llama", "mistral", "qwen2", "qwen3");

  private record Place(GgufPart part, GgufPart.Entry entry) {}

  private final List<GgufPart> parts;
  private final String architecture;
  private final Map<String, Place> places = new LinkedHashMap<>();

  private GgufFile(List<GgufPart> parts) {
    this.parts = parts;
    this.architecture = keyValues().string("general.architecture").orElse("");
    boolean translated = ARCHITECTURES.contains(architecture);
    for (GgufPart part : parts) {
      for (GgufPart.Entry entry : part.entries().values()) {
        String name = translated ? GgufNames.huggingFace(entry.name()) : entry.name();
        if (places.put(name, new Place(part, entry)) != null) {
          throw InputException.in(part.path(), "tensor " + Text.quote(name) + " appears twice");
        }
      }
    }
  }

  /**
   * Maps the file, with all parts when it is the first of a split model, and checks its structure;
   * no tensor is read.
   *
   * @throws InputException {@code FILE: …} when a file is missing, broken, of another version than
   *     2 or 3, or big-endian
   */
  public static GgufFile open(Path file) {
    List<GgufPart> parts = GgufParts.open(file);
    try {
      return new GgufFile(parts);
    } catch (RuntimeException e) {
      parts.forEach(GgufPart::close);
      throw e;
    }
  }

  /** {@code general.architecture}; empty when the file does not say. */
  public String architecture() {
    return architecture;
  }

  /** All metadata, of the first part when the model is split. */
  public GgufMetadata keyValues() {
    return parts.getFirst().metadata();
  }

  @Override
  public Path source() {
    return parts.getFirst().path();
  }

  @Override
  public List<String> names() {
    return List.copyOf(places.keySet());
  }

  @Override
  public boolean contains(String name) {
    return places.containsKey(name);
  }

  @Override
  public StoredTensor get(String name) {
    Place place = places.get(name);
    if (place == null) {
      throw SafetensorsFile.missing(source(), name, names());
    }
    GgufPart.Entry entry = place.entry();
    GgufType type =
        entry
            .type()
            .orElseThrow(() ->
                wrong(
                    place,
                    "has the quantisation type number "
                        + Integer.toUnsignedString(entry.typeNumber())
                        + ", which is not supported; use a file of type "
                        + Arrays.toString(GgufType.values())));
    MemorySegment data = place.part().data(entry);
    long headRows = rotaryHeadRows(place);
    Optional<DType> plain = type.plain();
    if (headRows == 0 && plain.isPresent()) {
      return new PlainTensor(name, plain.get(), entry.shape(), data);
    }
    FloatSource source =
        plain.isPresent() ? Elements.plain(data, plain.get()) : GgufBlocks.source(data, type);
    if (headRows > 0) {
      source = new RotaryRows(source, rowLength(entry), headRows);
    }
    DType shown = plain.filter(t -> t.isFloating() && t != DType.F64).orElse(DType.F32);
    return new ComputedTensor(name, shown, entry.shape(), source);
  }

  /** Metadata of one value, as text. */
  @Override
  public Map<String, String> metadata() {
    return keyValues().scalars();
  }

  @Override
  public void release() {
    parts.forEach(GgufPart::release);
  }

  @Override
  public void close() {
    parts.forEach(GgufPart::close);
  }

  /** Shape by the Hugging Face name, without a check of the type; empty when there is none. */
  Optional<long[]> shape(String name) {
    return Optional.ofNullable(places.get(name)).map(place -> place.entry().shape().clone());
  }

  /** Rows of a head where the rows of the tensor are in rotary order; 0 where they are not. */
  private long rotaryHeadRows(Place place) {
    String name = place.entry().name();
    boolean query = name.contains(".attn_q.");
    boolean permuted = architecture.equals("llama") || architecture.equals("mistral");
    if (!permuted || !(query || name.contains(".attn_k."))) {
      return 0;
    }
    GgufMetadata values = keyValues();
    String prefix = architecture + ".attention.head_count";
    int heads = values.positive(prefix);
    if (!query && values.contains(prefix + "_kv")) {
      heads = values.positive(prefix + "_kv");
    }
    long[] shape = place.entry().shape();
    boolean blocks = place.entry().type().map(type -> type.block > 1).orElse(true);
    if (shape.length == 0 || shape.length > 2 || (shape.length == 1 && blocks)) {
      throw wrong(place, "has a shape that a query or key projection cannot have");
    }
    if (shape[0] == 0 || shape[0] % (2L * heads) != 0) {
      throw wrong(place, shape[0] + " rows are not " + heads + " heads of even size");
    }
    return shape[0] / heads;
  }

  private static long rowLength(GgufPart.Entry entry) {
    return entry.shape().length == 1 ? 1 : entry.shape()[1];
  }

  private static InputException wrong(Place place, String what) {
    return InputException.in(
        place.part().path(), "tensor " + Text.quote(place.entry().name()) + " " + what);
  }
}
