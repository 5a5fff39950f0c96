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

  private static final StepLayout LAYOUT =
      StepLayout.of(new TrainingMemory.Lane(pass().starts(), LEARNT * LENGTHS.length));

  @ParameterizedTest
  @CsvSource({
    "tiny, FULL, 0, all-linear, BF16, false",
    "tiny, LORA, 3, all-linear, BF16, false",
    "tiny, LORA, 3, all-linear, F32, true",
    "small, FULL, 0, all-linear, BF16, true",
    "small, LORA, 40, all-linear, BF16, false",
    "small, LORA, 8, 'q_proj,down_proj', BF16, true",
    "small, LORA, 8, '.*layers\\.[12]\\..*v_proj', BF16, true",
    "small, PROMPTING, 0, all-linear, BF16, false",
  })
  void of_aPass_isWhatTheEngineCounts(
      String size, Technique.Kind kind, int rank, String targets, DType dtype, boolean again) {
    DecoderSpec spec = PlanModels.spec(size);
    TargetModules modules = TargetModules.parse(targets);
    StepShape shape =
        new StepShape(
            new Technique(kind, rank), modules, dtype, new StepShape.Batch(3, 0), 600, 1, again, 1);
    TreeMap<Integer, Long> lengths = new TreeMap<>();
    Arrays.stream(LENGTHS).forEach(length -> lengths.merge(length, 1L, Long::sum));
    double learnt = (double) LEARNT * LENGTHS.length;
    ExecutedFlops flops =
        ExecutedFlops.of(spec, shape, new TokenLoad(lengths, learnt, "test"), LAYOUT);
    assertThat(flops.total()).isEqualTo(counted(spec, shape));
  }

  private static double counted(DecoderSpec spec, StepShape shape) {
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
        model.losses(pass());
      } else {
        model.accumulate(pass(), 1, 0);
      }
      return Work.flops(before, Work.mark());
    }
  }

  private static PackedTokens pass() {
    List<PackedTokens> parts = new ArrayList<>();
    for (int length : LENGTHS) {
      boolean[] learnt = new boolean[length];
      Arrays.fill(learnt, length - LEARNT, length, true);
      parts.add(PackedTokens.single(new int[length], learnt));
    }
    return PackedTokens.concat(parts);
  }
}
