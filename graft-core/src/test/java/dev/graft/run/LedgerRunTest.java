package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.config.Method;
import dev.graft.config.Objective;
import dev.graft.config.Precision;
import dev.graft.config.TrainOption;
import dev.graft.config.TrainOptions;
import dev.graft.engine.Work;
import dev.graft.ledger.Ledger;
import dev.graft.ledger.LedgerEntry;
import dev.graft.ledger.LedgerFile;
import dev.graft.ledger.Spent;
import dev.graft.train.Trainer;
import dev.graft.train.log.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What whole runs write about what they spent. */
class LedgerRunTest {
  private static final Path CORPUS = Path.of("src/test/resources/bpe/corpus.txt");

  @TempDir private Path folder;
  private Path model;
  private final List<String> notes = new ArrayList<>();
  private String progress = "";

  private final RunListener listener =
      new RunListener() {
        @Override
        public void progress(String text) {
          progress = text;
        }

        @Override
        public void note(String text) {
          notes.add(text);
        }
      };

  @BeforeEach
  void newModel() throws IOException {
    model = Files.createDirectory(folder.resolve("new"));
    Files.copy(Path.of("src/test/resources/bpe/gpt2.json"), model.resolve("tokenizer.json"));
    Files.writeString(model.resolve("tokenizer_config.json"), "{\"eos_token\": \"<|endoftext|>\"}");
    Files.writeString(
        model.resolve("config.json"),
        """
        {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 900,
         "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
         "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 64,
         "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "initializer_range": 0.05,
         "tie_word_embeddings": true, "hidden_act": "silu", "eos_token_id": 0}
        """);
  }

  /** Four steps of four windows of 64 tokens, evaluated twice. */
  private TrainOptions.Builder pretraining(String output) {
    return TrainOptions.builder()
        .set(TrainOption.OBJECTIVE, Objective.PRETRAIN)
        .set(TrainOption.METHOD, Method.FULL)
        .set(TrainOption.MODEL, model)
        .set(TrainOption.DATA, CORPUS)
        .set(TrainOption.VALID, CORPUS)
        .set(TrainOption.OUTPUT, folder.resolve(output))
        .set(TrainOption.TOKENS, 4L * 4 * 64)
        .set(TrainOption.BATCH_SIZE, 4L)
        .set(TrainOption.MAX_LENGTH, 64L)
        .set(TrainOption.EVAL_EVERY, 2L)
        .set(TrainOption.SAVE_EVERY, 1L)
        .set(TrainOption.KEEP_CHECKPOINTS, 5L)
        .set(TrainOption.PRECISION, Precision.FP32);
  }

  private TrainOptions.Builder tuning(String output, Path base) throws IOException {
    Path rows = folder.resolve("rows.jsonl");
    Files.writeString(rows, "{\"prompt\": \"The old man\", \"completion\": \" and the sea\"}\n");
    return TrainOptions.builder()
        .set(TrainOption.MODEL, base)
        .set(TrainOption.DATA, rows)
        .set(TrainOption.OUTPUT, folder.resolve(output))
        .set(TrainOption.MAX_STEPS, 2L)
        .set(TrainOption.BATCH_SIZE, 1L)
        .set(TrainOption.MAX_LENGTH, 64L)
        .set(TrainOption.RANK, 4L)
        .set(TrainOption.PRECISION, Precision.FP32);
  }

  private TrainRun.Outcome run(TrainOptions.Builder options) throws IOException {
    return run(options, () -> false);
  }

  private TrainRun.Outcome run(TrainOptions.Builder options, BooleanSupplier stop)
      throws IOException {
    return new TrainRun(options.build(), stop, listener).run();
  }

  /** What the metrics say of the steps from one to another. */
  private static double flops(Path run, int from, int to) throws IOException {
    double sum = 0;
    for (Map<String, Object> row : MetricsLog.read(run.resolve("metrics.jsonl"))) {
      int step = ((Number) row.get("step")).intValue();
      if (row.containsKey("loss") && step >= from && step <= to) {
        sum += ((Number) row.get("flops")).doubleValue();
      }
    }
    return sum;
  }

  private static Spent own(Ledger ledger) {
    return ledger.run().orElseThrow().spent();
  }

  @Test
  void ledger_ofARun_holdsWhatTheProcessDid() throws IOException {
    long before = Work.mark();
    TrainRun.Outcome outcome = run(pretraining("run"));
    double flops = Work.flops(before, Work.mark());
    Path path = outcome.folder().path();
    Ledger ledger = LedgerFile.read(path);
    assertThat(ledger.entries()).hasSize(1);
    LedgerEntry.Run run = ledger.run().orElseThrow();
    assertThat(run.kind()).isEqualTo("pretrain");
    assertThat(run.parents()).isEmpty();
    Spent spent = run.spent();
    assertThat(spent.data())
        .isEqualTo(new Spent.Data(4, 16, 4 * 4 * 64, spent.data().learntTokens()));
    assertThat(spent.data().learntTokens()).isEqualTo(outcome.summary().get("trained_tokens"));
    assertThat(spent.flops().total()).isEqualTo(flops).isPositive();
    assertThat(spent.flops().evaluation()).isPositive().isLessThan(flops);
    assertThat(spent.seconds().total())
        .isGreaterThan((double) outcome.summary().get("seconds") + spent.seconds().evaluation());
    assertThat(spent.energy().joules()).isPositive();
    assertThat(spent.sittings()).isEqualTo(1);
    assertThat(spent.lost()).isEqualTo(Spent.Lost.NONE);
    assertThat(LedgerFile.read(path.resolve("model"))).isEqualTo(ledger);
    assertThat(outcome.spent()).hasValue(spent);
    assertThat(outcome.summary()).containsEntry("flops", flops);
    Ledger half = LedgerFile.read(path.resolve("checkpoints/step-00000002.safetensors"));
    assertThat(own(half).data().steps()).isEqualTo(2);
    assertThat(own(half).flops().total())
        .isEqualTo(flops(path, 1, 2) + spent.flops().evaluation() / 2);
    assertThat(flops(path, 1, 4) + spent.flops().evaluation()).isEqualTo(flops);
  }

  @Test
  void ledger_ofAResumedRun_addsUpToThatOfOne() throws IOException {
    Spent whole = own(LedgerFile.read(run(pretraining("whole")).folder().path()));
    TrainRun.Outcome part = run(pretraining("parts"), () -> progress.startsWith("step 3/"));
    assertThat(part.end()).isEqualTo(Trainer.End.INTERRUPTED);
    Ledger first = LedgerFile.read(part.folder().path());
    assertThat(own(first).data().steps()).isEqualTo(3);
    progress = "";
    run(pretraining("parts").set(TrainOption.RESUME, true));
    Ledger both = LedgerFile.read(part.folder().path());
    assertThat(own(both).data()).isEqualTo(whole.data());
    assertThat(own(both).flops()).isEqualTo(whole.flops());
    assertThat(own(both).seconds().total()).isGreaterThan(own(first).seconds().total());
    assertThat(own(both).sittings()).isEqualTo(2);
    assertThat(own(both).lost()).isEqualTo(Spent.Lost.NONE);
    assertThat(both.run().orElseThrow().id()).isEqualTo(first.run().orElseThrow().id());
  }

  @Test
  void ledger_ofARunStoppedInAnEvaluation_countsItsHalf() throws IOException {
    Spent whole = own(LedgerFile.read(run(pretraining("whole")).folder().path()));
    progress = "";
    AtomicInteger asked = new AtomicInteger();
    BooleanSupplier stop = () -> progress.startsWith("step 2/") && asked.incrementAndGet() > 3;
    TrainRun.Outcome part = run(pretraining("parts"), stop);
    Spent first = own(LedgerFile.read(part.folder().path()));
    assertThat(first.flops().evaluation()).isPositive();
    run(pretraining("parts").set(TrainOption.RESUME, true));
    Spent both = own(LedgerFile.read(part.folder().path()));
    assertThat(both.flops().evaluation())
        .isEqualTo(first.flops().evaluation() + whole.flops().evaluation());
    assertThat(both.data()).isEqualTo(whole.data());
  }

  @Test
  void ledger_ofAKilledRun_countsWhatWasLostApart() throws IOException {
    TrainRun.Outcome whole = run(pretraining("run"));
    Path path = whole.folder().path();
    Spent once = own(LedgerFile.read(path));
    // As after a kill behind step 4: nothing is saved of the last two steps but their metrics.
    Files.delete(path.resolve("checkpoints/step-00000003.safetensors"));
    Files.delete(path.resolve("checkpoints/step-00000004.safetensors"));
    run(pretraining("run").set(TrainOption.RESUME, true));
    Spent again = own(LedgerFile.read(path));
    assertThat(again.data()).isEqualTo(once.data());
    assertThat(again.flops()).isEqualTo(once.flops());
    assertThat(again.lost().steps()).isEqualTo(2);
    assertThat(again.lost().tokens()).isEqualTo(2 * 4 * 64);
    assertThat(again.lost().flops()).isEqualTo(flops(path, 3, 4));
    // Killed once more, before it could save: the first loss is not forgotten.
    for (String step : List.of("3", "4")) {
      Files.delete(path.resolve("checkpoints/step-0000000" + step + ".safetensors"));
    }
    run(pretraining("run").set(TrainOption.RESUME, true));
    assertThat(own(LedgerFile.read(path)).lost().steps()).isEqualTo(4);
    assertThat(own(LedgerFile.read(path)).flops()).isEqualTo(once.flops());
  }

  @Test
  void ledger_ofAChain_addsUp() throws IOException {
    Path made = run(pretraining("pretrain")).folder().path();
    Ledger first = LedgerFile.read(made);
    Path tuned = run(tuning("tune", made.resolve("model"))).folder().path().resolve("adapter");
    Ledger second = LedgerFile.read(tuned);
    assertThat(second.entries()).hasSize(2).startsWith(first.entries().getFirst());
    LedgerEntry.Run run = second.run().orElseThrow();
    assertThat(run.kind()).isEqualTo("sft");
    assertThat(run.method()).isEqualTo("lora");
    assertThat(run.parents()).containsExactly(first.entries().getFirst().id());
    assertThat(second.total().flops().total())
        .isEqualTo(own(first).flops().total() + own(second).flops().total());
    Ledger third =
        LedgerFile.read(
            run(tuning("on", made.resolve("model")).set(TrainOption.ADAPTER, tuned))
                .folder()
                .path());
    assertThat(third.entries()).hasSize(3).startsWith(second.entries().toArray(LedgerEntry[]::new));
    assertThat(third.run().orElseThrow().parents()).containsExactly(run.id());
    assertThat(third.isIncomplete()).isFalse();
  }

  @Test
  void ledger_onABaseWithoutOne_saysThatItsCostIsNotKnown() throws IOException {
    Path made = run(pretraining("pretrain")).folder().path().resolve("model");
    Files.writeString(made.resolve("ledger.json"), "{\"title\": \"of another kind\"}");
    Ledger beside = LedgerFile.read(run(tuning("tune", made)).folder().path());
    assertThat(notes).anyMatch(note -> note.contains("is no ledger") && note.contains("not known"));
    Files.delete(made.resolve("ledger.json"));
    Ledger without = LedgerFile.read(run(tuning("again", made)).folder().path());
    for (Ledger ledger : List.of(beside, without)) {
      assertThat(ledger.isIncomplete()).isTrue();
      LedgerEntry base = ledger.entries().getFirst();
      assertThat(base).isInstanceOf(LedgerEntry.Unknown.class);
      assertThat(base.model()).isEqualTo(made.toString());
      assertThat(ledger.run().orElseThrow().parents()).containsExactly(base.id());
    }
    assertThat(beside.entries().getFirst()).isEqualTo(without.entries().getFirst());
  }
}
