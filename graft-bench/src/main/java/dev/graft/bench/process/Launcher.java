package dev.graft.bench.process;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where Graft's own launcher and the peers' scripts are.
 *
 * @param home folder of the project; the launcher of this program tells it
 */
public record Launcher(Path home) {
  private static final String HOME = "graft.bench.home";

  /**
   * The project that this program belongs to.
   *
   * @throws InputException where the program was not started by its launcher
   */
  public static Launcher find() {
    Path home = Path.of(System.getProperty(HOME, ".")).toAbsolutePath().normalize();
    if (!Files.isExecutable(home.resolve("graft"))) {
      throw InputException.in(home, "has no launcher of Graft; start graft-bench/bench");
    }
    return new Launcher(home);
  }

  /** The command {@code graft}. */
  public Path graft() {
    return home.resolve("graft");
  }

  /** The file of the options that Graft's JVM runs with. */
  public Path options() {
    return home.resolve("graft-cli").resolve("jvm.options");
  }

  /** A peer's script. */
  public Path peer(String script) {
    return home.resolve("graft-bench").resolve("peers").resolve(script);
  }

  /** Builds Graft where it is not built, so that no measured run does. */
  public void build(Path log) throws IOException {
    ChildProcess.run("graft", List.of(graft().toString(), "--version"), log);
  }
}
