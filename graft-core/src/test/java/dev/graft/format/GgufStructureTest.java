package dev.graft.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.graft.InputException;
import dev.graft.engine.DType;
import dev.graft.testing.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufStructureTest {
  @TempDir Path folder;

  static Stream<Arguments> broken() {
    byte[] string = new byte[8];
    return Stream.of(
        arguments("not a GGUF file", new byte[64]),
        arguments("version 1 is not", new GgufBuilder().version(1).build()),
        arguments("version 4 is not", new GgufBuilder().version(4).build()),
        arguments("big-endian", new GgufBuilder().version(0x03000000).build()),
        arguments("pass its end", new GgufBuilder().counts(0, -1).build()),
        arguments("pass its end", new GgufBuilder().counts(Long.MAX_VALUE, 0).build()),
        arguments("pass its end", new GgufBuilder().raw("k", 8, GgufBuilder.bytes(-1, 8)).build()),
        arguments("value type 13", new GgufBuilder().raw("k", 13, string).build()),
        arguments("pass its end", array(4, Long.MAX_VALUE)),
        arguments("pass its end", array(8, 1L << 60)),
        arguments("value type 77", array(77, 1)),
        arguments("nested deeper", nested(9)),
        arguments("appears twice", new GgufBuilder().integer("k", 1).integer("k", 2).build()),
        arguments("not UTF-8", new GgufBuilder().raw("k", 8, notUtf8()).build()),
        arguments("too large", new GgufBuilder().raw("k", 10, GgufBuilder.bytes(-1, 8)).build()),
        arguments("power of two", new GgufBuilder().integer("general.alignment", 0).build()),
        arguments("power of two", new GgufBuilder().integer("general.alignment", 24).build()),
        arguments("power of two", new GgufBuilder().integer("general.alignment", 1 << 30).build()),
        arguments("an integer", new GgufBuilder().text("general.alignment", "32").build()),
        arguments("5 dimensions", tensor(0, 0, 1, 1, 1, 1, 1)),
        arguments("not aligned", tensor(0, 4, 1)),
        arguments("not aligned", tensor(0, -32, 1)),
        arguments("lies outside", tensor(0, 0, 17)),
        arguments("lies outside", tensor(0, 96, 1)),
        arguments("lies outside", tensor(0, Long.MAX_VALUE - 31, 1)),
        arguments("too large", tensor(0, 0, 1L << 62, 1L << 62)),
        arguments("too large", tensor(0, 0, -1)),
        arguments("too large", tensor(28, 0, Long.MAX_VALUE)),
        arguments("whole blocks of Q4_0", tensor(2, 0, 33)),
        arguments(
            "appears twice",
            new GgufBuilder().tensor("t", 0, 0, 1).tensor("t", 0, 32, 1).build(new byte[64])),
        arguments(
            "overlaps",
            new GgufBuilder().tensor("a", 0, 0, 9).tensor("b", 0, 32, 1).build(new byte[64])));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void open_brokenFile_saysWhatIsWrong(String message, byte[] bytes) throws IOException {
    Path path = Files.write(folder.resolve("x.gguf"), bytes);
    assertThatThrownBy(() -> GgufFile.open(path).close())
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void open_nestedArraysWithinBounds_areRead() throws IOException {
    Path path = Files.write(folder.resolve("x.gguf"), nested(3));
    try (var file = GgufFile.open(path)) {
      Object value = file.keyValues().array("k").orElseThrow();
      for (int i = 0; i < 3; i++) {
        value = ((GgufArray) value).toList().getFirst();
      }
      assertThat(value).isEqualTo(7L);
    }
  }

  @Test
  void get_unknownType_failsOnlyWhenAskedFor() throws IOException {
    byte[] bytes =
        new GgufBuilder().tensor("a", 99, 0, 32).tensor("b", 0, 32, 2).build(new byte[64]);
    Path path = Files.write(folder.resolve("x.gguf"), bytes);
    try (var file = GgufFile.open(path)) {
      assertThat(FormatFiles.values(file.get("b"), DType.F32)).containsExactly(0, 0);
      assertThatThrownBy(() -> file.get("a"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("type number 99");
    }
  }

  @Test
  void get_version2AndScalar_areRead() throws IOException {
    byte[] bytes = new GgufBuilder().version(2).tensor("s", 0, 0).build(new byte[4]);
    Path path = Files.write(folder.resolve("x.gguf"), bytes);
    try (var file = GgufFile.open(path)) {
      assertThat(file.get("s").shape()).isEmpty();
      assertThat(FormatFiles.values(file.get("s"), DType.F16)).containsExactly(0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 1 << 30})
  void get_queryRowsThatHeadsDoNotDivide_areRefused(int heads) throws IOException {
    byte[] bytes =
        new GgufBuilder()
            .text("general.architecture", "llama")
            .integer("llama.attention.head_count", heads)
            .tensor("blk.0.attn_q.weight", 0, 0, 2, 4)
            .build(new byte[32]);
    Path path = Files.write(folder.resolve("x.gguf"), bytes);
    try (var file = GgufFile.open(path)) {
      assertThatThrownBy(() -> file.get("model.layers.0.self_attn.q_proj.weight"))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith(path + ": ");
    }
  }

  @Test
  void open_splitModel_joinsItsParts() throws IOException {
    for (int i = 0; i < 2; i++) {
      Files.write(part(i), partOf(2, i, new byte[] {0, 0, (byte) 0x80, 0x3f}));
    }
    try (var file = GgufFile.open(part(0))) {
      assertThat(file.names()).containsExactly("t0", "t1");
      assertThat(FormatFiles.values(file.get("t1"), DType.F32)).containsExactly(1);
    }
    try (var model = HfDirectory.open(withConfig())) {
      assertThat(model.weights().names()).hasSize(2);
    }
    assertRefused(part(1), "open the first");
    Files.write(part(1), partOf(2, 0, new byte[4]));
    assertRefused(part(0), "part 2 of 2");
    Files.delete(part(1));
    assertRefused(part(0), "no such file");
  }

  private Path withConfig() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    return folder;
  }

  private Path part(int number) {
    return folder.resolve("m-0000" + (number + 1) + "-of-00002.gguf");
  }

  private static byte[] partOf(int count, int number, byte[] data) {
    return new GgufBuilder()
        .integer("split.no", number)
        .integer("split.count", count)
        .integer("split.tensors.count", count)
        .tensor("t" + number, 0, 0, 1)
        .build(data);
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> GgufFile.open(path).close())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  private static byte[] tensor(int type, long offset, long... sizes) {
    return new GgufBuilder().tensor("t", type, offset, sizes).build(new byte[64]);
  }

  private static byte[] array(int type, long count) {
    byte[] value =
        Mutations.join(GgufBuilder.bytes(type, 4), GgufBuilder.bytes(count, 8), new byte[8]);
    return new GgufBuilder().raw("k", 9, value).build();
  }

  /** An array of one array of … one array of the number 7. */
  private static byte[] nested(int depth) {
    byte[] value =
        Mutations.join(GgufBuilder.bytes(4, 4), GgufBuilder.bytes(1, 8), GgufBuilder.bytes(7, 4));
    byte[] outer = Mutations.join(GgufBuilder.bytes(9, 4), GgufBuilder.bytes(1, 8));
    for (int i = 1; i < depth; i++) {
      value = Mutations.join(outer, value);
    }
    return new GgufBuilder().raw("k", 9, value).build();
  }

  private static byte[] notUtf8() {
    byte[] bytes = Arrays.copyOf(GgufBuilder.bytes(2, 8), 10);
    bytes[8] = (byte) 0xc0;
    bytes[9] = (byte) 0x80;
    return bytes;
  }
}
