package dev.graft.hub;

import dev.graft.InputException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which files of a repository make a model. */
final class RepoFiles {
  static final String INDEX = "model.safetensors.index.json";
  private static final String WHOLE = "model.safetensors";
  private static final String ADAPTER = "adapter_model.safetensors";
  private static final List<String> SMALL =
      List.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "chat_template.jinja",
          "chat_template.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "adapter_config.json",
          "ledger.json");
  private static final int MAX_SHARDS = 10_000;

  private RepoFiles() {}

  /** The files beside the weights, and the index of the weights where they are in shards. */
  static List<String> small(Collection<String> listed) {
    var found = new ArrayList<String>(SMALL.stream().filter(listed::contains).toList());
    if (isSharded(listed)) {
      found.add(INDEX);
    }
    return found;
  }

  static boolean isSharded(Collection<String> listed) {
    return !listed.contains(WHOLE) && listed.contains(INDEX);
  }

  /** Whether there are weights that can be read, or an index that names them. */
  static boolean hasWeights(Collection<String> listed) {
    return listed.contains(WHOLE) || listed.contains(INDEX) || listed.contains(ADAPTER);
  }

  /**
   * The weights where they are in one file, the model's or an adapter's.
   *
   * @throws InputException where there are none that can be read, with what there is instead
   */
  static List<String> wholeWeights(HubName name, Collection<String> listed) {
    if (listed.contains(WHOLE)) {
      return List.of(WHOLE);
    }
    if (listed.contains(ADAPTER)) {
      return List.of(ADAPTER);
    }
    List<String> gguf = listed.stream().filter(f -> f.endsWith(".gguf")).sorted().toList();
    if (!gguf.isEmpty()) {
      throw new InputException(
          name
              + ": has its weights as GGUF only; name one file, such as "
              + new HubName(name.repo(), name.revision(), gguf.getFirst())
              + (gguf.size() == 1 ? "" : " (of " + gguf.size() + ")"));
    }
    boolean pickled = listed.stream().anyMatch(f -> f.endsWith(".bin") || f.endsWith(".pt"));
    throw new InputException(
        name
            + (pickled
                ? ": has its weights as Python pickles only, which can run code when they are read;"
                    + " convert them to safetensors"
                : ": has no model.safetensors, so it is no model that can be read"));
  }

  /**
   * The shards that an index names, each listed in the repository.
   *
   * @param where what error messages call the index
   */
  static Set<String> shards(String index, Collection<String> listed, String where) {
    JsonNode map;
    try {
      map = JsonMapper.shared().readTree(index).path("weight_map");
    } catch (JacksonException e) {
      throw new InputException(where + ": not JSON: " + firstLine(e), e);
    }
    if (!map.isObject() || map.isEmpty()) {
      throw new InputException(where + ": weight_map must name a file for each tensor");
    }
    var shards = new TreeSet<String>();
    for (JsonNode node : map) {
      String shard = node.isString() ? node.asString() : "";
      if (!SafePath.isSafe(shard) || !shard.endsWith(".safetensors")) {
        throw new InputException(where + ": not the name of a shard: " + brief(node.toString()));
      }
      if (!listed.contains(shard)) {
        throw new InputException(where + ": names " + shard + ", which is missing");
      }
      shards.add(shard);
      if (shards.size() > MAX_SHARDS) {
        throw new InputException(where + ": names over " + MAX_SHARDS + " shards");
      }
    }
    return new LinkedHashSet<>(shards);
  }

  static String brief(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= 100 ? line : line.substring(0, 100) + "…";
  }

  static String firstLine(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : brief(message);
  }
}
