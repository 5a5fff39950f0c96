package dev.graft.format;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of GGUF tensors in Hugging Face's words, for decoders of the Llama family. */
final class GgufNames {
  private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d{1,6})\\.(\\w+)\\.(weight|bias)");

  private static final Map<String, String> OUTER =
      Map.of(
          "token_embd.weight", "model.embed_tokens.weight",
          "output_norm.weight", "model.norm.weight",
          "output.weight", "lm_head.weight");

  private static final Map<String, String> INNER =
      Map.ofEntries(
          Map.entry("attn_norm", "input_layernorm"),
          Map.entry("attn_q", "self_attn.q_proj"),
          Map.entry("attn_k", "self_attn.k_proj"),
          Map.entry("attn_v", "self_attn.v_proj"),
          Map.entry("attn_output", "self_attn.o_proj"),
          Map.entry("attn_q_norm", "self_attn.q_norm"),
          Map.entry("attn_k_norm", "self_attn.k_norm"),
          Map.entry("ffn_norm", "post_attention_layernorm"),
          Map.entry("ffn_gate", "mlp.gate_proj"),
          Map.entry("ffn_up", "mlp.up_proj"),
          Map.entry("ffn_down", "mlp.down_proj"));

  private GgufNames() {}

  /** The Hugging Face name; a name that has none stays as it is. */
  static String huggingFace(String name) {
    Matcher block = BLOCK.matcher(name);
    if (block.matches() && INNER.containsKey(block.group(2))) {
      return "model.layers."
          + block.group(1)
          + "."
          + INNER.get(block.group(2))
          + "."
          + block.group(3);
    }
    return OUTER.getOrDefault(name, name);
  }
}
