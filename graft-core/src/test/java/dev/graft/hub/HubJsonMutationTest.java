package dev.graft.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.InputException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged answers are read or refused by an {@link InputException}; no bad name gets through. */
class HubJsonMutationTest {
  private static final int MUTATIONS = Integer.getInteger("graft.mutations", 3000);
  private static final String[] PIECES = {
    "null",
    "\"../../etc/passwd\"",
    "{}",
    "[]",
    "-1",
    "1e999",
    "\"\"",
    "\"a\\u0000b\"",
    "\"C:\\\\x\"",
    "\"\\ud800\"",
    "true",
    "[[[[",
    "\"model.safetensors\"",
    "99999999999999999999"
  };
  private static final String LISTING =
      "{\"id\":\"acme/tiny\",\"sha\":\"0123456789abcdef0123456789abcdef01234567\",\"private\":false,"
          + "\"siblings\":[{\"rfilename\":\"config.json\"},{\"rfilename\":\"model.safetensors\"},"
          + "{\"rfilename\":\"sub/x.gguf\",\"size\":12}],\"tags\":[\"a\"]}";
  private static final String INDEX =
      "{\"metadata\":{\"total_size\":24},\"weight_map\":{\"a\":\"one.safetensors\","
          + "\"b\":\"two.safetensors\",\"c\":\"two.safetensors\"}}";

  @Test
  void parse_mutatedListing_givesSafeNamesOrIsRefused() {
    int accepted = 0;
    for (int seed = 0; seed < MUTATIONS; seed++) {
      try {
        RepoListing listing = RepoListing.parse(mutate(LISTING, seed), "acme/tiny");
        assertThat(RepoListing.isCommit(listing.commit())).isTrue();
        assertThat(listing.files()).allMatch(SafePath::isSafe);
        accepted++;
      } catch (InputException e) {
        assertThat(e.getMessage()).startsWith("acme/tiny: ").doesNotContain("\n");
      }
    }
    assertThat(accepted).isBetween(MUTATIONS / 20, MUTATIONS * 19 / 20);
  }

  @Test
  void shards_mutatedIndex_givesListedNamesOrIsRefused() {
    Set<String> listed = Set.of("one.safetensors", "two.safetensors");
    int accepted = 0;
    for (int seed = 0; seed < MUTATIONS; seed++) {
      String index = new String(mutate(INDEX, seed), StandardCharsets.UTF_8);
      try {
        assertThat(listed).containsAll(RepoFiles.shards(index, listed, "index"));
        accepted++;
      } catch (InputException e) {
        assertThat(e.getMessage()).startsWith("index: ").doesNotContain("\n");
      }
    }
    assertThat(accepted).isBetween(MUTATIONS / 20, MUTATIONS * 19 / 20);
  }

  private static byte[] mutate(String json, int seed) {
    var random = new Random(seed);
    var text = new StringBuilder(json);
    for (int i = 0; i <= random.nextInt(3); i++) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(0x180));
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(20)));
        case 2 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
        default -> replaceValue(text, at, PIECES[random.nextInt(PIECES.length)]);
      }
      if (text.isEmpty()) {
        text.append(' ');
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void replaceValue(StringBuilder text, int from, String value) {
    int colon = text.indexOf(":", from);
    if (colon < 0) {
      return;
    }
    int end = colon + 1;
    while (end < text.length() && ",}]".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    text.replace(colon + 1, end, value);
  }
}
