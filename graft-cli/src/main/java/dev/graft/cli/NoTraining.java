package dev.graft.cli;

import dev.graft.InputException;

/** Stands where the library's training goes. */
final class NoTraining implements TrainRunner {
  @Override
  public void run(Job job) {
    throw new InputException("this build cannot train");
  }
}
