package dev.graft.run;

import com.sun.management.OperatingSystemMXBean;
import dev.graft.InputException;
import dev.graft.ledger.EnergyMeter;
import dev.graft.plan.Accelerator;
import dev.graft.plan.Figures;
import dev.graft.plan.Machine;
import dev.graft.plan.Pace;
import dev.graft.plan.PaceProbe;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
  List<Machine> measured(PlanRun.Subject subject, List<Integer> ranks, RunListener listener) {
    List<Machine> machines = new ArrayList<>();
    if (here && hardware.probe() > 0) {
      listener.progress(
          "measuring steps of a few layers for some "
              + hardware.probe()
              + " s (--probe 0 leaves it out)");
      machines.add(machine(subject, ranks));
    }
    for (Accelerator accelerator : accelerators) {
      machines.add(Machine.of(accelerator, hardware.utilization(), price(accelerator.name())));
    }
    return machines;
  }

  private Machine machine(PlanRun.Subject subject, List<Integer> ranks) {
    EnergyMeter energy = EnergyMeter.start();
    Pace pace =
        PaceProbe.measure(subject.spec(), subject.step(), subject.load(), ranks, hardware.probe());
    energy.tick(0);
    double measured = energy.energy().measured() / pace.took();
    double watts = EnergyMeter.WATTS_PER_PROCESSOR * threads();
    String power = "a guess of 5 W a thread, for no energy counter can be read (--watts)";
    if (hardware.watts() > 0) {
      watts = hardware.watts();
      power = "as given by --watts";
    } else if (measured > 0) {
      watts = measured;
      power = "by the processors' energy counters";
    }
    return new Machine(
        HERE,
        1 / pace.adapters().getFirst().rates().layers(),
        Optional.of(pace),
        threads(),
        rate(pace),
        watts,
        power,
        memory(),
        price(HERE),
        source(pace));
  }

  private static String rate(Pace pace) {
    Pace.Rates lora = pace.adapters().getFirst().rates();
    return String.format(
        Locale.ROOT,
        "layers %.0f GFLOP/s with LoRA r=%d, %.0f with all weights; head %.0f GFLOP/s",
        1e-9 / lora.layers(),
        pace.adapters().getFirst().rank(),
        1e-9 / pace.all().layers(),
        1e-9 / lora.head());
  }

  private static String source(Pace pace) {
    return String.format(
        Locale.ROOT,
        "steps of layers %s measured for %.1f s",
        pace.exact() ? "of these widths" : "that are narrower than the model's",
        pace.took());
  }

  private double price(String name) {
    Double own = prices.get(name.toLowerCase(Locale.ROOT));
    return own == null ? prices.getOrDefault("", Double.NaN) : own;
  }
}
