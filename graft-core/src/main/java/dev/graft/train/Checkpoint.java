package dev.graft.train;

import dev.graft.InputException;
import dev.graft.data.EpochOrder;
import dev.graft.data.ExampleStream;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.format.SafetensorsFile;
import dev.graft.format.SafetensorsWriter;
import dev.graft.format.StoredTensor;
import dev.graft.format.Weights;
import dev.graft.ledger.Ledger;
import dev.graft.ledger.LedgerFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A checkpoint file: the {@link TrainState} and the flat tensors of masters and optimizer, in one
 * safetensors file that is written aside, forced to disk and renamed. A file that was cut off fails
 * the format's own checks, one whose bytes changed fails its checksum.
 */
final class Checkpoint {
  private static final String VERSION = "1";
  private static final String IDENTITY = "graft.identity";
  private static final String CHECKSUM = "graft.crc32c";

  /** Names of the tensors in the file. */
  private static final String VALUES = "values";

  private static final String FIRST = "optimizer.first_moment";
  private static final String SECOND = "optimizer.second_moment";

  /** The tensors of a run that a checkpoint holds, flat and float32. */
  record Tensors(Tensor values, Tensor first, Tensor second) {
    private Map<String, Tensor> named() {
      Map<String, Tensor> named = new TreeMap<>();
      named.put(VALUES, values);
      named.put(FIRST, first);
      named.put(SECOND, second);
      return named;
    }
  }

  private Checkpoint() {}

  /**
   * Where a run was.
   *
   * @param ledger what it had spent; empty in files of versions that kept none
   */
  record Saved(TrainState state, Optional<Ledger> ledger) {}

  /**
   * Writes a checkpoint. {@code identity} tells what it belongs to and must be equal on reading.
   */
  static void write(Path file, TrainState state, Ledger ledger, Tensors tensors, String identity) {
    try (Scope scope = Scope.open()) {
      List<SafetensorsWriter.Tensor> written = new ArrayList<>();
      Map<String, String> metadata = toMetadata(state);
      metadata.put(IDENTITY, identity);
      metadata.put(LedgerFile.METADATA, LedgerFile.text(ledger));
      CRC32C checksum = new CRC32C();
      update(checksum, metadata);
      tensors
          .named()
          .forEach((name, tensor) -> {
            MemorySegment memory = tensor.to(Device.CPU).memory();
            update(checksum, memory);
            written.add(SafetensorsWriter.Tensor.of(name, DType.F32, tensor.shape(), memory));
          });
      metadata.put(CHECKSUM, Long.toHexString(checksum.getValue()));
      SafetensorsWriter.write(file, written, metadata);
    }
  }

  /** Fills the tensors from a checkpoint and returns its state, a place in {@code order}. */
  static Saved read(Path file, Tensors tensors, String identity, ExampleStream order) {
    try (Weights weights = SafetensorsFile.open(file)) {
      TrainState state = check(file, weights, tensors, identity);
      Optional<Ledger> ledger =
          Optional.ofNullable(weights.metadata().get(LedgerFile.METADATA))
              .map(text -> LedgerFile.parse(file, text));
      if (!state.isPossible() || !order.contains(state.cursor())) {
        throw InputException.in(file, "is damaged: no run can be in its state");
      }
      tensors.named().forEach((name, tensor) -> fill(file, weights, name, tensor));
      return new Saved(state, ledger);
    }
  }

  /** Fills only the masters: for the result of a run from its best checkpoint. */
  static void readValues(Path file, Tensors tensors, String identity) {
    try (Weights weights = SafetensorsFile.open(file)) {
      check(file, weights, tensors, identity);
      fill(file, weights, VALUES, tensors.values());
    }
  }

  /** Everything is checked before anything of the run is changed. */
  private static TrainState check(Path file, Weights weights, Tensors tensors, String identity) {
    Map<String, String> metadata = new TreeMap<>(weights.metadata());
    if (!VERSION.equals(metadata.get("graft.checkpoint"))) {
      throw InputException.in(file, "is no checkpoint of this version of Graft");
    }
    if (!identity.equals(metadata.get(IDENTITY))) {
      throw InputException.in(
          file,
          "belongs to a run with other data, base model or settings; resume it with the same, or"
              + " begin anew in another output folder");
    }
    String expected = metadata.remove(CHECKSUM);
    CRC32C checksum = new CRC32C();
    update(checksum, metadata);
    for (Map.Entry<String, Tensor> entry : tensors.named().entrySet()) {
      update(checksum, mapped(file, weights, entry.getKey(), entry.getValue()));
    }
    if (!Long.toHexString(checksum.getValue()).equals(expected)) {
      throw InputException.in(file, "is damaged: its checksum does not match");
    }
    return fromMetadata(file, metadata);
  }

  private static void fill(Path file, Weights weights, String name, Tensor tensor) {
    try (Scope scope = Scope.open()) {
      MemorySegment data = mapped(file, weights, name, tensor);
      tensor.copyFrom(Tensor.over(data, DType.F32, tensor.shape()));
    }
  }

  private static MemorySegment mapped(Path file, Weights weights, String name, Tensor tensor) {
    StoredTensor stored = weights.get(name);
    if (stored.dtype() != DType.F32 || stored.elements() != tensor.elements()) {
      throw InputException.in(file, "tensor " + name + " does not fit this run");
    }
    return stored
        .mapped()
        .orElseThrow(() -> InputException.in(file, "tensor " + name + " is not stored plainly"));
  }

  private static void update(CRC32C checksum, Map<String, String> metadata) {
    checksum.update(metadata.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void update(CRC32C checksum, MemorySegment memory) {
    long piece = 1L << 30;
    for (long at = 0; at < memory.byteSize(); at += piece) {
      ByteBuffer bytes = memory.asSlice(at, Math.min(piece, memory.byteSize() - at)).asByteBuffer();
      checksum.update(bytes);
    }
  }

  private static Map<String, String> toMetadata(TrainState state) {
    Map<String, String> map = new TreeMap<>();
    map.put("graft.checkpoint", VERSION);
    map.put("step", Long.toString(state.step()));
    map.put("epoch", Long.toString(state.cursor().epoch()));
    map.put("next", Integer.toString(state.cursor().next()));
    map.put("file", Integer.toString(state.cursor().file()));
    map.put("piece", Long.toString(state.cursor().piece()));
    map.put("tokens", Long.toString(state.tokens()));
    map.put("trained_tokens", Long.toString(state.trainedTokens()));
    map.put("seconds", Double.toString(state.seconds()));
    map.put("best_loss", Double.toString(state.bestLoss()));
    map.put("best_step", Long.toString(state.bestStep()));
    map.put("bad_evaluations", Integer.toString(state.badEvaluations()));
    map.put("evaluated_step", Long.toString(state.evaluatedStep()));
    return map;
  }

  private static TrainState fromMetadata(Path file, Map<String, String> map) {
    try {
      return new TrainState(
          Long.parseLong(text(map, "step")),
          new EpochOrder.Cursor(
              Long.parseLong(text(map, "epoch")),
              Integer.parseInt(text(map, "next")),
              Integer.parseInt(map.getOrDefault("file", "0")),
              Long.parseLong(map.getOrDefault("piece", "0"))),
          Long.parseLong(text(map, "tokens")),
          Long.parseLong(text(map, "trained_tokens")),
          Double.parseDouble(text(map, "seconds")),
          Double.parseDouble(text(map, "best_loss")),
          Long.parseLong(text(map, "best_step")),
          Integer.parseInt(text(map, "bad_evaluations")),
          Long.parseLong(text(map, "evaluated_step")));
    } catch (NumberFormatException e) {
      throw InputException.in(file, "is damaged: its state can't be read", e);
    }
  }

  private static String text(Map<String, String> map, String key) {
    return map.getOrDefault(key, "");
  }
}
