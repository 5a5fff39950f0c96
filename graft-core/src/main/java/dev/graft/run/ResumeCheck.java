package dev.graft.run;

import dev.graft.InputException;
import dev.graft.config.TrainOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** A run goes on only with the settings it was begun with: others would make another run of it. */
final class ResumeCheck {
  /** What may change: where things are, what is kept, and how fast it goes. */
  private static final Set<String> FREE =
      Set.of(
          "resume",
          "finish",
          "overwrite",
          "output",
          "threads",
          "activation-checkpointing",
          "memory-limit",
          "save-every",
          "keep-checkpoints",
          "model",
          "data",
          "data-check",
          "data-check-allow",
          "valid");

  private ResumeCheck() {}

  /** The settings that decide what a run computes. */
  static Map<String, Object> decisive(TrainOptions options) {
    Map<String, Object> json = new LinkedHashMap<>(options.toJson());
    json.keySet().removeAll(FREE);
    return json;
  }

  /** Compares with the {@code config.yaml} that the run was begun with. */
  static void check(TrainOptions options) {
    Path file = options.output().resolve("config.yaml");
    if (!Files.exists(file)) {
      return; // of a run that was killed before it wrote anything, or none at all
    }
    TrainOptions before = TrainOptions.builder().file(file).build();
    Map<String, Object> then = decisive(before);
    Map<String, Object> now = decisive(options);
    Set<String> keys = new TreeSet<>(then.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      if (!Objects.equals(then.get(key), now.get(key))) {
        throw InputException.in(
            file,
            "the run was begun with "
                + key
                + " "
                + then.get(key)
                + ", not "
                + now.get(key)
                + "; resume it with the same, or begin anew with --overwrite");
      }
    }
  }
}
