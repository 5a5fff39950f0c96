package dev.graft.adapter;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * PEFT's {@code adapter_config.json} of a LoRA adapter, read and written.
 *
 * <p>Reading is strict: a key that would change what the adapter computes and is not understood
 * here is an error, since an adapter that is applied in part gives wrong results silently.
 */
final class AdapterConfig {
  static final String FILE = "adapter_config.json";
  private static final long LARGEST = 10 << 20;
  private static final int MOST_PATTERNS = 10_000;
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(50)
                          .maxDocumentLength(LARGEST)
                          .build())
                  .build())
          .build();

  /** Keys that say nothing about what the finished adapter computes. */
  private static final Set<String> HARMLESS =
      Set.of(
          "auto_mapping",
          "base_model_name_or_path",
          "ensure_weight_tying",
          "inference_mode",
          "init_lora_weights",
          "loftq_config",
          "eva_config",
          "corda_config",
          "lora_ga_config",
          "megatron_core",
          "peft_version",
          "qalora_group_size",
          "revision",
          "runtime_config",
          "task_type");

  /** Keys that are read. */
  private static final Set<String> READ =
      Set.of(
          "peft_type",
          "r",
          "lora_alpha",
          "lora_dropout",
          "use_rslora",
          "target_modules",
          "rank_pattern",
          "alpha_pattern");

  private final Path file;
  private final JsonNode root;

  private AdapterConfig(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  static LoraSpec read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isDirectory(folder)) {
      throw InputException.in(folder, "there is no such adapter folder");
    }
    if (!Files.isRegularFile(file)) {
      throw InputException.in(folder, "has no " + FILE + ", so it is no PEFT adapter");
    }
    try {
      if (Files.size(file) > LARGEST) {
        throw InputException.in(file, "is larger than any adapter configuration");
      }
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (root == null || !root.isObject()) {
        throw InputException.in(file, "is not a JSON object");
      }
      return new AdapterConfig(file, root).spec();
    } catch (JacksonException e) {
      throw InputException.in(file, "is not JSON: " + oneLine(e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw InputException.in(file, "can't be read: " + e.getMessage(), e);
    }
  }

  private static String oneLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  private LoraSpec spec() {
    String type = root.path("peft_type").asString("");
    if (!type.equals("LORA")) {
      throw wrong("peft_type", "'" + type + "' is not supported, only LORA is");
    }
    for (String key : root.propertyNames()) {
      if (!READ.contains(key) && !HARMLESS.contains(key) && isSet(key, root.get(key))) {
        throw wrong(
            key,
            root.get(key)
                + " is not supported; an adapter applied without it would be silently wrong");
      }
    }
    try {
      return new LoraSpec(
          integer(root.path("r"), "r"),
          number(root.path("lora_alpha"), "lora_alpha"),
          root.has("lora_dropout") ? number(root.get("lora_dropout"), "lora_dropout") : 0,
          bool("use_rslora"),
          targets(root.path("target_modules")),
          pattern("rank_pattern", this::integer),
          pattern("alpha_pattern", this::number));
    } catch (InputException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(file.toString()) ? e : InputException.in(file, message, e);
    }
  }

  /** Whether a key has a value that differs from "not used". */
  private static boolean isSet(String key, JsonNode value) {
    if (key.equals("bias")) {
      return !value.asString("none").equals("none");
    }
    boolean empty = value.isContainer() && value.isEmpty();
    return !(value.isNull() || empty || (value.isBoolean() && !value.booleanValue()));
  }

  private TargetModules targets(JsonNode node) {
    if (node.isArray() && !node.isEmpty()) {
      List<String> names = new ArrayList<>();
      for (JsonNode name : node) {
        if (!name.isString()) {
          throw wrong("target_modules", "holds something that is no text");
        }
        names.add(name.stringValue());
      }
      return new TargetModules.Named(names);
    }
    if (node.isString() && !node.stringValue().isEmpty()) {
      String text = node.stringValue();
      return text.equals("all-linear")
          ? new TargetModules.AllLinear()
          : TargetModules.matching(text);
    }
    throw wrong("target_modules", "is neither a list of names nor a text");
  }

  private boolean bool(String key) {
    JsonNode node = root.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return false;
    }
    if (!node.isBoolean()) {
      throw wrong(key, node + " is neither true nor false");
    }
    return node.booleanValue();
  }

  private int integer(JsonNode node, String key) {
    if (!node.isInt() || node.intValue() < 1 || node.intValue() > 1 << 16) {
      throw wrong(key, (node.isMissingNode() ? "is missing" : node + " is no rank"));
    }
    return node.intValue();
  }

  private double number(JsonNode node, String key) {
    if (!node.isNumber()) {
      throw wrong(key, (node.isMissingNode() ? "is missing" : node + " is not a number"));
    }
    return node.doubleValue();
  }

  private interface Value<T> {
    T of(JsonNode node, String key);
  }

  private <T> Map<String, T> pattern(String key, Value<T> value) {
    JsonNode node = root.path(key);
    if (node.size() > MOST_PATTERNS) {
      throw wrong(key, "has more than " + MOST_PATTERNS + " entries");
    }
    Map<String, T> result = new LinkedHashMap<>();
    if (node.isMissingNode() || node.isNull()) {
      return result;
    }
    if (!node.isObject()) {
      throw wrong(key, "is not an object");
    }
    for (String name : node.propertyNames()) {
      result.put(name, value.of(node.get(name), key));
    }
    return result;
  }

  private InputException wrong(String key, String what) {
    return InputException.in(file, "key \"" + key + "\": " + what);
  }

  /** The configuration as PEFT writes it; {@code modules} are the names of what was adapted. */
  static String write(LoraSpec spec, String baseModel, List<String> modules) {
    ObjectNode root = JSON.createObjectNode();
    root.put("peft_type", "LORA");
    root.put("task_type", "CAUSAL_LM");
    root.put("base_model_name_or_path", baseModel);
    root.put("inference_mode", true);
    root.put("r", spec.rank());
    if (spec.alpha() == Math.rint(spec.alpha())) {
      root.put("lora_alpha", (long) spec.alpha());
    } else {
      root.put("lora_alpha", spec.alpha());
    }
    root.put("lora_dropout", spec.dropout());
    root.put("use_rslora", spec.rankStabilised());
    root.put("use_dora", false);
    root.put("bias", "none");
    root.put("fan_in_fan_out", false);
    root.putNull("modules_to_save");
    // Always the names, as PEFT does: "all-linear" would be asked of the loading side anew.
    var names = root.putArray("target_modules");
    modules.forEach(names::add);
    ObjectNode ranks = root.putObject("rank_pattern");
    spec.rankPattern().forEach(ranks::put);
    ObjectNode alphas = root.putObject("alpha_pattern");
    spec.alphaPattern().forEach(alphas::put);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }
}
