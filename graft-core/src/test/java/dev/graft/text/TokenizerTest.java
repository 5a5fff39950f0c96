package dev.graft.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against what the Python bindings of the same library gave; see golden/make_tokenizers.py. */
class TokenizerTest {
  static final Path SMOLLM2 =
      Path.of("..", "..", "shared", "models", "smollm2-135m-instruct", "tokenizer.json");

  static String resource(String name) {
    try (InputStream in = TokenizerTest.class.getResourceAsStream("/tokenizers/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Tokenizer stored(String name) {
    if (!name.equals("smollm2")) {
      return Tokenizer.fromJson(resource(name + ".json"), name + ".json");
    }
    Assumptions.assumeTrue(Files.exists(SMOLLM2), "no shared model");
    return Tokenizer.load(SMOLLM2);
  }

  static JsonNode cases(String name) {
    return JsonMapper.shared().readTree(resource(name + ".cases.json"));
  }

  static int[] ids(JsonNode list) {
    int[] ids = new int[list.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = list.get(i).intValue();
    }
    return ids;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytelevel", "spm", "smollm2"})
  void encode_variedTexts_givesIdsAndOffsetsOfPython(String name) {
    try (Tokenizer tokenizer = stored(name)) {
      for (JsonNode c : cases(name)) {
        String text = c.get("text").asString();
        assertSame(tokenizer.encode(text), text, c.get("ids"), c.get("offsets"));
        assertSame(tokenizer.encode(text, true), text, c.get("full_ids"), c.get("full_offsets"));
      }
    }
  }

  private static void assertSame(Encoding actual, String text, JsonNode ids, JsonNode offsets) {
    assertThat(actual.ids()).as(text).isEqualTo(ids(ids));
    for (int i = 0; i < actual.length(); i++) {
      int start = text.offsetByCodePoints(0, offsets.get(i).get(0).intValue());
      int end = text.offsetByCodePoints(0, offsets.get(i).get(1).intValue());
      assertThat(new int[] {actual.start(i), actual.end(i)})
          .as("token %d of %s", i, text)
          .containsExactly(start, end);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytelevel", "spm", "smollm2"})
  void decode_variedTexts_givesTextsOfPython(String name) {
    try (Tokenizer tokenizer = stored(name)) {
      for (JsonNode c : cases(name)) {
        int[] ids = ids(c.get("full_ids"));
        assertThat(tokenizer.decode(ids, true)).isEqualTo(c.get("decoded").asString());
        assertThat(tokenizer.decode(ids, false))
            .isEqualTo(c.get("decoded_with_special").asString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytelevel", "spm", "smollm2"})
  void streamDecoder_variedTexts_piecesMakeTheWholeAndHoldNoHalfCharacter(String name) {
    try (Tokenizer tokenizer = stored(name)) {
      for (JsonNode c : cases(name)) {
        for (boolean skip : new boolean[] {true, false}) {
          StreamDecoder decoder = tokenizer.streamDecoder(skip);
          var pieces = new ArrayList<String>();
          for (int id : ids(c.get("full_ids"))) {
            pieces.add(decoder.next(id));
          }
          assertThat(pieces).noneMatch(p -> Utf16.firstUnpaired(p, 0) >= 0);
          if (c.get("text").asString().indexOf('\uFFFD') < 0) {
            assertThat(pieces).noneMatch(p -> p.indexOf('\uFFFD') >= 0);
          }
          assertThat(String.join("", pieces) + decoder.finish())
              .isEqualTo(c.get(skip ? "decoded" : "decoded_with_special").asString());
        }
      }
    }
  }

  @Test
  void encode_characterOfSeveralTokens_tokensShareItsRange() {
    try (Tokenizer tokenizer = stored("bytelevel")) {
      Encoding encoding = tokenizer.encode("a😀b");
      assertThat(encoding.length()).isGreaterThan(3);
      for (int i = 1; i < encoding.length() - 1; i++) {
        assertThat(encoding.start(i)).isEqualTo(1);
        assertThat(encoding.end(i)).isEqualTo(3);
      }
    }
  }

  @Test
  void encode_unpairedSurrogate_readsReplacementAndKeepsOffsets() {
    try (Tokenizer tokenizer = stored("bytelevel")) {
      Encoding broken = tokenizer.encode("😀\uD83Dx\uDE00😀");
      Encoding repaired = tokenizer.encode("😀\uFFFDx\uFFFD😀");
      assertThat(broken.ids()).isEqualTo(repaired.ids());
      assertThat(broken.end(broken.length() - 1)).isEqualTo(7);
    }
  }

  @Test
  void encode_fileAsksForTruncationAndPadding_doesNeither() {
    assertThat(resource("bytelevel.json")).contains("\"max_length\":8");
    try (Tokenizer tokenizer = stored("bytelevel")) {
      assertThat(tokenizer.encode("x").length()).isEqualTo(1);
      String longer = "weights ".repeat(2000);
      Encoding encoding = tokenizer.encode(longer);
      assertThat(tokenizer.decode(encoding.ids(), false)).isEqualTo(longer);
    }
  }

  @Test
  void vocabulary_byTokenAndId_agrees() {
    try (Tokenizer tokenizer = stored("bytelevel")) {
      assertThat(tokenizer.vocabSize()).isEqualTo(421);
      assertThat(tokenizer.specialTokens())
          .containsExactly(
              Map.entry("<|endoftext|>", 0),
              Map.entry("<|im_start|>", 1),
              Map.entry("<|im_end|>", 2));
      assertThat(tokenizer.isSpecial(1)).isTrue();
      assertThat(tokenizer.isSpecial(420)).isFalse();
      assertThat(tokenizer.isSpecial(-1)).isFalse();
      assertThat(tokenizer.idOf("<plain>")).hasValue(420);
      assertThat(tokenizer.tokenOf(420)).isEqualTo("<plain>");
      assertThat(tokenizer.idOf("no such token")).isEmpty();
      assertThatThrownBy(() -> tokenizer.tokenOf(421)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void decode_idsOutsideVocabulary_standForNothing() {
    try (Tokenizer tokenizer = stored("bytelevel")) {
      int a = tokenizer.idOf("a").getAsInt();
      assertThat(tokenizer.decode(new int[] {a, -1, 99_999, Integer.MAX_VALUE, a}, false))
          .isEqualTo("aa");
    }
  }

  @Test
  void encode_onSeveralThreads_givesTheSame() {
    try (Tokenizer tokenizer = stored("bytelevel")) {
      JsonNode cases = cases("bytelevel");
      java.util.stream.IntStream.range(0, 400)
          .parallel()
          .forEach(i -> {
            JsonNode c = cases.get(i % cases.size());
            int[] ids = tokenizer.encode(c.get("text").asString()).ids();
            assertThat(ids).isEqualTo(ids(c.get("ids")));
            tokenizer.decode(ids, i % 2 == 0);
          });
    }
  }

  @Test
  void encode_afterClose_throwsIllegalState() {
    Tokenizer tokenizer = stored("bytelevel");
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tokenizer.decode(new int[] {1}, true))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void load_missingFile_namesIt(@TempDir Path folder) {
    assertThatThrownBy(() -> Tokenizer.load(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tokenizer.json: no such file");
  }

  @Test
  void fromJson_brokenDocuments_sayWhatIsWrong() {
    for (String json :
        List.of(
            "",
            "{",
            "[]",
            "null",
            "{\"model\":{\"type\":\"Unigram\"}}",
            "{\"model\":{\"type\":\"BPE\",\"vocab\":{},\"merges\":[]}}",
            "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":-1},\"merges\":[]}}",
            "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":2000000000},\"merges\":[]}}",
            "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a b\"]}}",
            "[".repeat(100_000))) {
      assertThatThrownBy(() -> Tokenizer.fromJson(json, "t.json"))
          .as(json.substring(0, Math.min(60, json.length())))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("t.json: ");
    }
  }
}
