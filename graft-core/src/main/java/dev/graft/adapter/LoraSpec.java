package dev.graft.adapter;

import dev.graft.InputException;
import dev.graft.engine.Random;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.model.LoraTarget;
import dev.graft.model.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A LoRA adapter (Hu et al. 2021, arXiv 2106.09685): {@code W + s·B·A} with {@code s = alpha/r}, or
 * {@code alpha/√r} when rank-stabilised (Kalajdzievski 2023, arXiv 2312.03732).
 *
 * @param rank inner size r
 * @param alpha numerator of the scaling
 * @param dropout probability that an input of A is dropped in training
 * @param rankStabilised whether the scaling is {@code alpha/√r}
 * @param targets which modules are adapted
 * @param rankPattern ranks of modules whose name matches a key, instead of {@code rank}
 * @param alphaPattern alphas of modules whose name matches a key, instead of {@code alpha}
 */
public record LoraSpec(
    int rank,
    double alpha,
    double dropout,
    boolean rankStabilised,
    TargetModules targets,
    Map<String, Integer> rankPattern,
    Map<String, Double> alphaPattern)
    implements AdapterSpec {

  public LoraSpec {
    if (rank < 1) {
      throw new InputException("rank: " + rank + " is not a positive number");
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new InputException("dropout: " + dropout + " is not in [0, 1)");
    }
    if (!(alpha > 0) || Double.isInfinite(alpha)) {
      throw new InputException("alpha: " + alpha + " is not a positive number");
    }
  }

  /** All linear layers, no patterns. */
  public static LoraSpec allLinear(int rank, double alpha) {
    return new LoraSpec(rank, alpha, 0, false, new TargetModules.AllLinear(), Map.of(), Map.of());
  }

  /** The modules among {@code modules} that get an update, with rank and scaling of each. */
  public List<LoraTarget> resolve(List<String> modules) {
    List<LoraTarget> resolved = new ArrayList<>();
    Map<Pattern, Integer> ranks = compiled("rank-pattern", rankPattern);
    Map<Pattern, Double> alphas = compiled("alpha-pattern", alphaPattern);
    for (String module : modules) {
      if (targets.matches(module)) {
        int r = value(ranks, module, rank);
        double a = value(alphas, module, alpha);
        if (r < 1) {
          throw new InputException("rank-pattern: " + r + " for " + module + " is not positive");
        }
        resolved.add(new LoraTarget(module, r, rankStabilised ? a / Math.sqrt(r) : a / r));
      }
    }
    if (resolved.isEmpty()) {
      throw new InputException(
          "target-modules: no module matches "
              + describe()
              + "; this model has "
              + String.join(", ", modules.stream().map(LoraSpec::lastPart).distinct().toList()));
    }
    rejectNamesWithoutModule(modules);
    return resolved;
  }

  /**
   * Fills fresh masters: A uniformly from ±1/√in (PyTorch's Kaiming initialisation with a = √5, as
   * PEFT has it), B with zeros, so that the adapter begins as no change.
   */
  public void initialise(Parameters parameters, long seed) {
    try (Scope scope = Scope.open()) {
      int number = 0;
      for (Parameters.Entry entry : parameters.entries()) {
        Tensor value = parameters.value(entry.name());
        number++;
        if (entry.name().endsWith(".lora_A.weight")) {
          double bound = 1 / Math.sqrt((double) entry.shape()[1]);
          Random.uniformInPlace(value, -bound, bound, Random.seed(seed, number));
        } else {
          value.zeroInPlace();
        }
      }
    }
  }

  private void rejectNamesWithoutModule(List<String> modules) {
    if (targets instanceof TargetModules.Named named) {
      for (String name : named.names()) {
        if (modules.stream().noneMatch(m -> m.equals(name) || m.endsWith("." + name))) {
          throw new InputException("target-modules: no module is called '" + name + "'");
        }
      }
    }
  }

  private String describe() {
    return switch (targets) {
      case TargetModules.AllLinear all -> "all-linear";
      case TargetModules.Named named -> String.join(",", named.names());
      case TargetModules.Matching matching -> matching.pattern().pattern();
    };
  }

  private static String lastPart(String module) {
    return module.substring(module.lastIndexOf('.') + 1);
  }

  /** PEFT's rule: the first key for which {@code (.*\.)?(key)$} matches the module's name. */
  private static <T> Map<Pattern, T> compiled(String option, Map<String, T> values) {
    Map<Pattern, T> compiled = new LinkedHashMap<>();
    values.forEach((key, value) ->
        compiled.put(ModulePattern.compile(option, "(?:.*\\.)?(" + key + ")"), value));
    return compiled;
  }

  private static <T> T value(Map<Pattern, T> values, String module, T otherwise) {
    for (Map.Entry<Pattern, T> entry : values.entrySet()) {
      if (ModulePattern.matches(entry.getKey(), module)) {
        return entry.getValue();
      }
    }
    return otherwise;
  }
}
