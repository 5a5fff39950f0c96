package dev.graft.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counters of energy as Linux shows them, in a folder of the test's own. */
class EnergyMeterTest {
  private static final long RANGE = 262_143_328_850L;

  @TempDir private Path powercap;

  private void zone(String zone, String name, long microjoules) throws IOException {
    Path path = Files.createDirectories(powercap.resolve(zone));
    Files.writeString(path.resolve("name"), name + "\n");
    Files.writeString(path.resolve("max_energy_range_uj"), RANGE + "\n");
    counter(zone, microjoules);
  }

  private void counter(String zone, long microjoules) throws IOException {
    Files.writeString(powercap.resolve(zone).resolve("energy_uj"), microjoules + "\n");
  }

  @Test
  void tick_countersOfPackagesAndMemory_areAddedUp() throws IOException {
    zone("intel-rapl:0", "package-0", 5_000_000);
    zone("intel-rapl:0:0", "core", 1_000_000);
    zone("intel-rapl:0:1", "dram", 2_000_000);
    zone("intel-rapl:1", "package-1", RANGE - 1_000_000);
    zone("intel-rapl:2", "psys", 0);
    EnergyMeter meter = new EnergyMeter(powercap);
    counter("intel-rapl:0", 15_000_000);
    counter("intel-rapl:0:0", 9_000_000);
    counter("intel-rapl:0:1", 2_500_000);
    counter("intel-rapl:1", 3_000_000); // began anew
    counter("intel-rapl:2", 90_000_000);
    meter.tick(100);
    assertThat(meter.energy()).isEqualTo(new Energy(10 + 0.5 + 4, 0));
    assertThat(meter.energy().source()).isEqualTo("rapl");
    meter.tick(100);
    assertThat(meter.energy().joules()).isEqualTo(14.5);
  }

  @Test
  void tick_noCounters_isAnEstimateThatSaysSo() {
    EnergyMeter meter = new EnergyMeter(powercap.resolve("none"));
    meter.tick(100);
    assertThat(meter.energy()).isEqualTo(new Energy(0, 5 * 100));
    assertThat(meter.energy().source()).isEqualTo("estimate");
  }

  @Test
  void tick_counterThatGoesAway_isEstimatedFromThenOn() throws IOException {
    zone("intel-rapl:0", "package-0", 0);
    EnergyMeter meter = new EnergyMeter(powercap);
    counter("intel-rapl:0", 7_000_000);
    meter.tick(1);
    Files.delete(powercap.resolve("intel-rapl:0").resolve("energy_uj"));
    meter.tick(1);
    assertThat(meter.energy()).isEqualTo(new Energy(7, 5));
    assertThat(meter.energy().source()).isEqualTo("mixed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "lots", "-5", "99999999999999999999", "262143328999"})
  void tick_counterThatIsNoCount_isNotTaken(String text) throws IOException {
    zone("intel-rapl:0", "package-0", 0);
    EnergyMeter meter = new EnergyMeter(powercap);
    Files.writeString(powercap.resolve("intel-rapl:0").resolve("energy_uj"), text);
    meter.tick(2);
    assertThat(meter.energy()).isEqualTo(new Energy(0, 10));
  }
}
