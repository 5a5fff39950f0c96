package dev.graft.format;

import dev.graft.engine.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Stored files and values of tensors, for the tests of this package. */
final class FormatFiles {
  private FormatFiles() {}

  /** A file beside this class in the test resources. */
  static Path resource(String name) {
    var url = FormatFiles.class.getResource(name);
    if (url == null) {
      throw new IllegalStateException("no test resource " + name);
    }
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All elements as floats, after a conversion to {@code target}. */
  static float[] values(StoredTensor tensor, DType target) {
    int count = Math.toIntExact(tensor.elements());
    MemorySegment out = Arena.ofAuto().allocate((long) count * target.bytes());
    tensor.copyTo(out, target);
    float[] values = new float[count];
    Elements.plain(out, target).read(0, count, values, 0);
    return values;
  }
}
