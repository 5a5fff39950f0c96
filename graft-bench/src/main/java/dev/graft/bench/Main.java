package dev.graft.bench;

import dev.graft.bench.autograd.AutogradCommand;
import dev.graft.bench.generate.GenerateCommand;
import dev.graft.bench.generate.GraftProbe;
import dev.graft.bench.generate.LlamaProbe;
import dev.graft.bench.memory.MemoryCommand;
import dev.graft.bench.plan.PlanCommand;
import dev.graft.bench.plan.PlanProbe;
import dev.graft.bench.products.ProductsCommand;
import dev.graft.bench.train.TrainCommand;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code bench}. */
@Command(
    name = "bench",
    description = "Measures Graft beside its peers.",
    subcommands = {
      TrainCommand.class,
      GenerateCommand.class,
      MemoryCommand.class,
      PlanCommand.class,
      AutogradCommand.class,
      ProductsCommand.class,
      GraftProbe.class,
      PlanProbe.class,
      LlamaProbe.class
    })
public final class Main {
  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args, writer(System.out), writer(System.err)));
  }

  /** Runs the command line: 0 for success, 1 when a run failed, 2 for wrong input. */
  public static int run(String[] args, PrintWriter out, PrintWriter err) {
    Failures failures = new Failures();
    CommandLine line =
        new CommandLine(new Main())
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(failures)
            .setExecutionExceptionHandler(failures);
    if (args.length == 0) {
      line.usage(err);
      return Failures.BAD_INPUT;
    }
    return line.execute(args);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }
}
