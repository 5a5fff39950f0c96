package dev.graft.format;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The named tensors of a model or of an adapter, in one file or several.
 *
 * <p>Reading is safe from several threads. After {@link #close()} neither this object nor a tensor
 * it gave may be used.
 */
public interface Weights extends AutoCloseable {
  /** The file, or the folder of several files. */
  Path source();

  /** Names of all tensors in the order of the file. */
  List<String> names();

  boolean contains(String name);

  /**
   * The tensor of that name.
   *
   * @throws dev.graft.InputException when there is none, or when its type is not supported
   */
  StoredTensor get(String name);

  /** Textual metadata of the file; empty when it has none. */
  Map<String, String> metadata();

  /** Lets the memory of what was read so far go; what is read again comes from the files again. */
  void release();

  /** Gives the mapped files back. */
  @Override
  void close();
}
