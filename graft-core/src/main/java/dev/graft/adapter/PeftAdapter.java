package dev.graft.adapter;

import dev.graft.InputException;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.format.SafetensorsFile;
import dev.graft.format.SafetensorsWriter;
import dev.graft.format.StoredTensor;
import dev.graft.format.Weights;
import dev.graft.io.AtomicFile;
import dev.graft.model.Decoder;
import dev.graft.model.LoraTarget;
import dev.graft.model.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adapter folders in PEFT's format: {@code adapter_config.json} and {@code
 * adapter_model.safetensors} with {@code lora_A} (r, in) and {@code lora_B} (out, r) of each
 * module.
 *
 * <p>Loading is strict. An adapter that lacks a tensor, has one too many or of another shape, was
 * made for another base model, or changes nothing, is an error: other tools warn, or apply it as
 * nothing, and the difference shows only in the answers.
 */
public final class PeftAdapter {
  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final String FINGERPRINT = "graft.base_fingerprint";

  private PeftAdapter() {}

  /** What an adapter is loaded for. */
  public enum Use {
    /** To be applied: it must have an effect. */
    INFERENCE,
    /** To be trained on: it may be fresh, with B = 0. */
    TRAINING
  }

  /**
   * Attaches the adapter in {@code folder} to the model and returns what it is.
   *
   * @throws InputException if it doesn't fit the model exactly; the model is then as it was
   */
  public static LoraSpec load(Path folder, Decoder model, Use use) {
    LoraSpec spec = AdapterConfig.read(folder);
    Path file = folder.resolve(WEIGHTS);
    if (!Files.isRegularFile(file)) {
      boolean pickled = Files.isRegularFile(folder.resolve("adapter_model.bin"));
      String hint = pickled ? "; adapter_model.bin is not read, save it as safetensors" : "";
      throw InputException.in(folder, "has no " + WEIGHTS + hint);
    }
    try (Weights weights = SafetensorsFile.open(file);
        Scope scope = Scope.open()) {
      checkBase(file, weights, model);
      List<LoraTarget> targets = resolve(folder, spec, model);
      checkNames(file, weights, targets);
      for (LoraTarget target : targets) {
        checkShapes(file, weights, target, model.moduleSize(target.module()));
      }
      List<Update> updates = updates(file, weights, targets, use);
      model.attach(targets, use == Use.TRAINING ? spec.dropout() : 0);
      for (Update update : updates) {
        model.setUpdate(update.target, update.a.to(model.device()), update.b.to(model.device()));
      }
    }
    return spec;
  }

  private static List<LoraTarget> resolve(Path folder, LoraSpec spec, Decoder model) {
    try {
      return spec.resolve(model.adaptableModules());
    } catch (InputException e) {
      throw InputException.in(
          folder.resolve(AdapterConfig.FILE), String.valueOf(e.getMessage()), e);
    }
  }

  private static void checkBase(Path file, Weights weights, Decoder model) {
    String expected = weights.metadata().get(FINGERPRINT);
    if (expected != null && !expected.equals(model.fingerprint())) {
      throw InputException.in(
          file,
          "was trained on another base model (fingerprint "
              + expected
              + ", this model has "
              + model.fingerprint()
              + ")");
    }
  }

  private static void checkNames(Path file, Weights weights, List<LoraTarget> targets) {
    Set<String> wanted = new HashSet<>();
    for (LoraTarget target : targets) {
      wanted.add(target.nameOfA());
      wanted.add(target.nameOfB());
    }
    for (String name : weights.names()) {
      if (!wanted.contains(name)) {
        throw InputException.in(
            file,
            "tensor " + name + " belongs to no module that the configuration and the model have");
      }
    }
    for (LoraTarget target : targets) {
      for (String name : List.of(target.nameOfA(), target.nameOfB())) {
        if (!weights.contains(name)) {
          throw InputException.in(file, "tensor " + name + " is missing");
        }
      }
    }
  }

  private static void checkShapes(Path file, Weights weights, LoraTarget target, int[] size) {
    checkShape(file, weights.get(target.nameOfA()), target.rank(), size[0]);
    checkShape(file, weights.get(target.nameOfB()), size[1], target.rank());
  }

  private static void checkShape(Path file, StoredTensor tensor, long rows, long columns) {
    if (!Arrays.equals(tensor.shape(), new long[] {rows, columns})) {
      throw InputException.in(
          file,
          "tensor "
              + tensor.name()
              + " is "
              + Arrays.toString(tensor.shape())
              + ", but the configuration and the model need ["
              + rows
              + ", "
              + columns
              + "]");
    }
    if (!tensor.dtype().isFloating()) {
      throw InputException.in(file, "tensor " + tensor.name() + " is of type " + tensor.dtype());
    }
  }

  /** What is set at a module: a (r, in), b (out, r). */
  private record Update(LoraTarget target, Tensor a, Tensor b) {}

  private static List<Update> updates(
      Path file, Weights weights, List<LoraTarget> targets, Use use) {
    List<Update> updates = new ArrayList<>();
    for (LoraTarget target : targets) {
      Tensor a = floats(weights.get(target.nameOfA()));
      Tensor b = floats(weights.get(target.nameOfB()));
      checkValues(file, target, a, b, use);
      updates.add(new Update(target, a, b));
    }
    return updates;
  }

  private static void checkValues(Path file, LoraTarget target, Tensor a, Tensor b, Use use) {
    String update = "the update of " + target.module();
    if (!Ops.allFinite(a) || !Ops.allFinite(b)) {
      throw InputException.in(file, update + " holds numbers that are not finite");
    }
    if (use == Use.INFERENCE && (Ops.maxAbs(a) == 0 || Ops.maxAbs(b) == 0)) {
      throw InputException.in(
          file,
          update + " is zero, so the adapter changes nothing there; was it saved before training?");
    }
  }

  private static Tensor floats(StoredTensor stored) {
    Tensor tensor = Tensor.empty(DType.F32, Device.CPU, stored.shape());
    stored.copyTo(tensor.memory(), DType.F32);
    return tensor;
  }

  /**
   * Puts the adapter's values as loaded by {@link #load} into the masters that are to be trained.
   */
  public static void loadMasters(Path folder, Parameters parameters) {
    Path file = folder.resolve(WEIGHTS);
    try (Weights weights = SafetensorsFile.open(file);
        Scope scope = Scope.open()) {
      for (Parameters.Entry entry : parameters.entries()) {
        parameters.value(entry.name()).copyFrom(floats(weights.get(entry.name())));
      }
    }
  }

  /**
   * Writes an adapter folder: the weights first, then the configuration that makes it one.
   *
   * @param baseModel the base model as the user named it, which PEFT loads by that name
   */
  public static void save(
      Path folder, LoraSpec spec, Decoder model, Parameters parameters, String baseModel) {
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      for (Parameters.Entry entry : parameters.entries()) {
        Tensor value = parameters.value(entry.name()).to(Device.CPU).contiguous();
        tensors.add(
            SafetensorsWriter.Tensor.of(entry.name(), DType.F32, entry.shape(), value.memory()));
      }
      Files.createDirectories(folder);
      SafetensorsWriter.write(
          folder.resolve(WEIGHTS),
          tensors,
          Map.of("format", "pt", FINGERPRINT, model.fingerprint()));
      List<String> modules =
          spec.resolve(model.adaptableModules()).stream()
              .map(t -> shortName(t.module(), spec))
              .distinct()
              .sorted()
              .toList();
      AtomicFile.writeString(
          folder.resolve(AdapterConfig.FILE), AdapterConfig.write(spec, baseModel, modules));
    } catch (IOException e) {
      throw InputException.in(folder, "can't be written: " + e.getMessage(), e);
    }
  }

  /** The last part of a name, unless a regular expression chose single modules of that name. */
  private static String shortName(String module, LoraSpec spec) {
    return spec.targets() instanceof TargetModules.Matching
        ? module
        : module.substring(module.lastIndexOf('.') + 1);
  }
}
