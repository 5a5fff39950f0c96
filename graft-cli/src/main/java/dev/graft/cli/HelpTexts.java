package dev.graft.cli;

import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.IParamLabelRenderer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Help in which a switch stands alone, though it may be given a value. */
final class HelpTexts extends Help {
  /** Label of what is shown without one; picocli puts PARAM where a label is empty. */
  static final String NO_LABEL = "NONE";

  HelpTexts(CommandSpec spec, ColorScheme colors) {
    super(spec, colors);
  }

  @Override
  public IParamLabelRenderer parameterLabelRenderer() {
    IParamLabelRenderer usual = super.parameterLabelRenderer();
    return new IParamLabelRenderer() {
      @Override
      public Text renderParameterLabel(ArgSpec arg, Ansi ansi, List<IStyle> styles) {
        return arg.paramLabel().equals(NO_LABEL)
            ? ansi.new Text("")
            : usual.renderParameterLabel(arg, ansi, styles);
      }

      @Override
      public String separator() {
        return usual.separator();
      }
    };
  }
}
