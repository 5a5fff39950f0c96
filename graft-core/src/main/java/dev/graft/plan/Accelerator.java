package dev.graft.plan;

import dev.graft.InputException;
import dev.graft.config.Nearest;
import java.util.List;
import java.util.Locale;

/**
 * A device by its vendor's figures.
 *
 * @param name as it is asked for
 * @param teraflops dense matrix rate, in 10¹² operations a second
 * @param type element type of that rate: bf16, or what the device has instead
 * @param gigabytes memory, 10⁹ bytes
 * @param bandwidth of its memory, 10⁹ bytes a second
 * @param watts power limit of the device, or of the whole computer where the vendor gives that
 * @param source where the figures stand
 */
public record Accelerator(
    String name,
    double teraflops,
    String type,
    double gigabytes,
    double bandwidth,
    double watts,
    String source) {
  private static final String BF16 = "bf16";
  private static final double MOST = 1e6;

  /** Rates with sparsity in the data sheets are halved. */
  private static final List<Accelerator> TABLE =
      List.of(
          new Accelerator("T4", 65, "fp16", 16, 320, 70, "NVIDIA T4 data sheet (2019); no bf16"),
          new Accelerator("L4", 121, BF16, 24, 300, 72, "NVIDIA L4 data sheet (2023)"),
          new Accelerator("L40S", 362, BF16, 48, 864, 350, "NVIDIA L40S data sheet (2023)"),
          new Accelerator("A10", 125, BF16, 24, 600, 150, "NVIDIA A10 data sheet (2021)"),
          new Accelerator("A100-40GB", 312, BF16, 40, 1555, 400, "NVIDIA A100 data sheet, SXM"),
          new Accelerator("A100-80GB", 312, BF16, 80, 2039, 400, "NVIDIA A100 data sheet, SXM"),
          new Accelerator("H100", 989, BF16, 80, 3350, 700, "NVIDIA H100 data sheet, SXM"),
          new Accelerator("H100-PCIe", 756, BF16, 80, 2000, 350, "NVIDIA H100 data sheet, PCIe"),
          new Accelerator("H200", 989, BF16, 141, 4800, 700, "NVIDIA H200 data sheet, SXM"),
          new Accelerator(
              "RTX-3090",
              71,
              BF16,
              24,
              936,
              350,
              "NVIDIA GA102 white paper (2021), fp32 accumulation"),
          new Accelerator(
              "RTX-4090",
              165,
              BF16,
              24,
              1008,
              450,
              "NVIDIA Ada white paper (2022), fp32 accumulation"),
          new Accelerator("MI300X", 1307, BF16, 192, 5300, 750, "AMD Instinct MI300X data sheet"),
          new Accelerator(
              "M1",
              2.6,
              "fp32",
              16,
              68,
              39,
              "Apple newsroom, Nov 2020; support.apple.com/103253 (Mac mini)"),
          new Accelerator(
              "M2",
              3.6,
              "fp32",
              24,
              100,
              50,
              "Apple newsroom, June 2022; support.apple.com/103253 (Mac mini)"),
          new Accelerator(
              "M1-Max",
              10.4,
              "fp32",
              64,
              400,
              115,
              "Apple event, Oct 2021; support.apple.com/102027 (Mac Studio)"));

  /** All known devices. */
  public static List<Accelerator> all() {
    return TABLE;
  }

  /**
   * A device of the table by its name, or one that the user describes as {@code NAME=TFLOPS,GB,W}.
   *
   * @throws InputException where it is neither
   */
  public static Accelerator parse(String text) {
    int equals = text.indexOf('=');
    if (equals > 0) {
      return described(text.substring(0, equals), text.substring(equals + 1));
    }
    String wanted = text.toLowerCase(Locale.ROOT);
    return TABLE.stream()
        .filter(a -> a.name.toLowerCase(Locale.ROOT).equals(wanted))
        .findFirst()
        .orElseThrow(() -> {
          List<String> names = TABLE.stream().map(Accelerator::name).toList();
          return new InputException(
              "--device: '"
                  + text
                  + "' is not known"
                  + Nearest.hint(text, names)
                  + "; the names are here, all, "
                  + String.join(", ", names)
                  + ", or NAME=TFLOPS,GB,WATTS");
        });
  }

  private static Accelerator described(String name, String figures) {
    String[] parts = figures.split(",", -1);
    if (parts.length != 3) {
      throw new InputException(
          "--device: '" + name + "=" + figures + "' is not NAME=TFLOPS,GB,WATTS");
    }
    return new Accelerator(
        name,
        Figures.positive("--device", parts[0], MOST),
        "given",
        Figures.positive("--device", parts[1], MOST),
        0,
        Figures.positive("--device", parts[2], MOST),
        "as given");
  }
}
