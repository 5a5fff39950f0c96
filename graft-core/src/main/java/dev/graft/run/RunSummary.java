package dev.graft.run;

import dev.graft.Graft;
import dev.graft.config.TrainOptions;
import dev.graft.engine.Engine;
import dev.graft.engine.Kernels;
import dev.graft.ledger.Spent;
import dev.graft.model.Decoder;
import dev.graft.model.Parameters;
import dev.graft.train.TrainState;
import dev.graft.train.log.DataHash;
import dev.graft.train.log.PeakMemory;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The content of {@code summary.json}. */
final class RunSummary {
  private RunSummary() {}

  static Map<String, Object> of(
      TrainOptions options,
      BaseModel base,
      Decoder model,
      Parameters parameters,
      TrainState state,
      RunLog log)
      throws IOException {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("steps", state.step());
    summary.put("tokens", state.tokens());
    summary.put("trained_tokens", state.trainedTokens());
    summary.put("seconds", state.seconds());
    summary.put("tokens_per_second", log.history().tokensPerSecond(state));
    if (Double.isFinite(log.secondsToFirstStep())) {
      // Else the process only wrote the result of steps that earlier ones made.
      summary.put("seconds_to_first_step", log.secondsToFirstStep());
    }
    PeakMemory.residentBytes().ifPresent(bytes -> summary.put("peak_rss_bytes", bytes));
    log.history().evalLoss().ifPresent(loss -> summary.put("eval_loss", loss));
    if (state.bestStep() > 0) {
      summary.put("best_eval_loss", state.bestLoss());
      summary.put("best_step", state.bestStep());
    }
    summary.put("trainable_parameters", parameters.count());
    summary.put("total_parameters", model.spec().parameterCount());
    summary.put("base_model", base.name());
    summary.put("base_fingerprint", model.fingerprint());
    summary.put("data_sha256", DataHash.sha256(options.data()));
    if (options.valid().isPresent()) {
      summary.put("valid_sha256", DataHash.sha256(options.valid().get()));
    }
    summary.put("threads", Engine.threads());
    summary.put("kernels", Kernels.path());
    summary.put("graft_version", Graft.version());
    summary.put("libtorch_version", Engine.libtorchVersion());
    summary.put("java_version", Runtime.version().toString());
    return summary;
  }

  /** What the run took; the ledger has all of it. */
  static Map<String, Object> cost(Spent spent) {
    Map<String, Object> cost = new LinkedHashMap<>();
    cost.put("wall_seconds", spent.seconds().total());
    cost.put("flops", spent.flops().total());
    cost.put("energy_joules", spent.energy().joules());
    cost.put("energy_source", spent.energy().source());
    return cost;
  }
}
