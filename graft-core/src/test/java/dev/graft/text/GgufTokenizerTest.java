package dev.graft.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GgufTokenizerTest {
  private static final String KEY = "tokenizer.ggml.";

  private static JsonNode stored() {
    return JsonMapper.shared().readTree(TokenizerTest.resource("spm-gguf.json"));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> spm() {
    return new HashMap<>(JsonMapper.shared().convertValue(stored().get("metadata"), Map.class));
  }

  /** Letters as byte-level tokens, with a merge or two. */
  private static Map<String, Object> byteLevel() {
    var tokens = new ArrayList<String>(List.of("<|bos|>", "<think>"));
    for (char c = '!'; c <= '~'; c++) {
      tokens.add(String.valueOf(c));
    }
    tokens.addAll(List.of("Ġ", "Ċ", "12", "123", "Ġ1", "ab"));
    int[] types = new int[tokens.size()];
    java.util.Arrays.fill(types, 1);
    types[0] = 3;
    types[1] = 4;
    return new HashMap<>(
        Map.of(
            KEY + "model",
            "gpt2",
            KEY + "pre",
            "gpt-2",
            KEY + "tokens",
            tokens.toArray(new String[0]),
            KEY + "token_type",
            types,
            KEY + "merges",
            List.of("1 2", "12 3", "Ġ 1", "a b"),
            KEY + "bos_token_id",
            0L));
  }

  private static List<String> tokens(Map<String, Object> metadata, String text) {
    try (Tokenizer tokenizer = GgufTokenizer.load(metadata, "m.gguf")) {
      return java.util.Arrays.stream(tokenizer.encode(text, true).ids())
          .mapToObj(tokenizer::tokenOf)
          .toList();
    }
  }

  @Test
  void load_sentencePiece_givesIdsOfSentencePiecesRule() {
    try (Tokenizer tokenizer = GgufTokenizer.load(spm(), "m.gguf")) {
      for (JsonNode c : stored().get("cases")) {
        String text = c.get("text").asString();
        int[] ids = TokenizerTest.ids(c.get("ids"));
        assertThat(tokenizer.encode(text).ids()).as(text).isEqualTo(ids);
        assertThat(tokenizer.decode(ids, true)).isEqualTo(text.replace('▁', ' '));
        assertThat(tokenizer.encode(text, true).id(0)).isEqualTo(1);
      }
      assertThat(tokenizer.specialTokens()).containsOnlyKeys("<unk>", "<s>", "</s>");
    }
  }

  @Test
  void load_sentencePieceWithoutPrefix_addsNoSpace() {
    Map<String, Object> metadata = spm();
    metadata.put(KEY + "add_space_prefix", false);
    metadata.put(KEY + "add_bos_token", false);
    assertThat(tokens(metadata, "a b").getFirst()).isEqualTo("a");
  }

  @Test
  void load_byteLevel_splitsAsItsPreTokenizerNames() {
    Map<String, Object> metadata = byteLevel();
    assertThat(tokens(metadata, "ab 123")).containsExactly("ab", "Ġ", "123");
    metadata.put(KEY + "pre", "smollm");
    assertThat(tokens(metadata, "ab 123")).containsExactly("ab", "Ġ", "1", "2", "3");
    metadata.put(KEY + "pre", "qwen2");
    assertThat(tokens(metadata, "123 1")).containsExactly("1", "2", "3", "Ġ", "1");
    metadata.put(KEY + "pre", "llama-bpe");
    assertThat(tokens(metadata, "123 1")).containsExactly("<|bos|>", "123", "Ġ", "1");
    metadata.put(KEY + "pre", "tekken");
    metadata.put(KEY + "add_bos_token", false);
    assertThat(tokens(metadata, "<think>ab<|bos|>")).containsExactly("<think>", "ab", "<|bos|>");
  }

  @Test
  void load_eosAsked_isAddedAfterTheText() {
    Map<String, Object> metadata = byteLevel();
    metadata.put(KEY + "add_eos_token", true);
    assertThatThrownBy(() -> tokens(metadata, "a"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("eos_token_id is missing");
    metadata.put(KEY + "eos_token_id", 0);
    assertThat(tokens(metadata, "a")).containsExactly("a", "<|bos|>");
  }

  @Test
  void load_wrongMetadata_saysWhichKey() {
    var wrong = new HashMap<String, Object>();
    wrong.put("model", "t5");
    wrong.put("pre", "deepseek-llm");
    wrong.put("tokens", List.of(1, 2));
    wrong.put("token_type", new int[3]);
    wrong.put("merges", new String[] {"ab"});
    wrong.put("bos_token_id", 100_000);
    wrong.put("add_bos_token", "yes");
    wrong.forEach((key, value) -> {
      Map<String, Object> metadata = byteLevel();
      metadata.put(KEY + key, value);
      assertThatThrownBy(() -> GgufTokenizer.load(metadata, "m.gguf"))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("m.gguf: " + KEY + key);
    });
    for (String key : List.of("model", "tokens", "merges")) {
      Map<String, Object> metadata = byteLevel();
      metadata.remove(KEY + key);
      assertThatThrownBy(() -> GgufTokenizer.load(metadata, "m.gguf"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(KEY + key + " is missing");
    }
    Map<String, Object> spm = spm();
    spm.put(KEY + "scores", new float[] {1, 2});
    assertThatThrownBy(() -> GgufTokenizer.load(spm, "m.gguf"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("scores has 2 values");
  }

  @Test
  void load_mutatedMetadata_worksOrIsRefused() {
    Object[] values = {
      "",
      "llama",
      "smollm",
      0,
      5,
      false,
      -1,
      Long.MAX_VALUE,
      1.5,
      true,
      List.of(),
      new int[] {7},
      Map.of(),
      "\uD800",
      java.util.Arrays.asList("a", null),
      List.of("", "", "a"),
      new double[] {Double.NaN}
    };
    int accepted = 0;
    for (int seed = 0; seed < Integer.getInteger("graft.mutations", 2000); seed++) {
      var random = new java.util.Random(seed);
      Map<String, Object> metadata = random.nextBoolean() ? byteLevel() : spm();
      var keys = metadata.keySet().stream().sorted().toList();
      String key = keys.get(random.nextInt(keys.size()));
      if (random.nextBoolean() && metadata.get(key) instanceof List<?> list) {
        var changed = new ArrayList<Object>(list);
        Object other = random.nextBoolean() ? changed.get(random.nextInt(changed.size())) : "x";
        changed.set(
            random.nextInt(changed.size()),
            random.nextBoolean() ? other : values[random.nextInt(values.length)]);
        metadata.put(key, changed);
      } else {
        metadata.put(key, values[random.nextInt(values.length)]);
      }
      try (Tokenizer tokenizer = GgufTokenizer.load(metadata, "m.gguf")) {
        tokenizer.decode(tokenizer.encode("ab <s> 12", true).ids(), false);
        accepted++;
      } catch (InputException e) {
        assertThat(e.getMessage()).startsWith("m.gguf: ").doesNotContain("\n");
      }
    }
    assertThat(accepted).isBetween(50, 950);
  }

  @Test
  void load_sharedModel_givesIdsOfItsTokenizerJson() throws IOException {
    Path gguf = TokenizerTest.SMOLLM2.resolveSibling("model.gguf");
    Assumptions.assumeTrue(Files.exists(gguf), "no shared model");
    try (Tokenizer tokenizer = GgufTokenizer.load(metadata(gguf), "model.gguf");
        Tokenizer reference = Tokenizer.load(TokenizerTest.SMOLLM2)) {
      assertThat(tokenizer.vocabSize()).isEqualTo(reference.vocabSize());
      assertThat(tokenizer.specialTokens()).isEqualTo(reference.specialTokens());
      for (JsonNode c : TokenizerTest.cases("smollm2")) {
        String text = c.get("text").asString();
        Encoding encoding = tokenizer.encode(text, true);
        assertThat(encoding.ids()).as(text).isEqualTo(TokenizerTest.ids(c.get("full_ids")));
        assertThat(tokenizer.decode(encoding.ids(), false))
            .isEqualTo(c.get("decoded_with_special").asString());
      }
    }
  }

  /** A reader of the metadata only, of files that are known to be right. */
  private static Map<String, Object> metadata(Path gguf) throws IOException {
    try (FileChannel channel = FileChannel.open(gguf)) {
      ByteBuffer in =
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), 64 << 20))
              .order(ByteOrder.LITTLE_ENDIAN);
      in.position(16);
      var metadata = new HashMap<String, Object>();
      for (long left = in.getLong(); left > 0; left--) {
        metadata.put(text(in), value(in, in.getInt()));
      }
      return metadata;
    }
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[Math.toIntExact(in.getLong())];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Object value(ByteBuffer in, int type) {
    return switch (type) {
      case 0, 1 -> in.get();
      case 2, 3 -> in.getShort();
      case 4, 5 -> in.getInt();
      case 6 -> in.getFloat();
      case 7 -> in.get() != 0;
      case 8 -> text(in);
      case 9 -> {
        int of = in.getInt();
        var list = new ArrayList<Object>();
        for (long left = in.getLong(); left > 0; left--) {
          list.add(value(in, of));
        }
        yield list;
      }
      case 10, 11 -> in.getLong();
      case 12 -> in.getDouble();
      default -> throw new AssertionError("type " + type);
    };
  }
}
