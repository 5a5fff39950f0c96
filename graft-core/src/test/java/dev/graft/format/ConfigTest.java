package dev.graft.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  @TempDir Path folder;

  @Test
  void getters_valuesOfTheirType_giveThem() throws IOException {
    Config config =
        config(
            """
            {"i": 3, "d": 1e-5, "b": true, "s": "x", "n": null, "list": [1, 2], "names": ["a"],
             "o": {"deep": 7, "values": [1, 2.5]}}
            """);
    assertThat(config.intAt("i", 1, 3)).isEqualTo(3);
    assertThat(config.intOr("n", 9)).isEqualTo(9);
    assertThat(config.optionalInt("none", 0, 1)).isEmpty();
    assertThat(config.doubleAt("d")).isEqualTo(1e-5);
    assertThat(config.doubleAt("i")).isEqualTo(3.0);
    assertThat(config.positiveOr("none", 2.0)).isEqualTo(2.0);
    assertThat(config.boolOr("b", false)).isTrue();
    assertThat(config.boolOr("n", true)).isTrue();
    assertThat(config.stringAt("s")).isEqualTo("x");
    assertThat(config.ints("i")).containsExactly(3);
    assertThat(config.ints("list")).containsExactly(1, 2);
    assertThat(config.ints("none")).isEmpty();
    assertThat(config.strings("names")).containsExactly("a");
    assertThat(config.has("n")).isFalse();
    Config nested = config.object("o").orElseThrow();
    assertThat(nested.intAt("deep")).isEqualTo(7);
    assertThat(nested.doubles("values")).containsExactly(1.0, 2.5);
  }

  @Test
  void getters_otherValues_nameFileAndKey() throws IOException {
    Config config =
        config("{\"i\": 3, \"f\": 1.5, \"s\": \"x\", \"big\": 3000000000, \"o\": {\"x\": -1}}");
    assertWrong(() -> config.intAt("none"), "key \"none\": is missing");
    assertWrong(() -> config.intAt("i", 4, 9), "key \"i\": 3 is not from 4 to 9");
    assertWrong(() -> config.intAt("f"), "key \"f\": must be an integer");
    assertWrong(() -> config.intAt("big"), "key \"big\": 3000000000 is not from");
    assertWrong(() -> config.doubleAt("s"), "key \"s\": must be a finite number");
    assertWrong(() -> config.boolOr("s", true), "key \"s\": must be true or false");
    assertWrong(() -> config.stringAt("i"), "key \"i\": must be a string");
    assertWrong(() -> config.ints("f"), "key \"f\": must be an integer");
    assertWrong(() -> config.strings("i"), "key \"i\": must be a string or an array");
    assertWrong(() -> config.object("i"), "key \"i\": must be an object");
    Config nested = config.object("o").orElseThrow();
    assertWrong(() -> nested.positiveOr("x", 1), "key \"o.x\": must be above 0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | must hold a JSON object",
        "`` | must hold a JSON object",
        "{ | is not valid JSON",
        "{} {} | is not valid JSON",
        "{'a': 1, 'a': 2} | is not valid JSON",
        "{'a': NaN} | is not valid JSON",
      })
  void read_otherThanOneObject_isRefused(String json, String message) {
    assertWrong(() -> config(json.replace('\'', '"')), message);
  }

  @Test
  void read_tooDeepTooLargeOrNotUtf8_isRefused() {
    assertWrong(
        () -> config("{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"),
        "not valid JSON");
    assertWrong(() -> config("{" + " ".repeat(11 << 20) + "}"), "is larger than");
    assertWrong(
        () -> {
          Files.write(path(), "{\"ä\": 1}".getBytes(StandardCharsets.ISO_8859_1));
          Config.read(path());
        },
        "is not UTF-8");
    assertWrong(() -> config("{\"a\": " + "9".repeat(1000) + "}"), "is not valid JSON");
    assertWrong(() -> config("{\"a\": 1e999}").doubleAt("a"), "must be a finite number");
  }

  private void assertWrong(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(path() + ": ")
        .hasMessageContaining(message);
  }

  private Path path() {
    return folder.resolve("config.json");
  }

  private Config config(String json) throws IOException {
    Files.writeString(path(), json);
    return Config.read(path());
  }
}
