package dev.graft.data.read;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Ends the reading where one row takes more bytes than any may. */
final class RowLimit extends FilterInputStream {
  /** A row is longer than the limit. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private long left;

  RowLimit(InputStream in) {
    super(in);
    nextRow();
  }

  /** A new row may begin here. */
  void nextRow() {
    left = StrictJson.LONGEST_ROW;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left <= 0) {
      throw new TooLong();
    }
    int read = super.read(bytes, offset, length);
    left -= Math.max(read, 0);
    return read;
  }
}
