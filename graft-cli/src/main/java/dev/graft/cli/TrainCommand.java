package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.config.Option;
import dev.graft.config.OptionGroup;
import dev.graft.config.OptionTexts;
import dev.graft.config.TrainOption;
import dev.graft.config.TrainOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code graft train}: its flags are the table of {@link TrainOption}. */
@Command(
    description = "Trains an adapter, or all weights, of a model on your examples.",
    customSynopsis = "graft train [OPTION...] [RUN.yaml]",
    sortOptions = false,
    footer = {
      "",
      "Flags win over the file of options, the file over the defaults.",
      "Ctrl-C saves at the next step and ends; a second one ends at once.",
      "",
      "Example: graft train --model models/smol --data train.jsonl --output runs/first",
    })
final class TrainCommand implements Callable<Integer> {
  static final String NAME = "train";

  private final TrainRunner runner;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN.yaml",
      description = "File of options, one 'key: value' a line.")
  private @Nullable Path file;

  @picocli.CommandLine.Option(
      names = "--json",
      description = "Print the result as JSON on standard output.")
  private boolean json;

  @picocli.CommandLine.Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  @picocli.CommandLine.Option(
      names = "--json-schema",
      description = "Print the JSON schema of a file of options and exit.")
  private boolean jsonSchema;

  private TrainCommand(TrainRunner runner) {
    this.runner = runner;
  }

  /** The command with a flag for each option of the table. */
  static CommandSpec spec(TrainRunner runner) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(new TrainCommand(runner));
    int order = 0;
    for (OptionGroup group : OptionGroup.values()) {
      ArgGroupSpec.Builder args =
          ArgGroupSpec.builder()
              .validate(false)
              .order(order++)
              .heading("%n" + group.title() + ":%n");
      for (Option<?> option : TrainOption.all()) {
        if (option.group() == group) {
          args.addArg(flag(option));
          if (option.type().isSwitch()) {
            spec.addOption(negation(option));
          }
        }
      }
      spec.addArgGroup(args.build());
    }
    return spec;
  }

  private static OptionSpec flag(Option<?> option) {
    String initial = option.initialText();
    OptionSpec.Builder flag = OptionSpec.builder("--" + option.key());
    if (option.type().isSwitch()) {
      String on = initial.equals("true") ? " (on; --no-" + option.key() + " turns it off)." : ".";
      return flag.type(Boolean.class)
          .arity("0..1")
          .hideParamSyntax(true)
          .paramLabel(HelpTexts.NO_LABEL)
          .description(option.help() + on)
          .build();
    }
    return flag.type(String.class)
        .paramLabel(option.type().label())
        .description(option.help() + (initial.isEmpty() ? "." : " (" + initial + ")."))
        .build();
  }

  private static OptionSpec negation(Option<?> option) {
    return OptionSpec.builder("--no-" + option.key()).hidden(true).type(boolean.class).build();
  }

  @Override
  public Integer call() throws Exception {
    if (jsonSchema) {
      spec.commandLine().getOut().print(OptionTexts.jsonSchema());
      return ExitCode.OK;
    }
    TrainOptions options = options();
    try (ProgressLine progress = ProgressLine.onStandardError(quiet);
        Interrupts interrupts = Interrupts.install(progress::message)) {
      runner.run(
          new TrainRunner.Job(
              options, interrupts::requested, progress, spec.commandLine().getOut(), json));
      return interrupts.requested() ? ExitCode.INTERRUPTED : ExitCode.OK;
    }
  }

  private TrainOptions options() {
    TrainOptions.Builder builder = TrainOptions.builder();
    if (file != null) {
      builder.file(file);
    }
    ParseResult parsed = spec.commandLine().getParseResult();
    for (Option<?> option : TrainOption.all()) {
      String flag = "--" + option.key();
      String negation = "--no-" + option.key();
      refuseRepeated(parsed, flag, negation);
      if (parsed.hasMatchedOption(negation)) {
        builder.flag(option, "false");
      } else if (parsed.hasMatchedOption(flag)) {
        builder.flag(option, String.valueOf((Object) parsed.matchedOptionValue(flag, "")));
      }
    }
    return builder.build();
  }

  /** picocli itself lets options in groups be repeated, and takes one of the values. */
  private static void refuseRepeated(ParseResult parsed, String flag, String negation) {
    long times =
        parsed.originalArgs().stream()
            .filter(arg -> arg.equals(flag) || arg.startsWith(flag + "=") || arg.equals(negation))
            .count();
    if (times > 1) {
      throw new InputException(flag + ": is given " + times + " times");
    }
  }
}
