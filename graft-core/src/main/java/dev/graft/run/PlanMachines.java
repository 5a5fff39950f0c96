package dev.graft.run;

import com.sun.management.OperatingSystemMXBean;
import dev.graft.InputException;
import dev.graft.engine.DType;
import dev.graft.model.DecoderSpec;
import dev.graft.plan.Accelerator;
import dev.graft.plan.Figures;
import dev.graft.plan.Machine;
import dev.graft.plan.ProductProbe;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The devices that a plan is made for, and this machine among them. */
final class PlanMachines {
  private static final String HERE = "here";
  private static final String ALL = "all";
  private static final double MOST_PRICE = 1e6;

  private final PlanRun.Hardware hardware;
  private final List<Accelerator> accelerators;
  private final boolean here;
  private final Map<String, Double> prices;

  private PlanMachines(
      PlanRun.Hardware hardware,
      List<Accelerator> accelerators,
      boolean here,
      Map<String, Double> prices) {
    this.hardware = hardware;
    this.accelerators = accelerators;
    this.here = here;
    this.prices = prices;
  }

  /** Reads the names and prices, so that a slip is found before anything is measured. */
  static PlanMachines parse(PlanRun.Hardware hardware) {
    List<Accelerator> accelerators = new ArrayList<>();
    boolean here = false;
    for (String name : hardware.devices()) {
      if (name.equalsIgnoreCase(HERE)) {
        here = true;
      } else if (name.equalsIgnoreCase(ALL)) {
        here = true;
        accelerators.addAll(Accelerator.all());
      } else {
        accelerators.add(Accelerator.parse(name));
      }
    }
    List<String> names = new ArrayList<>(accelerators.stream().map(Accelerator::name).toList());
    names.add(HERE);
    return new PlanMachines(
        hardware,
        accelerators.stream().distinct().toList(),
        here,
        prices(hardware.prices(), names));
  }

  /** By name in lower case; that of all devices has the empty name. */
  private static Map<String, Double> prices(List<String> texts, List<String> names) {
    Map<String, Double> prices = new HashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? "" : text.substring(0, equals);
      if (equals >= 0 && names.stream().noneMatch(name::equalsIgnoreCase)) {
        throw new InputException(
            "--price: '" + name + "' is none of the devices " + String.join(", ", names));
      }
      prices.put(
          name.toLowerCase(Locale.ROOT),
          Figures.positive("--price", text.substring(equals + 1), MOST_PRICE));
    }
    return prices;
  }

  boolean includesHere() {
    return here;
  }

  /** Threads of this machine. */
  int threads() {
    int cores = Runtime.getRuntime().availableProcessors();
    return hardware.threads() == 0 ? cores : Math.min(cores, hardware.threads());
  }

  /** Bytes of this machine, or of the container; the largest long where that is not known. */
  static long memory() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            && system.getTotalMemorySize() > 0
        ? system.getTotalMemorySize()
        : Long.MAX_VALUE;
  }

  /** All of them; this machine is measured now, unless the probe is switched off. */
  List<Machine> measured(DecoderSpec spec, DType dtype, RunListener listener) {
    List<Machine> machines = new ArrayList<>();
    if (here && hardware.probe() > 0) {
      listener.progress(
          "measuring matrix products for " + hardware.probe() + " s (--probe 0 leaves it out)");
      machines.add(machine(ProductProbe.measure(spec, dtype, threads(), hardware.probe()), dtype));
    }
    for (Accelerator accelerator : accelerators) {
      machines.add(Machine.of(accelerator, hardware.utilization(), price(accelerator.name())));
    }
    return machines;
  }

  private Machine machine(ProductProbe.Result result, DType dtype) {
    double watts;
    String power;
    if (hardware.watts() > 0) {
      watts = hardware.watts();
      power = "as given by --watts";
    } else if (result.watts().isPresent()) {
      watts = result.watts().getAsDouble();
      power = "by the processors' energy counters";
    } else {
      watts = ProductProbe.guessedWatts(threads());
      power = "a guess of 10 W a core, for no energy counter can be read (--watts)";
    }
    double rate = result.flopsPerSecond();
    return new Machine(
        HERE,
        rate * hardware.utilization(),
        String.format(
            Locale.ROOT,
            "%.0f GFLOP/s %s · utilization %s",
            rate / 1e9,
            dtype == DType.BF16 ? "bf16" : "fp32",
            hardware.utilization()),
        watts,
        power,
        memory(),
        price(HERE),
        String.format(
            Locale.ROOT, "measured for %.1f s at this model's products", result.seconds()));
  }

  private double price(String name) {
    Double own = prices.get(name.toLowerCase(Locale.ROOT));
    return own == null ? prices.getOrDefault("", Double.NaN) : own;
  }
}
