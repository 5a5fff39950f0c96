package dev.graft.text;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the names under {@code tokenizer.ggml.pre} stand for: how the model's own tokenizer.json
 * splits a text before byte-pair merging.
 */
enum GgufPreTokenizer {
  GPT2(null, false),
  DIGITS_GPT2(null, false),
  LLAMA3(
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      true),
  QWEN2(
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      false),
  TEKKEN(
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|"
          + "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|"
          + "\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      true);

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final @Nullable String regex;
  private final boolean ignoresMerges;

  GgufPreTokenizer(@Nullable String regex, boolean ignoresMerges) {
    this.regex = regex;
    this.ignoresMerges = ignoresMerges;
  }

  /** The pre-tokeniser of that name, or null where the name is not known. */
  static @Nullable GgufPreTokenizer of(String name) {
    return switch (name) {
      case "default", "gpt-2", "phi-2", "mpt", "olmo" -> GPT2;
      case "smollm", "starcoder", "refact", "command-r", "codeshell" -> DIGITS_GPT2;
      case "llama-bpe", "llama3", "llama-v3" -> LLAMA3;
      case "qwen2", "deepseek-r1-qwen" -> QWEN2;
      case "tekken" -> TEKKEN;
      default -> null;
    };
  }

  /** Whether a word that is a token is taken whole, whatever the merges say. */
  boolean ignoresMerges() {
    return ignoresMerges;
  }

  /** Whether BOS is added where the file does not say. */
  boolean addsBos() {
    return ignoresMerges;
  }

  @Nullable ObjectNode normalizer() {
    return this == QWEN2 ? NODES.objectNode().put("type", "NFC") : null;
  }

  ObjectNode steps() {
    if (this == GPT2) {
      return byteLevel(true);
    }
    ObjectNode sequence = NODES.objectNode().put("type", "Sequence");
    ArrayNode steps = sequence.putArray("pretokenizers");
    if (regex == null) {
      steps.addObject().put("type", "Digits").put("individual_digits", true);
    } else {
      ObjectNode split = steps.addObject().put("type", "Split");
      split.putObject("pattern").put("Regex", regex);
      split.put("behavior", "Isolated").put("invert", false);
    }
    steps.add(byteLevel(regex == null));
    return sequence;
  }

  static ObjectNode byteLevel(boolean useRegex) {
    return NODES
        .objectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", false)
        .put("use_regex", useRegex);
  }
}
