package dev.graft.hub;

import dev.graft.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Requests to the Hub: redirects followed by hand, failures that pass tried again. */
final class Http implements AutoCloseable {
  private static final int MAX_REDIRECTS = 10;

  private final HubConfig config;
  private final HttpClient client;

  Http(HubConfig config) {
    this.config = config;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(config.patience().silence())
            .build();
  }

  /**
   * An answer whose body is still to be read.
   *
   * @param uri where the answer came from, after redirects
   */
  record Answer(URI uri, int status, HttpHeaders headers, InputStream body)
      implements AutoCloseable {
    @Nullable String header(String name) {
      return headers.firstValue(name).orElse(null);
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  /** The server is busy or broken; {@code pause} is how long it asks to be left alone. */
  static final class Busy extends IOException {
    private static final long serialVersionUID = 1L;
    private final @Nullable Duration pause;

    Busy(int status, @Nullable Duration pause) {
      super("the server answers " + status);
      this.pause = pause;
    }
  }

  /** Something that may be tried again after an {@link IOException}. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException;
  }

  /** Measures how far a repeated attempt has come. */
  @FunctionalInterface
  interface Reached {
    long bytes();
  }

  /**
   * Runs the attempt until it succeeds, with growing pauses. Failures count only while nothing new
   * is reached between them.
   */
  <T> T retrying(String what, Reached reached, Attempt<T> attempt) {
    HubConfig.Patience patience = config.patience();
    long before = reached.bytes();
    Duration pause = patience.firstPause();
    int failures = 0;
    while (true) {
      try {
        return attempt.run();
      } catch (IOException e) {
        long now = reached.bytes();
        if (now > before) {
          failures = 0;
          pause = patience.firstPause();
        }
        before = now;
        if (++failures >= patience.attempts()) {
          throw new InputException(
              what
                  + ": "
                  + RepoFiles.firstLine(e)
                  + "; tried "
                  + failures
                  + " times. Try again later, or set HF_HUB_OFFLINE=1 to use the cache only",
              e);
        }
        Duration asked = e instanceof Busy busy ? busy.pause : null;
        sleep(shorter(asked == null ? pause : asked, patience.longestPause()), what);
        pause = pause.multipliedBy(2);
      }
    }
  }

  /**
   * Sends and follows redirects while {@code followElsewhere} or while they stay on the same
   * server.
   */
  Answer send(String method, URI address, @Nullable String range, boolean followElsewhere)
      throws IOException {
    URI uri = address;
    for (int i = 0; i < MAX_REDIRECTS; i++) {
      Answer answer = once(method, uri, range);
      String location = answer.header("Location");
      boolean redirect = answer.status / 100 == 3 && location != null;
      if (!redirect) {
        return checked(answer);
      }
      URI next = target(uri, Objects.requireNonNull(location));
      boolean stop = answer.header("X-Linked-Etag") != null || !isEndpoint(next);
      if (stop && !followElsewhere) {
        return answer;
      }
      answer.close();
      uri = next;
    }
    throw new InputException(address + ": redirected more than " + MAX_REDIRECTS + " times");
  }

  private Answer once(String method, URI uri, @Nullable String range) throws IOException {
    var request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("User-Agent", "graft")
            .header("Accept-Encoding", "identity");
    if (config.token() != null && isEndpoint(uri)) {
      request.header("Authorization", "Bearer " + config.token());
    }
    if (range != null) {
      request.header("Range", range);
    }
    CompletableFuture<HttpResponse<InputStream>> sent =
        client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try {
      var response = sent.get(config.patience().silence().toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(uri, response.statusCode(), response.headers(), response.body());
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw new IOException("the server does not answer", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("no connection to " + uri.getAuthority() + describe(cause), cause);
    } catch (InterruptedException e) {
      sent.cancel(true);
      Thread.currentThread().interrupt();
      throw new InputException(uri + ": interrupted", e);
    }
  }

  private static String describe(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? "" : ": " + RepoFiles.brief(message);
  }

  private static Answer checked(Answer answer) throws IOException {
    int status = answer.status;
    if (status == 429 || status == 408 || status / 100 == 5) {
      answer.close();
      throw new Busy(status, retryAfter(answer.header("Retry-After")));
    }
    return answer;
  }

  /** Seconds only; the header's other form, a date, is left to the usual pause. */
  private static @Nullable Duration retryAfter(@Nullable String header) {
    if (header == null || !header.strip().matches("\\d{1,6}")) {
      return null;
    }
    return Duration.ofSeconds(Long.parseLong(header.strip()));
  }

  private static URI target(URI from, String location) {
    URI next;
    try {
      next = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new InputException(from + ": redirects to no address: " + RepoFiles.brief(location), e);
    }
    String scheme = next.getScheme();
    boolean web = "https".equals(scheme) || ("http".equals(scheme) && !isHttps(from));
    if (!web || next.getHost() == null) {
      throw new InputException(from + ": redirects to " + RepoFiles.brief(next.toString()));
    }
    return next;
  }

  private static boolean isHttps(URI uri) {
    return "https".equals(uri.getScheme());
  }

  /** Whether the address is on the endpoint's server, which alone may see the token. */
  boolean isEndpoint(URI uri) {
    URI endpoint = config.endpoint();
    return endpoint.getScheme().equals(uri.getScheme())
        && endpoint.getHost().equalsIgnoreCase(uri.getHost())
        && port(endpoint) == port(uri);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : isHttps(uri) ? 443 : 80;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static void sleep(Duration pause, String what) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InputException(what + ": interrupted", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
