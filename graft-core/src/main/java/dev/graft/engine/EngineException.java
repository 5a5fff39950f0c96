package dev.graft.engine;

/** libtorch refused an operation; the message is its own first line. */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean outOfMemory;

  private EngineException(String message, Throwable cause) {
    super(message, cause);
    this.outOfMemory = message.contains("not enough memory") || message.contains("out of memory");
  }

  /** Whether the machine or the device had no memory left for the operation. */
  public boolean isOutOfMemory() {
    return outOfMemory;
  }

  static EngineException from(RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return new EngineException(end < 0 ? message : message.substring(0, end), e);
  }
}
