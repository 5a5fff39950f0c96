package dev.graft.format;

import dev.graft.InputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Weights spread over several safetensors files by {@code model.safetensors.index.json}: an object
 * {@code weight_map} from tensor name to file name, as Hugging Face writes it.
 */
final class ShardedWeights implements Weights {
  private static final int MAX_INDEX = 32 << 20;

  private final Path index;
  private final Map<String, SafetensorsFile> byName;
  private final Map<String, SafetensorsFile> shards;
  private final Map<String, String> metadata;

  private ShardedWeights(
      Path index,
      Map<String, SafetensorsFile> byName,
      Map<String, SafetensorsFile> shards,
      Map<String, String> metadata) {
    this.index = index;
    this.byName = byName;
    this.shards = shards;
    this.metadata = metadata;
  }

  /**
   * Opens the index and all shards beside it.
   *
   * @throws InputException when a shard is missing or lies elsewhere, or when index and shards
   *     disagree about a tensor
   */
  static ShardedWeights open(Path index) {
    ObjectNode json = Json.readObject(index, MAX_INDEX);
    Map<String, String> places = places(index, json);
    Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
    try {
      Map<String, SafetensorsFile> byName = new LinkedHashMap<>();
      places.forEach((name, shard) ->
          byName.put(name, shards.computeIfAbsent(shard, s -> openShard(index, s))));
      checkAgreement(index, byName, shards);
      return new ShardedWeights(index, byName, shards, metadata(json));
    } catch (RuntimeException e) {
      shards.values().forEach(SafetensorsFile::close);
      throw e;
    }
  }

  @Override
  public Path source() {
    return index;
  }

  @Override
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  @Override
  public boolean contains(String name) {
    return byName.containsKey(name);
  }

  @Override
  public StoredTensor get(String name) {
    SafetensorsFile shard = byName.get(name);
    if (shard == null) {
      throw SafetensorsFile.missing(index, name, names());
    }
    return shard.get(name);
  }

  /** The index's own metadata, such as {@code total_size}. */
  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public void release() {
    shards.values().forEach(SafetensorsFile::release);
  }

  @Override
  public void close() {
    shards.values().forEach(SafetensorsFile::close);
  }

  private static Map<String, String> places(Path index, ObjectNode json) {
    if (!(json.get("weight_map") instanceof ObjectNode map) || map.isEmpty()) {
      throw InputException.in(index, "key \"weight_map\": must be an object that is not empty");
    }
    Map<String, String> places = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      JsonNode shard = entry.getValue();
      if (!shard.isString() || !isPlainName(shard.stringValue())) {
        throw InputException.in(
            index,
            "tensor "
                + Text.quote(entry.getKey())
                + ": "
                + Text.cut(shard.toString())
                + " is not the name of a .safetensors file in the same folder");
      }
      places.put(entry.getKey(), shard.stringValue());
    }
    return places;
  }

  /** A name that cannot lead out of the folder on any operating system. */
  private static boolean isPlainName(String name) {
    return name.length() <= 255
        && name.endsWith(".safetensors")
        && !name.contains("..")
        && name.chars().noneMatch(c -> c < ' ' || "/\\:*?\"<>|".indexOf(c) >= 0 || c == 0x7f)
        && name.chars().noneMatch(c -> Character.isSurrogate((char) c));
  }

  private static SafetensorsFile openShard(Path index, String shard) {
    Path file;
    try {
      file = index.resolveSibling(shard);
    } catch (InvalidPathException e) {
      throw InputException.in(index, Text.quote(shard) + " is not a file name", e);
    }
    return SafetensorsFile.open(file);
  }

  private static void checkAgreement(
      Path index, Map<String, SafetensorsFile> byName, Map<String, SafetensorsFile> shards) {
    byName.forEach((name, shard) -> {
      if (!shard.contains(name)) {
        throw InputException.in(
            shard.source(), "no tensor " + Text.quote(name) + ", which " + index + " says is here");
      }
    });
    for (SafetensorsFile shard : shards.values()) {
      for (String name : shard.names()) {
        if (byName.get(name) != shard) {
          throw InputException.in(
              shard.source(),
              "holds tensor " + Text.quote(name) + ", which " + index + " does not list");
        }
      }
    }
  }

  private static Map<String, String> metadata(ObjectNode json) {
    Map<String, String> texts = new TreeMap<>();
    if (json.get("metadata") instanceof ObjectNode metadata) {
      for (Map.Entry<String, JsonNode> entry : metadata.properties()) {
        if (entry.getValue().isValueNode()) {
          texts.put(entry.getKey(), entry.getValue().asString());
        }
      }
    }
    return texts;
  }
}
