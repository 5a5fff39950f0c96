package dev.graft.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.adapter.LoraSpec;
import dev.graft.adapter.TargetModules;
import dev.graft.engine.DType;
import dev.graft.engine.Scope;
import dev.graft.engine.Work;
import dev.graft.model.Decoder;
import dev.graft.model.DecoderSpec;
import dev.graft.model.InitialWeights;
import dev.graft.model.PackedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is computed from shapes against what the engine counts as it executes a pass. */
class ExecutedFlopsTest {
  private static final int[] LENGTHS = {600, 33, 7};
  private static final int LEARNT = 5;

  @ParameterizedTest
  @CsvSource({
    "tiny, FULL, 0, all-linear, BF16, false, 0",
    "tiny, LORA, 3, all-linear, BF16, false, 0",
    "tiny, LORA, 3, all-linear, F32, true, 0",
    "small, FULL, 0, all-linear, BF16, true, 0",
    "small, LORA, 40, all-linear, BF16, false, 0",
    "small, LORA, 8, 'q_proj,down_proj', BF16, true, 0",
    "small, LORA, 8, '.*layers\\.[12]\\..*v_proj', BF16, true, 0",
    "small, PROMPTING, 0, all-linear, BF16, false, 0",
    "tiny, LORA, 3, all-linear, F32, true, 9",
    "small, FULL, 0, all-linear, BF16, false, 40",
    "small, LORA, 8, all-linear, BF16, true, 600",
    "small, PROMPTING, 0, all-linear, BF16, false, 33",
  })
  void of_aPass_isWhatTheEngineCounts(
      String size,
      Technique.Kind kind,
      int rank,
      String targets,
      DType dtype,
      boolean again,
      int prefix) {
    DecoderSpec spec = PlanModels.spec(size);
    TargetModules modules = TargetModules.parse(targets);
    StepShape shape =
        new StepShape(
            new Technique(kind, rank),
            modules,
            dtype,
            new StepShape.Batch(3, 0),
            1200,
            1,
            again,
            1);
    TreeMap<Integer, Long> lengths = new TreeMap<>();
    Arrays.stream(LENGTHS).forEach(length -> lengths.merge(prefix + length, 1L, Long::sum));
    double learnt = (double) LEARNT * LENGTHS.length;
    PackedTokens pass = pass(prefix);
    ExecutedFlops flops =
        ExecutedFlops.of(
            spec,
            shape,
            new TokenLoad(lengths, learnt, prefix, "test"),
            StepLayout.of(TrainingMemory.Lane.of(pass)));
    assertThat(flops.total()).isEqualTo(counted(spec, shape, pass));
  }

  private static double counted(DecoderSpec spec, StepShape shape, PackedTokens pass) {
    try (Scope scope = Scope.open();
        Decoder model =
            Decoder.begin(spec, new InitialWeights.Start(0.02, false, 1), shape.dtype())) {
      Technique technique = shape.technique();
      if (technique.kind() == Technique.Kind.FULL) {
        model.trainAll();
      } else if (technique.kind() == Technique.Kind.LORA) {
        LoraSpec lora =
            new LoraSpec(technique.size(), 8, 0, false, shape.targets(), Map.of(), Map.of());
        model.attach(lora.resolve(model.adaptableModules()), 0);
        model.trainAdapter();
      }
      model.recomputeActivations(shape.checkpointing());
      long before = Work.mark();
      if (technique.kind() == Technique.Kind.PROMPTING) {
        model.losses(pass);
      } else {
        model.accumulate(pass, 1, 0);
      }
      return Work.flops(before, Work.mark());
    }
  }

  private static PackedTokens pass(int prefix) {
    List<PackedTokens> parts = new ArrayList<>();
    for (int own : LENGTHS) {
      int[] ids = new int[prefix + own];
      Arrays.fill(ids, prefix, ids.length, 1 + parts.size());
      boolean[] learnt = new boolean[ids.length];
      Arrays.fill(learnt, ids.length - LEARNT, ids.length, true);
      parts.add(PackedTokens.single(ids, learnt));
    }
    return PackedTokens.concat(parts);
  }
}
