package dev.graft.bench.train;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The work that every side does: LoRA on all linear layers, loss on the answer, AdamW without
 * weight decay at a constant learning rate, gradients clipped to norm 1.
 *
 * @param model folder or GGUF file
 * @param peerModel the same model for peers that read Hugging Face folders only
 * @param data rows in JSON lines
 * @param steps optimizer steps of each run
 * @param settled the first steps, which the statistics leave out
 * @param batch examples a step
 * @param maxLength longer rows are left out
 * @param precision {@code bf16} or {@code fp32}
 */
public record TrainSettings(
    Path model,
    Path peerModel,
    Path data,
    int steps,
    int settled,
    int batch,
    int maxLength,
    int rank,
    double learningRate,
    String precision,
    long seed,
    int threads) {

  public TrainSettings {
    check("steps", steps, settled + 1);
    check("settled", settled, 0);
    check("batch-size", batch, 1);
    check("max-length", maxLength, 8);
    check("rank", rank, 1);
    check("threads", threads, 1);
    if (!precision.equals("bf16") && !precision.equals("fp32")) {
      throw new InputException("--precision: '" + precision + "' is neither bf16 nor fp32");
    }
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new InputException("--learning-rate: " + learningRate + " is not positive");
    }
  }

  /** Numerator of the adapter's scaling. */
  public int alpha() {
    return 2 * rank;
  }

  /** For the report. */
  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("model", model.toString());
    map.put("data", data.toString());
    map.put("steps", steps);
    map.put("steps_left_out", settled);
    map.put("batch_size", batch);
    map.put("max_length", maxLength);
    map.put("rank", rank);
    map.put("alpha", alpha());
    map.put("learning_rate", learningRate);
    map.put("precision", precision);
    map.put("threads", threads);
    return map;
  }

  private static void check(String option, int value, int least) {
    if (value < least) {
      throw new InputException("--" + option + ": " + value + " is less than " + least);
    }
  }
}
