package dev.graft.bench;

/** A measurement that cannot be had: a side failed, or the sides did different work. */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BenchException(String message) {
    super(message);
  }
}
