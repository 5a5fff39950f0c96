package dev.graft.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.engine.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsFileTest {
  @TempDir Path folder;

  @Test
  void open_referenceFile_givesNamesTypesAndShapes() {
    try (var file = SafetensorsFile.open(FormatFiles.resource("mixed.safetensors"))) {
      assertThat(file.names()).hasSize(14).contains("größe \"x\"\n", "empty", "scalar");
      assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
      assertThat(file.get("a.f32").shape()).containsExactly(2, 3);
      assertThat(file.get("a.f32").dtype()).isEqualTo(DType.F32);
      assertThat(file.get("scalar").shape()).isEmpty();
      assertThat(file.get("scalar").elements()).isEqualTo(1);
      assertThat(file.get("empty").elements()).isZero();
      assertThat(file.get("bf16").mapped().orElseThrow().byteSize()).isEqualTo(12);
    }
  }

  @ParameterizedTest
  @CsvSource({"f64,F64", "b.f32,F32", "f16,F16", "bf16,BF16"})
  void copyTo_fromEachFloatType_givesTheSameValuesInEach(String name, DType type) {
    float[] expected = {-0.5f, -0.25f, 0, 0.25f, 0.5f, 0.75f};
    try (var file = SafetensorsFile.open(FormatFiles.resource("mixed.safetensors"))) {
      StoredTensor tensor = file.get(name);
      assertThat(tensor.dtype()).isEqualTo(type);
      for (DType target : List.of(DType.F64, DType.F32, DType.F16, DType.BF16)) {
        assertThat(FormatFiles.values(tensor, target)).containsExactly(expected);
      }
    }
  }

  @Test
  void copyTo_fromIntegers_givesTheirValues() {
    try (var file = SafetensorsFile.open(FormatFiles.resource("mixed.safetensors"))) {
      for (String name : List.of("i32", "i16", "i8")) {
        assertThat(FormatFiles.values(file.get(name), DType.F32)).containsExactly(-2, -1, 0, 1, 2);
      }
      assertThat(FormatFiles.values(file.get("u8"), DType.F32))
          .containsExactly(251, 252, 253, 254, 255);
      assertThat(FormatFiles.values(file.get("bool"), DType.BF16)).containsExactly(1, 0, 1);
      MemorySegment out = Arena.ofAuto().allocate(40, 8);
      file.get("i64").copyTo(out, DType.F64);
      assertThat(out.getAtIndex(ValueLayout.JAVA_DOUBLE, 0)).isEqualTo(-0x1p41);
      file.get("i64").copyTo(out, DType.I64);
      assertThat(out.getAtIndex(ValueLayout.JAVA_LONG, 4)).isEqualTo(1L << 41);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "BF16", "F16", "F64"})
  void copyTo_manyChunks_convertsAllElements(DType target) {
    int count = 100_003;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i % 255) - 127;
    }
    Path path = folder.resolve("large.safetensors");
    var tensor =
        SafetensorsWriter.Tensor.of(
            "w", DType.F32, new long[] {count}, MemorySegment.ofArray(values));
    SafetensorsWriter.write(path, List.of(tensor), Map.of());
    try (var file = SafetensorsFile.open(path)) {
      assertThat(FormatFiles.values(file.get("w"), target)).containsExactly(values);
    }
  }

  @Test
  void copyTo_confinedMemory_works() {
    try (var file = SafetensorsFile.open(FormatFiles.resource("mixed.safetensors"));
        Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(12);
      file.get("b.f32").copyTo(out, DType.BF16);
      assertThat(out.get(ValueLayout.JAVA_SHORT, 0)).isEqualTo((short) 0xbf00);
    }
  }

  @Test
  void copyTo_wrongSizeOrTarget_isRefused() {
    try (var file = SafetensorsFile.open(FormatFiles.resource("mixed.safetensors"))) {
      StoredTensor tensor = file.get("b.f32");
      MemorySegment out = MemorySegment.ofArray(new byte[23]);
      assertThatThrownBy(() -> tensor.copyTo(out, DType.F32))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> tensor.copyTo(MemorySegment.ofArray(new byte[6]), DType.I8))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x3f808000, 0x3f80", // tie to even, down
    "0x3f818000, 0x3f82", // tie to even, up
    "0x3f808001, 0x3f81",
    "0x7f7fffff, 0x7f80", // past the largest: infinity
    "0xff800000, 0xff80",
    "0x7f800001, 0x7fc0", // a NaN stays one
    "0xffffffff, 0x7fc0",
    "0x00000001, 0x0000",
    "0x80000000, 0x8000"
  })
  void toBfloat16_roundsToNearestEven(String bits, String expected) {
    float value = Float.intBitsToFloat(Long.decode(bits).intValue());
    assertThat(Elements.toBfloat16(value) & 0xffff).isEqualTo(Integer.decode(expected));
  }

  @Test
  void get_missingTensor_namesFileAndTensor() {
    Path path = FormatFiles.resource("mixed.safetensors");
    try (var file = SafetensorsFile.open(path)) {
      assertThatThrownBy(() -> file.get("nope\nx"))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith(path + ": no tensor \"nope")
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  void get_typeNotSupported_failsOnlyWhenAskedFor() throws IOException {
    Path path =
        file(
            "{'a':{'dtype':'F8_E4M3','shape':[4],'data_offsets':[0,4]},"
                + "'b':{'dtype':'U8','shape':[4],'data_offsets':[4,8]}}",
            8);
    try (var file = SafetensorsFile.open(path)) {
      assertThat(FormatFiles.values(file.get("b"), DType.F32)).containsExactly(0, 0, 0, 0);
      assertThatThrownBy(() -> file.get("a"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("F8_E4M3");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | 0 | begin with '{'",
        "{'a' | 0 | not valid JSON",
        "{'a':1} | 0 | must be an object",
        "{'a':{}} | 0 | needs dtype",
        "{'a':{'dtype':'F33','shape':[1],'data_offsets':[0,4]}} | 4 | unknown dtype",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'x':1}} | 4 | unknown key",
        "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}} | 4 | integers from 0",
        "{'a':{'dtype':'F32','shape':[1.0],'data_offsets':[0,4]}} | 4 | integers from 0",
        "{'a':{'dtype':'F32','shape':['1'],'data_offsets':[0,4]}} | 4 | integers from 0",
        "{'a':{'dtype':'F32','shape':1,'data_offsets':[0,4]}} | 4 | must be an array",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}} | 4 | [begin, end]",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}} | 4 | [begin, end]",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | 4 | does not fill",
        "{'a':{'dtype':'F4','shape':[1],'data_offsets':[0,1]}} | 1 | does not fill",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}} | 0 | fill",
        "{'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,4]}} | 4 | integers",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | 3 | is cut off",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | 5 | belong to no tensor",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | 8 | hole",
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},'b':{'dtype':'U8','shape':[4],'data_offsets':[2,6]}} | 6 | overlaps",
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},'a':{'dtype':'U8','shape':[4],'data_offsets':[4,8]}} | 8 | uplicate",
        "{'__metadata__':{'x':1}} | 0 | must be a string",
        "{'__metadata__':[]} | 0 | must be one object",
        "{'__metadata__':{'x':'1','x':'2'}} | 0 | uplicate",
        "{} x | 0 | not valid JSON",
        "{} {} | 0 | after its JSON object",
        "{'a':{'dtype':[[[[[[[[]]]]]]]]}} | 0 | unknown dtype",
      })
  void open_brokenHeader_saysWhatIsWrong(String header, int data, String message)
      throws IOException {
    Path path = file(header, data);
    assertThatThrownBy(() -> SafetensorsFile.open(path).close())
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void open_lengthLargerThanFileOrMissingFile_isRefused() throws IOException {
    Path path = folder.resolve("x.safetensors");
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no such file");
    for (long length : new long[] {-1, Long.MAX_VALUE, 3, 100_000_001}) {
      var bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      Files.write(path, bytes.array());
      assertThatThrownBy(() -> SafetensorsFile.open(path))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("header length");
    }
    assertThatThrownBy(() -> SafetensorsFile.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a folder");
  }

  @Test
  void write_tensorsOfTheReferenceFile_givesTheSameBytes() throws IOException {
    Path reference = FormatFiles.resource("mixed.safetensors");
    Path copy = folder.resolve("copy.safetensors");
    try (var file = SafetensorsFile.open(reference)) {
      List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
      for (String name : file.names().reversed()) {
        StoredTensor tensor = file.get(name);
        tensors.add(
            SafetensorsWriter.Tensor.of(
                name, tensor.dtype(), tensor.shape(), tensor.mapped().orElseThrow()));
      }
      SafetensorsWriter.write(copy, tensors, file.metadata());
    }
    assertThat(copy).hasSameBinaryContentAs(reference);
  }

  @Test
  void write_moreThanOneChunkOfEachKindOfMemory_writesAllBytes() {
    int count = 5_000_000;
    float[] values = new float[count];
    values[count - 1] = 3;
    Path path = folder.resolve("chunks.safetensors");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nativeMemory = arena.allocate(count * 4L);
      nativeMemory.set(ValueLayout.JAVA_FLOAT, (count - 1) * 4L, 5);
      long[] shape = {count};
      SafetensorsWriter.write(
          path,
          List.of(
              SafetensorsWriter.Tensor.of("a", DType.F32, shape, MemorySegment.ofArray(values)),
              SafetensorsWriter.Tensor.of("b", DType.F32, shape, nativeMemory)),
          Map.of());
    }
    try (var file = SafetensorsFile.open(path)) {
      long last = (count - 1) * 4L;
      assertThat(file.get("a").mapped().orElseThrow().get(Elements.FLOAT, last)).isEqualTo(3);
      assertThat(file.get("b").mapped().orElseThrow().get(Elements.FLOAT, last)).isEqualTo(5);
    }
  }

  @Test
  void write_metadataAndNoTensors_canBeRead() {
    Path path = folder.resolve("meta.safetensors");
    SafetensorsWriter.write(path, List.of(), Map.of("b", "2", "a", "ü\u0001"));
    try (var file = SafetensorsFile.open(path)) {
      assertThat(file.names()).isEmpty();
      assertThat(file.metadata()).containsExactly(Map.entry("a", "ü\u0001"), Map.entry("b", "2"));
    }
  }

  @Test
  void write_wrongSizeOrNameTwice_leavesNoFile() {
    Path path = folder.resolve("bad.safetensors");
    var data = MemorySegment.ofArray(new byte[8]);
    var small = SafetensorsWriter.Tensor.of("a", DType.F32, new long[] {3}, data);
    var twice = SafetensorsWriter.Tensor.of("a", DType.F32, new long[] {2}, data);
    assertThatThrownBy(() -> SafetensorsWriter.write(path, List.of(small), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SafetensorsWriter.write(path, List.of(twice, twice), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(folder).isEmptyDirectory();
  }

  /** A file of that header ({@code '} stands for {@code "}) and that many zero bytes. */
  private Path file(String header, int data) throws IOException {
    byte[] json = header.strip().replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    var bytes = ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    return Files.write(folder.resolve("x.safetensors"), bytes.array());
  }
}
