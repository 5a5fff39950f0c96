package dev.graft.config;

/**
 * A value that an option does not take; whoever knows where it came from makes an {@code
 * InputException} of it.
 */
final class BadValueException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * A reason that goes without the option's name.
   *
   * @param what goes on after the option's name, as in {@code must be true or false, not 'x'}
   */
  BadValueException(String what) {
    super(what, null, false, false);
  }

  /** The usual form: what is allowed, and what was found instead. */
  static BadValueException mustBe(String allowed, String found) {
    return new BadValueException("must be " + allowed + ", not " + Shown.quoted(found));
  }

  String what() {
    return String.valueOf(getMessage());
  }
}
