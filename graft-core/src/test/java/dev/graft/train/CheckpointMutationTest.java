package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.adapter.LoraSpec;
import dev.graft.data.EpochOrder.Cursor;
import dev.graft.data.Example;
import dev.graft.data.MicroBatches;
import dev.graft.engine.DType;
import dev.graft.engine.Random;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.ledger.Ledger;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import dev.graft.model.TinyDecoders;
import dev.graft.testing.MutationRun;
import dev.graft.testing.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged and hostile checkpoints: a run goes on exactly where it was, or not at all. */
class CheckpointMutationTest {
  private static final TrainState GOOD = new TrainState(4, new Cursor(1, 1), 40, 20, 2, 3, 4, 0, 4);

  @TempDir Path folder;
  private Scope scope;
  private Decoder model;
  private Parameters parameters;
  private Trainer trainer;
  private Path file;

  @BeforeEach
  void writeCheckpoint() {
    scope = Scope.open();
    model = TinyDecoders.make(TinyDecoders.spec(true, false, false, 0), DType.F32, 3);
    model.attach(LoraSpec.allLinear(2, 4).resolve(model.adaptableModules()), 0);
    parameters = model.trainAdapter();
    Random.normalInPlace(parameters.values(), 0, 0.1, 5);
    LearningRateSchedule schedule =
        new LearningRateSchedule(LearningRateSchedule.Shape.LINEAR, 1e-2, 2, 8);
    TrainPlan plan =
        new TrainPlan(8, 1, new MicroBatches(1, 0, true), schedule, 0, 1, 7, 0, 0, 1, 0);
    PackedTokens tokens =
        PackedTokens.single(new int[] {1, 2, 3}, new boolean[] {false, true, true});
    List<Example> examples = List.of(new Example(1, tokens, false), new Example(2, tokens, false));
    trainer =
        new Trainer(
            model,
            parameters,
            plan,
            new Trainer.TrainData(examples, List.of()),
            folder,
            "id",
            new TrainObserver() {});
    file = new Checkpoints(folder, 1).file(4);
    write(GOOD);
  }

  @AfterEach
  void close() {
    trainer.close();
    model.close();
    scope.close();
  }

  private void write(TrainState state) {
    Tensor values = parameters.values();
    Checkpoint.write(
        file, state, Ledger.EMPTY, new Checkpoint.Tensors(values, values, values), "id");
  }

  @Test
  void resume_mutations_goOnExactlyOrAreRefused() throws IOException {
    byte[] seed = Files.readAllBytes(file);
    float[] values = parameters.values().toFloats();
    MutationRun.run(
        random -> mutate(seed, random),
        input -> {
          Files.write(file, input);
          assertThat(trainer.resume()).isTrue();
          assertThat(trainer.state()).isEqualTo(GOOD);
          assertThat(parameters.values().toFloats()).isEqualTo(values);
        });
  }

  /** Mostly in the header, of which changes to white space and the like may do no harm. */
  private static byte[] mutate(byte[] seed, RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0 -> Mutations.mutate(seed, random);
      case 1 -> seed.clone();
      default -> Mutations.mutateHead(seed, 1000, random);
    };
  }

  static Stream<TrainState> impossible() {
    return Stream.of(
        new TrainState(-1, new Cursor(1, 1), 40, 20, 2, 3, 4, 0, 4),
        new TrainState(4, new Cursor(-1, 1), 40, 20, 2, 3, 4, 0, 4),
        new TrainState(4, new Cursor(1, -1), 40, 20, 2, 3, 4, 0, 4),
        new TrainState(4, new Cursor(1, 2), 40, 20, 2, 3, 4, 0, 4),
        new TrainState(4, new Cursor(1, Integer.MAX_VALUE), 40, 20, 2, 3, 4, 0, 4),
        new TrainState(4, new Cursor(1, 1), -40, 20, 2, 3, 4, 0, 4),
        new TrainState(4, new Cursor(1, 1), 40, 50, 2, 3, 4, 0, 4),
        new TrainState(4, new Cursor(1, 1), 40, 20, Double.NaN, 3, 4, 0, 4),
        new TrainState(4, new Cursor(1, 1), 40, 20, 2, Double.NaN, 4, 0, 4),
        new TrainState(4, new Cursor(1, 1), 40, 20, 2, 3, 5, 0, 4),
        new TrainState(4, new Cursor(1, 1), 40, 20, 2, 3, 4, -1, 4),
        new TrainState(4, new Cursor(1, 1), 40, 20, 2, 3, 4, 0, 5));
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void resume_stateThatCannotBe_isRefused(TrainState state) {
    write(state);
    assertThatThrownBy(trainer::resume)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": is damaged");
    assertThat(trainer.state()).isEqualTo(TrainState.START);
  }
}
