package dev.graft.format;

/**
 * Undoes the row order of {@code attn_q} and {@code attn_k} in GGUF files of the llama
 * architecture.
 *
 * <p>Of each head, such files put row i of the first half and row i of the second half side by
 * side, so that rotary pairs are neighbours; Hugging Face's weights keep the halves apart.
 *
 * @param stored rows as in the file
 * @param rowLength elements of a row
 * @param headRows rows of a head, even
 */
record RotaryRows(FloatSource stored, long rowLength, long headRows) implements FloatSource {
  @Override
  public void read(long first, int count, float[] into, int at) {
    int done = 0;
    while (done < count) {
      long element = first + done;
      long column = element % rowLength;
      int part = (int) Math.min(count - done, rowLength - column);
      stored.read(storedRow(element / rowLength) * rowLength + column, part, into, at + done);
      done += part;
    }
  }

  private long storedRow(long row) {
    long inHead = row % headRows;
    long half = headRows / 2;
    return row - inHead + inHead % half * 2 + inHead / half;
  }
}
