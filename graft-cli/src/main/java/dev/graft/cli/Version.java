package dev.graft.cli;

import dev.graft.Graft;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote down. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"graft " + Graft.version()};
  }
}
