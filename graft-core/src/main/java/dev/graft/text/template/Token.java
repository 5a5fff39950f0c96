package dev.graft.text.template;

import org.jspecify.annotations.Nullable;

/**
 * A token of a template.
 *
 * @param text the name or sign, or the template data
 * @param value the value of a literal
 */
record Token(Kind kind, String text, @Nullable Value value, int line) {
  enum Kind {
    DATA,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    NUMBER,
    SIGN,
    END
  }

  boolean isSign(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  String describe() {
    return switch (kind) {
      case END -> "the end of the template";
      case BLOCK_END -> "'%}'";
      case VARIABLE_END -> "'}}'";
      case DATA -> "template text";
      default -> "'" + text + "'";
    };
  }
}
