package dev.graft.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The files that pages are made of. */
final class Assets {
  private static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/";

  private Assets() {}

  /** A file beside this package's classes. */
  static String own(String name) {
    return text(name, Assets.class.getResourceAsStream(name));
  }

  /** A file of the chart library, from its jar. */
  static String uplot(String name) {
    return text(name, Assets.class.getClassLoader().getResourceAsStream(UPLOT + name));
  }

  /** Line ends as browsers see them, which a script's hash depends on. */
  private static String text(String name, @Nullable InputStream stream) {
    if (stream == null) {
      throw new IllegalStateException("there is no " + name + " on the class path");
    }
    try (stream) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return text.replace("\r\n", "\n").replace('\r', '\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
