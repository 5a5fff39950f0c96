package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.engine.DType;
import dev.graft.engine.Scope;
import dev.graft.generate.Generator;
import dev.graft.generate.SamplingOptions;
import dev.graft.ledger.Ledger;
import dev.graft.ledger.LedgerEntry;
import dev.graft.ledger.LedgerFile;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The model that comes with Graft is what its card says. */
class GraftMiniTest {
  private static final Path MODEL = Path.of("..", "models", "graft-mini");

  /** Written for this test: in no source that the model was trained on. */
  private static final String TEXT =
      """
      This program reads a list of files and prints the size of each one. If a file can not be \
      opened, it prints a message and goes on with the next. The option -r makes it read the \
      directories below the given one as well.\
      """;

  @Test
  void weights_areAsTheCardSays() {
    try (BaseModel base = BaseModel.open(MODEL.toString(), (file, done, total) -> {})) {
      assertThat(base.spec().parameterCount()).isEqualTo(7_999_744);
      assertThat(base.tokenizer().vocabSize()).isEqualTo(8192);
    }
  }

  @Test
  void loss_ofPlainEnglish_isFarBelowChance() {
    try (BaseModel base = BaseModel.open(MODEL.toString(), (file, done, total) -> {});
        Scope scope = Scope.open();
        Decoder model = base.load(DType.BF16)) {
      int[] ids = base.tokenizer().encode(TEXT).ids();
      boolean[] learnt = new boolean[ids.length];
      Arrays.fill(learnt, 1, ids.length, true);
      double sum = Arrays.stream(model.losses(PackedTokens.single(ids, learnt))).sum();
      double bits = sum / Math.log(2) / TEXT.getBytes(StandardCharsets.UTF_8).length;
      assertThat(bits).isBetween(0.5, 1.6); // chance: 8192 tokens of some 4 bytes, 3.3
    }
  }

  @Test
  void answer_toAQuestion_endsItsTurn() {
    try (BaseModel base = BaseModel.open(MODEL.toString(), (file, done, total) -> {});
        Scope scope = Scope.open();
        Decoder model = base.load(DType.BF16)) {
      String prompt =
          "<|im_start|>user\nSummarise this software package in one line.\n\nThis package contains"
              + " the documentation for the library.<|im_end|>\n<|im_start|>assistant\n";
      Generator.Result result =
          new Generator(model, base.stopIds())
              .generate(
                  base.tokenizer().encode(prompt).ids(), 60, SamplingOptions.GREEDY, id -> true);
      assertThat(result.reason()).isEqualTo(Generator.Reason.END_OF_TURN);
      assertThat(result.ids()).isNotEmpty();
    }
  }

  @Test
  void ledger_tellsWhatItTook() {
    Ledger ledger = LedgerFile.read(MODEL);
    assertThat(ledger.isIncomplete()).isFalse();
    LedgerEntry.Run run = ledger.run().orElseThrow();
    assertThat(run.kind()).isEqualTo("pretrain");
    assertThat(run.spent().data().tokens()).isGreaterThan(20_000_000L);
    assertThat(run.spent().flops().total()).isGreaterThan(1e15);
  }
}
