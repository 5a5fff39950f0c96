package dev.graft.data.view;

/**
 * A token as it is shown.
 *
 * @param index its place in the example, from zero
 * @param id in the vocabulary
 * @param piece the token as the vocabulary writes it (byte-level BPE writes a space as Ġ)
 * @param start UTF-16 index of its first character in the example's text; −1 for an id put around
 *     the text
 * @param text characters that it adds to the text; empty where an earlier token has shown them
 * @param origin where it came from
 * @param special whether it is a special token of the tokenizer
 * @param learnt whether the model learns to write it
 * @param share which of several tokens that share a character it is
 */
public record ShownToken(
    int index,
    int id,
    String piece,
    int start,
    String text,
    Origin origin,
    boolean special,
    boolean learnt,
    Share share) {

  /**
   * Where a token came from.
   *
   * @param message index of the message; −1 for none
   * @param role the message's role; empty for none
   * @param part {@code content}, {@code reasoning}, {@code tool_call}, {@code role}, {@code other};
   *     {@code template} for the markup around messages; {@code prompt}, {@code completion} and
   *     {@code text} for rows without messages; {@code added} for an id put around such a text
   */
  public record Origin(int message, String role, String part) {
    static Origin of(String part) {
      return new Origin(-1, "", part);
    }

    @Override
    public String toString() {
      return message < 0 ? part : message + " " + Visible.line(role) + " " + part;
    }
  }

  /**
   * One of several tokens that share a character.
   *
   * @param number which one, from one
   * @param of how many there are; 1 for a token of whole characters
   */
  public record Share(int number, int of) {
    /** A token of whole characters. */
    public static final Share WHOLE = new Share(1, 1);

    @Override
    public String toString() {
      return of == 1 ? "" : "⟨" + number + "/" + of + "⟩";
    }
  }
}
