package dev.graft.run;

import dev.graft.data.ChatFormat;
import dev.graft.data.ExampleSource;
import dev.graft.data.LossOn;
import java.util.Optional;

/** How a model's examples are made. */
final class Examples {
  private Examples() {}

  static ExampleSource source(BaseModel base, LossOn lossOn, int maxLength) {
    ExampleSource.SpecialTokens special =
        new ExampleSource.SpecialTokens(base.bosId(), base.eosId());
    return new ExampleSource(base.tokenizer(), chat(base), special, lossOn, maxLength);
  }

  static Optional<ChatFormat> chat(BaseModel base) {
    return base.template()
        .map(template -> new ChatFormat(template, base.tokenizer().specialTokens().keySet()));
  }
}
