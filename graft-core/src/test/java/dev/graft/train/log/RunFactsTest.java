package dev.graft.train.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFactsTest {
  @Test
  void sha256_knownTexts(@TempDir Path folder) throws IOException {
    Path abc = Files.writeString(folder.resolve("abc"), "abc");
    assertThat(DataHash.sha256(abc))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Path million = Files.writeString(folder.resolve("million"), "a".repeat(1_000_000));
    assertThat(DataHash.sha256(million))
        .isEqualTo("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  }

  @Test
  void sha256_folder_changesWithNamesAndBytesOfItsData(@TempDir Path folder) throws IOException {
    Path a = Files.writeString(folder.resolve("a.jsonl"), "{}");
    String first = DataHash.sha256(folder);
    Files.writeString(folder.resolve("README.md"), "not read");
    assertThat(DataHash.sha256(folder)).isEqualTo(first).hasSize(64);
    Files.writeString(a, "{ }");
    String second = DataHash.sha256(folder);
    Files.move(a, folder.resolve("b.jsonl"));
    assertThat(List.of(first, second, DataHash.sha256(folder))).doesNotHaveDuplicates();
  }

  @Test
  void residentBytes_statusLines_areRead() {
    List<String> status = List.of("VmPeak:\t  999 kB", "VmHWM:\t   2048 kB", "VmRSS:\t 12 kB");
    assertThat(PeakMemory.residentBytes(status)).hasValue(2048 * 1024);
    assertThat(PeakMemory.residentBytes(List.of("VmHWM:\tlots"))).isEmpty();
  }

  @Test
  void residentBytes_thisProcess_isPlausible() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "only Linux tells");
    assertThat(PeakMemory.residentBytes().orElseThrow()).isBetween(10L << 20, 1L << 40);
  }
}
