package dev.graft.hub;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A server on this machine that answers as the Hub does: a listing, small files directly, large
 * ones by a redirect to a second server that knows ranges. What it answers can be bent.
 */
final class FakeHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final String REPO = "acme/tiny";

  /** Headers have names in lower case. */
  record Request(String method, String path, Map<String, String> headers, boolean cdn) {
    String header(String name) {
      return headers.get(name);
    }
  }

  /** The connection is broken after {@code send} bytes of the body, or kept open without a word. */
  record Answer(int status, Map<String, String> headers, byte[] body, int send, boolean stall) {
    static Answer of(int status, String... headers) {
      return new Answer(status, new LinkedHashMap<>(), new byte[0], 0, false).with(headers);
    }

    Answer with(String... more) {
      for (int i = 0; i < more.length; i += 2) {
        headers.put(more[i], more[i + 1]);
      }
      return this;
    }

    Answer body(byte[] bytes) {
      headers.putIfAbsent("Content-Length", "" + bytes.length);
      return new Answer(status, headers, bytes, bytes.length, false);
    }

    Answer breakAfter(int count) {
      return new Answer(status, headers, body, count, false);
    }

    Answer stallAfter(int count) {
      return new Answer(status, headers, body, count, true);
    }
  }

  final Map<String, byte[]> files = new TreeMap<>();
  final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

  /** Asked first; null means the usual answer. */
  volatile Function<Request, Answer> bend = request -> null;

  private final ServerSocket hub = listen();
  private final ServerSocket cdn = listen();

  FakeHub() {
    serve(hub, false);
    serve(cdn, true);
  }

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + hub.getLocalPort());
  }

  URI cdn() {
    return URI.create("http://127.0.0.1:" + cdn.getLocalPort());
  }

  long count(String method, String part) {
    synchronized (requests) {
      return requests.stream()
          .filter(r -> r.method.equals(method) && r.path.contains(part))
          .count();
    }
  }

  static String sha256(byte[] bytes) {
    return digest("SHA-256", bytes);
  }

  static String gitSha(byte[] bytes) {
    var object = new ByteArrayOutputStream();
    object.writeBytes(("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII));
    object.writeBytes(bytes);
    return digest("SHA-1", object.toByteArray());
  }

  private static String digest(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The usual answer. */
  Answer usual(Request request) {
    String listing = "/api/models/" + REPO + "/revision/";
    String resolve = "/" + REPO + "/resolve/" + COMMIT + "/";
    if (!request.cdn && request.path.startsWith(listing)) {
      return Answer.of(200, "X-Repo-Commit", COMMIT).body(listing());
    }
    String name = request.path.substring(request.path.startsWith(resolve) ? resolve.length() : 1);
    byte[] bytes = files.get(name);
    if (bytes == null) {
      return Answer.of(404, "X-Error-Code", "EntryNotFound").body(new byte[0]);
    }
    if (request.cdn) {
      return ranged(request, bytes);
    }
    boolean large = name.endsWith(".safetensors") || name.endsWith(".gguf");
    Answer answer = Answer.of(large ? 302 : 200, "X-Repo-Commit", COMMIT);
    if (!large) {
      return answer.with("ETag", "\"" + gitSha(bytes) + "\"").body(bytes);
    }
    return answer
        .with("X-Linked-Etag", "\"" + sha256(bytes) + "\"", "X-Linked-Size", "" + bytes.length)
        .with("Location", cdn() + "/" + name)
        .body("moved".getBytes(StandardCharsets.US_ASCII));
  }

  private static Answer ranged(Request request, byte[] bytes) {
    String range = request.header("range");
    if (range == null) {
      return Answer.of(200).body(bytes);
    }
    int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    if (from >= bytes.length) {
      return Answer.of(416).body(new byte[0]);
    }
    return Answer.of(
            206, "Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length)
        .body(java.util.Arrays.copyOfRange(bytes, from, bytes.length));
  }

  private byte[] listing() {
    var json =
        new StringBuilder("{\"id\":\"" + REPO + "\",\"sha\":\"" + COMMIT + "\",\"siblings\":[");
    String comma = "";
    for (String name : files.keySet()) {
      json.append(comma).append("{\"rfilename\":\"").append(name).append("\"}");
      comma = ",";
    }
    return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private void serve(ServerSocket server, boolean isCdn) {
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try {
              Socket socket = server.accept();
              Thread.ofVirtual().start(() -> answer(socket, isCdn));
            } catch (IOException e) {
              return;
            }
          }
        });
  }

  private void answer(Socket socket, boolean isCdn) {
    try (socket) {
      Request request = read(socket, isCdn);
      requests.add(request);
      Answer bent = bend.apply(request);
      Answer answer = bent == null ? usual(request) : bent;
      var head = new StringBuilder("HTTP/1.1 " + answer.status + " x\r\nConnection: close\r\n");
      answer.headers.forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
      var out = socket.getOutputStream();
      out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
      if (!request.method.equals("HEAD")) {
        out.write(answer.body, 0, answer.send);
      }
      out.flush();
      if (answer.stall) {
        Thread.sleep(20_000);
      }
    } catch (IOException | InterruptedException e) {
      // The client has gone: it has its reasons.
    }
  }

  private static Request read(Socket socket, boolean isCdn) throws IOException {
    var in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    String[] first = String.valueOf(in.readLine()).split(" ");
    var headers = new TreeMap<String, String>();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Request(first[0], first.length > 1 ? first[1] : "", headers, isCdn);
  }

  @Override
  public void close() throws IOException {
    hub.close();
    cdn.close();
  }
}
