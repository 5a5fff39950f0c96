package dev.graft.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
  @Test
  void peakBytes_statusLines_isTheHighWaterMark() {
    List<String> status = List.of("Name:\tjava", "VmHWM:\t  123456 kB", "VmRSS:\t  100000 kB");

    assertThat(ResidentMemory.peakBytes(status)).hasValue(123456L * 1024);
  }

  @Test
  void peakBytes_endedProcess_isUnknown() {
    assertThat(ResidentMemory.peakBytes(List.of("Name:\tjava", "State:\tZ (zombie)"))).isEmpty();
  }

  @Test
  void poll_thisProcess_findsItsMemory() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "needs /proc");
    ResidentMemory memory = new ResidentMemory();
    assertThat(memory.mostBytes()).isEmpty();

    memory.poll(ProcessHandle.current());

    assertThat(memory.mostBytes().orElseThrow()).isGreaterThan(16L << 20);
  }
}
