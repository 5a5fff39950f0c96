package dev.graft.run;

/** Where a piece of work says what it does; for people, not for programs. */
public interface RunListener {
  /** Where the work stands; each replaces the one before. */
  void progress(String text);

  /** Something worth keeping in sight. */
  void note(String text);

  /** A file that is being downloaded. */
  default void download(String file, long done, long total) {
    String of = total > 0 ? " of " + (total >> 20) + " MiB" : " MiB";
    progress("downloading " + file + ": " + (done >> 20) + of);
  }

  /** Says nothing. */
  RunListener SILENT =
      new RunListener() {
        @Override
        public void progress(String text) {}

        @Override
        public void note(String text) {}
      };
}
