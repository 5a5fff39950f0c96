package dev.graft.hub;

import dev.graft.InputException;

/** Turns a refusing answer into words. */
final class Refusal {
  private Refusal() {}

  static InputException of(Http.Answer answer, String where) {
    String code = answer.header("X-Error-Code");
    String reason = code == null ? "" : " (" + RepoFiles.brief(code) + ")";
    int status = answer.status();
    return new InputException(
        switch (status) {
          case 401, 403 ->
              where
                  + ": the server answers "
                  + status
                  + reason
                  + ": the model is gated, private or does not exist. Check the name, accept the"
                  + " model's terms on its page, and set HF_TOKEN to a token that may read it";
          case 404 ->
              where + ": not found" + reason + "; check the name, the revision and the file";
          default -> where + ": the server answers " + status + reason;
        });
  }
}
