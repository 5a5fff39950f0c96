package dev.graft;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Facts about this build of Graft. */
public final class Graft {
  private Graft() {}

  /** Its version. */
  public static String version() {
    Properties properties = new Properties();
    try (InputStream in = Graft.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      return "unknown";
    }
    return properties.getProperty("version", "unknown");
  }
}
