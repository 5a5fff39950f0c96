package dev.graft.train.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class ProcessAgeTest {
  private static final String STAT =
      "4711 (ja) va (x) S 1 4711 4711 0 -1 4194560 100 0 0 0 12 3 0 0 20 0 21 0 2461599 1000 10";

  @Test
  void bothTimesCountFromTheMachinesStart() {
    assertThat(ProcessAge.ofLinux("24620.24 12000.00\n", STAT)).hasValue(24620.24 - 24615.99);
  }

  @Test
  void whatDoesNotTellIsLeftToTheSystem() {
    assertThat(ProcessAge.ofLinux("", STAT)).isEmpty();
    assertThat(ProcessAge.ofLinux("24620.24 1", "4711 (java) S 1")).isEmpty();
    assertThat(ProcessAge.ofLinux("24620.24 1", "")).isEmpty();
    assertThat(ProcessAge.ofLinux("3.00 1", STAT)).isEmpty(); // another count of time
  }

  @Test
  void thisProcessIsAtLeastAsOldAsItsVirtualMachine() {
    double uptime = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
    assertThat(ProcessAge.seconds()).isBetween(uptime - 0.05, uptime + 30);
  }
}
