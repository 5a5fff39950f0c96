package dev.graft.data.write;

import dev.graft.data.DataFormat;
import java.util.List;

/** The columns of each layout where a table holds it. */
final class TableColumns {
  private TableColumns() {}

  static List<String> of(DataFormat format) {
    return switch (format) {
      case MESSAGES -> List.of("messages", "tools");
      case SHAREGPT -> List.of("conversations", "tools");
      case ALPACA -> List.of("instruction", "input", "output", "system", "history");
      case PROMPT_COMPLETION -> List.of("prompt", "completion");
      case TEXT -> List.of("text");
      case PREFERENCE -> List.of("prompt", "chosen", "rejected", "tools");
      case FEEDBACK -> List.of("prompt", "completion", "label", "tools");
    };
  }
}
