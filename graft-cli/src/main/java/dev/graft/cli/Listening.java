package dev.graft.cli;

import dev.graft.run.RunListener;

/** What the library says, on the progress line. */
record Listening(ProgressLine line) implements RunListener {
  @Override
  public void progress(String text) {
    line.update(text);
  }

  @Override
  public void note(String text) {
    line.message(text);
  }
}
