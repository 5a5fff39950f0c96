package dev.graft.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubConfigTest {
  private static HubConfig of(String... pairs) {
    var environment = new java.util.HashMap<>(Map.of("HOME", "/home/u"));
    for (int i = 0; i < pairs.length; i += 2) {
      environment.put(pairs[i], pairs[i + 1]);
    }
    return HubConfig.fromEnvironment(environment);
  }

  @Test
  void fromEnvironment_empty_hasTheDefaults() {
    HubConfig config = of();
    assertThat(config.endpoint()).hasToString("https://huggingface.co");
    assertThat(config.cache()).isEqualTo(Path.of("/home/u/.cache/huggingface/hub"));
    assertThat(config.token()).isNull();
    assertThat(config.offline()).isFalse();
  }

  @Test
  void fromEnvironment_cacheVariables_nearestWins() {
    assertThat(of("XDG_CACHE_HOME", "/x").cache()).isEqualTo(Path.of("/x/huggingface/hub"));
    assertThat(of("XDG_CACHE_HOME", "/x", "HF_HOME", "~/h").cache())
        .isEqualTo(Path.of("/home/u/h/hub"));
    assertThat(of("HF_HOME", "/h", "HF_HUB_CACHE", "/c").cache()).isEqualTo(Path.of("/c"));
  }

  @Test
  void fromEnvironment_token_fromVariableOrFile(@TempDir Path home) throws IOException {
    assertThat(of("HF_TOKEN", " hf_a \n").token()).isEqualTo("hf_a");
    Files.writeString(home.resolve("token"), "hf_b\n");
    assertThat(of("HF_HOME", home.toString()).token()).isEqualTo("hf_b");
    assertThat(of("HF_HOME", home.toString(), "HF_TOKEN", "hf_c").token()).isEqualTo("hf_c");
    assertThatThrownBy(() -> of("HF_TOKEN", "a\r\nHost: b")).isInstanceOf(InputException.class);
    assertThat(of("HF_TOKEN", "hf_secret").toString()).doesNotContain("secret");
  }

  @Test
  void fromEnvironment_offline_readsTruthyWords() {
    assertThat(of("HF_HUB_OFFLINE", "1").offline()).isTrue();
    assertThat(of("HF_HUB_OFFLINE", "True").offline()).isTrue();
    assertThat(of("HF_HUB_OFFLINE", "0").offline()).isFalse();
  }

  @Test
  void fromEnvironment_endpoint_isChecked() {
    assertThat(of("HF_ENDPOINT", "https://mirror.example/").endpoint())
        .hasToString("https://mirror.example");
    for (String bad : new String[] {"ftp://x", "no address", "https://", "mirror.example"}) {
      assertThatThrownBy(() -> of("HF_ENDPOINT", bad))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("HF_ENDPOINT: ");
    }
  }
}
