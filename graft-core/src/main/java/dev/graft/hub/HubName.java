package dev.graft.hub;

import dev.graft.InputException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A name on the Hub: {@code owner/name}, {@code owner/name@revision} or {@code
 * owner/name/file.gguf@revision}.
 *
 * @param repo {@code owner/name}
 * @param revision a branch, a tag or a commit; {@code main} where none is named
 * @param file one GGUF file of the repository, or null for the model as a whole
 */
public record HubName(String repo, String revision, @Nullable String file) {
  private static final String PART = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
  private static final Pattern NAME =
      Pattern.compile("(" + PART + "/" + PART + ")((?:/[^/@\\s]+)*\\.gguf)?(?:@(\\S+))?");

  /** The name that {@code text} writes, or nothing where it cannot be one. */
  public static Optional<HubName> parse(String text) {
    Matcher matcher = NAME.matcher(text);
    if (!matcher.matches() || text.contains("..") || text.contains("--")) {
      return Optional.empty();
    }
    String file = matcher.group(2) == null ? null : matcher.group(2).substring(1);
    String revision = matcher.group(3) == null ? "main" : matcher.group(3);
    boolean safe = SafePath.isSafe(revision) && (file == null || SafePath.isSafe(file));
    return safe ? Optional.of(new HubName(matcher.group(1), revision, file)) : Optional.empty();
  }

  static HubName require(String text) {
    return parse(text)
        .orElseThrow(() ->
            new InputException(
                text
                    + ": not a name on the Hub; write owner/name, owner/name@revision or"
                    + " owner/name/file.gguf"));
  }

  @Override
  public String toString() {
    return repo
        + (file == null ? "" : "/" + file)
        + (revision.equals("main") ? "" : "@" + revision);
  }
}
