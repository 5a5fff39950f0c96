package dev.graft.hub;

import dev.graft.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the Hub and the cache are.
 *
 * @param endpoint the server, without a slash at its end
 * @param cache the folder of the cache, that Python's huggingface_hub shares
 * @param token sent to the endpoint and to no other server; null where there is none
 * @param offline whether only the cache may be read
 * @param patience how long to wait for a broken or busy server
 */
public record HubConfig(
    URI endpoint, Path cache, @Nullable String token, boolean offline, Patience patience) {

  /**
   * How long to wait.
   *
   * @param attempts how often a request is made in all while nothing comes through
   * @param firstPause the pause after the first failure; it doubles each time
   * @param longestPause the longest pause, also where the server asks for a longer one
   * @param silence how long a connection may give nothing
   */
  public record Patience(
      int attempts, Duration firstPause, Duration longestPause, Duration silence) {
    /** For use over the internet. */
    public static final Patience USUAL =
        new Patience(6, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(30));
  }

  /**
   * Reads the variables of Hugging Face's tools: {@code HF_ENDPOINT}, {@code HF_HUB_CACHE}, {@code
   * HF_HOME}, {@code XDG_CACHE_HOME}, {@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code
   * HF_HUB_OFFLINE}.
   *
   * @param environment as {@link System#getenv()} gives it
   * @throws InputException where a variable makes no sense
   */
  public static HubConfig fromEnvironment(Map<String, String> environment) {
    Path home = home(environment);
    String cache = value(environment, "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE");
    return new HubConfig(
        endpoint(environment),
        cache == null ? home.resolve("hub") : path(environment, cache),
        token(environment, home),
        flag(environment, "HF_HUB_OFFLINE"),
        Patience.USUAL);
  }

  private static Path home(Map<String, String> environment) {
    String home = value(environment, "HF_HOME");
    if (home != null) {
      return path(environment, home);
    }
    String caches = value(environment, "XDG_CACHE_HOME");
    Path base = path(environment, caches == null ? "~/.cache" : caches);
    return base.resolve("huggingface");
  }

  private static URI endpoint(Map<String, String> environment) {
    String text = value(environment, "HF_ENDPOINT");
    text = text == null ? "https://huggingface.co" : text.replaceAll("/+$", "");
    try {
      URI uri = URI.create(text);
      String scheme = uri.getScheme();
      if (("https".equals(scheme) || "http".equals(scheme)) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new InputException("HF_ENDPOINT: not an address: " + text, e);
    }
    throw new InputException("HF_ENDPOINT: must begin with https:// and name a host: " + text);
  }

  private static @Nullable String token(Map<String, String> environment, Path home) {
    String token = value(environment, "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
    String from = "HF_TOKEN";
    if (token == null) {
      String file = value(environment, "HF_TOKEN_PATH");
      Path path = file == null ? home.resolve("token") : path(environment, file);
      from = path.toString();
      try {
        token = Files.isRegularFile(path) ? Files.readString(path).strip() : "";
      } catch (IOException e) {
        throw InputException.in(path, "the token cannot be read", e);
      }
    }
    if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new InputException(from + ": a token has no spaces and no special characters");
    }
    return token.isEmpty() ? null : token;
  }

  private static boolean flag(Map<String, String> environment, String name) {
    String value = value(environment, name);
    return value != null
        && Set.of("1", "true", "yes", "on").contains(value.toLowerCase(Locale.ROOT));
  }

  private static @Nullable String value(Map<String, String> environment, String... names) {
    for (String name : names) {
      String value = environment.get(name);
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    return null;
  }

  private static Path path(Map<String, String> environment, String text) {
    String user = value(environment, "HOME", "USERPROFILE");
    if (user == null) {
      user = System.getProperty("user.home", ".");
    }
    return text.equals("~") || text.startsWith("~/")
        ? Path.of(user + text.substring(1))
        : Path.of(text);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "HubConfig[" + endpoint + ", " + cache + (offline ? ", offline]" : "]");
  }
}
