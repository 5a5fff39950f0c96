package dev.graft.hub;

/** Hears how a download goes on. */
@FunctionalInterface
public interface Progress {
  /** Hears nothing. */
  Progress NONE = (file, done, total) -> {};

  /**
   * Called often while a file comes in.
   *
   * @param file the file's name in the repository
   * @param done bytes that lie on disk
   * @param total bytes of the whole file; {@code done == total} once, when the file is complete
   */
  void at(String file, long done, long total);
}
