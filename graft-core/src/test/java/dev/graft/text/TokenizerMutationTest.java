package dev.graft.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.InputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Damaged tokenizer files either work or are refused by an {@link InputException}; a panic of the
 * native library would end the test's process.
 */
class TokenizerMutationTest {
  private static final int MUTATIONS = Integer.getInteger("graft.mutations", 2000);
  private static final String TEXT = "Hello wörld 😀  \n<s>[INST]<|im_end|> a▁b 123 ";
  private static final String[] STRINGS = {
    "",
    "a",
    " ",
    "▁",
    "<unk>",
    "\u0000",
    "é",
    "😀",
    "Sequence",
    "ByteLevel",
    "Split",
    "(a|b)*",
    "[",
    "(?=",
    "\\p{L}+",
    "\\",
    "<0x41>",
    "A",
    "B",
    "0",
    "Strip",
    "Regex",
    "\uD800"
  };

  @ParameterizedTest
  @ValueSource(strings = {"bytelevel", "spm"})
  void fromJson_mutatedDocument_worksOrIsRefused(String name) {
    String json = TokenizerTest.resource(name + ".json");
    int accepted = 0;
    for (int seed = 0; seed < MUTATIONS; seed++) {
      var random = new Random(seed);
      String mutated = random.nextInt(4) == 0 ? bytes(json, random) : tree(json, random);
      try (Tokenizer tokenizer = Tokenizer.fromJson(mutated, "t.json")) {
        use(tokenizer);
        accepted++;
      } catch (InputException e) {
        assertThat(e.getMessage()).startsWith("t.json: ").doesNotContain("\n");
      }
    }
    assertThat(accepted).isBetween(MUTATIONS / 10, MUTATIONS * 9 / 10);
  }

  private static void use(Tokenizer tokenizer) {
    Encoding encoding = tokenizer.encode(TEXT, true);
    for (int i = 0; i < encoding.length(); i++) {
      assertThat(encoding.start(i)).isBetween(0, encoding.end(i));
      assertThat(encoding.end(i)).isLessThanOrEqualTo(TEXT.length());
    }
    tokenizer.decode(encoding.ids(), true);
    int[] all = new int[tokenizer.vocabSize()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    tokenizer.decode(all, false);
  }

  private static String bytes(String json, Random random) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i <= random.nextInt(3); i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String tree(String json, Random random) {
    JsonNode root = JsonMapper.shared().readTree(json);
    for (int i = 0; i <= random.nextInt(3); i++) {
      var containers = new ArrayList<JsonNode>();
      collect(root, containers, random.nextInt(4) == 0);
      JsonNode target = containers.get(random.nextInt(containers.size()));
      if (target instanceof ObjectNode object) {
        List<String> keys = List.copyOf(object.propertyNames());
        change(object, keys.get(random.nextInt(keys.size())), keys, random);
      } else {
        change((ArrayNode) target, random);
      }
    }
    return root.toString();
  }

  private static void collect(JsonNode node, List<JsonNode> out, boolean withVocabulary) {
    if (node.isContainer() && !node.isEmpty()) {
      out.add(node);
    }
    if (node.isObject()) {
      node.properties()
          .forEach(e -> {
            if (withVocabulary || !List.of("vocab", "merges").contains(e.getKey())) {
              collect(e.getValue(), out, withVocabulary);
            }
          });
    } else {
      node.forEach(child -> collect(child, out, withVocabulary));
    }
  }

  private static void change(ObjectNode node, String key, List<String> keys, Random random) {
    switch (random.nextInt(3)) {
      case 0 -> node.remove(key);
      case 1 -> node.set(key, value(random));
      default -> node.set(key, node.get(keys.get(random.nextInt(keys.size()))).deepCopy());
    }
  }

  private static void change(ArrayNode node, Random random) {
    int index = random.nextInt(node.size());
    switch (random.nextInt(3)) {
      case 0 -> node.remove(index);
      case 1 -> node.set(index, value(random));
      default -> node.add(node.get(index).deepCopy());
    }
  }

  private static JsonNode value(Random random) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (random.nextInt(9)) {
      case 0 -> nodes.nullNode();
      case 1 -> nodes.numberNode(random.nextInt(5) - 2);
      case 2 -> nodes.numberNode(Integer.MAX_VALUE);
      case 3 -> nodes.booleanNode(random.nextBoolean());
      case 4 -> nodes.arrayNode();
      case 5 -> nodes.objectNode();
      case 6 -> nodes.numberNode(1e300);
      case 7 -> nodes.numberNode(Long.MAX_VALUE);
      default -> nodes.stringNode(STRINGS[random.nextInt(STRINGS.length)]);
    };
  }
}
