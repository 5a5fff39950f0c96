package dev.graft.text.template;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variable {@code self}: the template's blocks as functions. */
record SelfBlocks(Executor executor, Map<String, Stmt.Block> blocks) implements Value.Host {
  @Override
  public @Nullable Value attribute(Context context, String name) {
    Stmt.Block block = blocks.get(name);
    return block == null
        ? null
        : new Functions.Function(name, (c, arguments) -> executor.block(block));
  }

  @Override
  public boolean callable() {
    return false;
  }

  @Override
  public String typeName() {
    return "TemplateReference";
  }

  @Override
  public String display() {
    return "<TemplateReference None>";
  }
}
