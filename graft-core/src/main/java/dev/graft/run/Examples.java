package dev.graft.run;

import dev.graft.data.ChatFormat;
import dev.graft.data.LossOn;
import dev.graft.data.RowEncoder;
import java.util.Optional;

/** How a model's examples are made. */
final class Examples {
  private Examples() {}

  static RowEncoder encoder(BaseModel base, LossOn lossOn) {
    RowEncoder.SpecialTokens special = new RowEncoder.SpecialTokens(base.bosId(), base.eosId());
    return new RowEncoder(base.tokenizer(), chat(base), special, lossOn);
  }

  static Optional<ChatFormat> chat(BaseModel base) {
    return base.template()
        .map(template -> new ChatFormat(template, base.tokenizer().specialTokens().keySet()));
  }
}
