package dev.graft.hub;

import dev.graft.InputException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code /api/models/REPO/revision/REVISION} answers.
 *
 * @param commit 40 hexadecimal digits
 * @param files the repository's files, relative to its top; names that could lead elsewhere are
 *     left out
 */
record RepoListing(String commit, Set<String> files) {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final int MAX_FILES = 200_000;

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /**
   * Reads an answer of the server.
   *
   * @param where what error messages call the answer
   */
  static RepoListing parse(byte[] json, String where) {
    JsonNode root;
    try {
      root = JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      throw new InputException(where + ": the answer is not JSON: " + RepoFiles.firstLine(e), e);
    }
    JsonNode sha = root.path("sha");
    if (!sha.isString() || !isCommit(sha.asString())) {
      throw new InputException(where + ": the answer names no commit");
    }
    JsonNode siblings = root.path("siblings");
    if (!siblings.isArray() || siblings.size() > MAX_FILES) {
      throw new InputException(where + ": the answer lists no files");
    }
    var files = new TreeSet<String>();
    for (JsonNode sibling : siblings) {
      JsonNode name = sibling.path("rfilename");
      if (!name.isString()) {
        throw new InputException(
            where + ": the answer lists no file name: " + RepoFiles.brief(sibling.toString()));
      }
      if (SafePath.isSafe(name.asString())) {
        files.add(name.asString());
      }
    }
    return new RepoListing(sha.asString(), files);
  }
}
