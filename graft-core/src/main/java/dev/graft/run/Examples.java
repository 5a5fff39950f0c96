package dev.graft.run;

import dev.graft.data.ChatFormat;
import dev.graft.data.ExampleSource;
import dev.graft.data.LossOn;
import dev.graft.data.RowEncoder;
import java.nio.file.Path;
import java.util.Optional;

/** How a model's examples are made. */
final class Examples {
  private Examples() {}

  static RowEncoder encoder(BaseModel base, LossOn lossOn) {
    RowEncoder.SpecialTokens special = new RowEncoder.SpecialTokens(base.bosId(), base.eosId());
    return new RowEncoder(base.tokenizer(), chat(base), special, lossOn);
  }

  /** Says what a length limit costs the examples of a file; nothing where it costs nothing. */
  static void note(Path file, ExampleSource.Loaded loaded, RunListener listener) {
    int cut = loaded.cut();
    if (cut > 0) {
      listener.note(
          file
              + ": "
              + (cut == 1 ? "1 row loses its end" : cut + " rows lose their end")
              + " to --max-length");
    }
    int dropped = loaded.dropped().size();
    if (dropped > 0) {
      listener.note(
          file
              + ": "
              + (dropped == 1 ? "1 row is left out" : dropped + " rows are left out")
              + ", since --max-length cuts off all that is to be learnt (the first is line "
              + loaded.dropped().getFirst()
              + ")");
    }
  }

  static Optional<ChatFormat> chat(BaseModel base) {
    return base.template()
        .map(template -> new ChatFormat(template, base.tokenizer().specialTokens().keySet()));
  }
}
