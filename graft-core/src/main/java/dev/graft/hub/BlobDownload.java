package dev.graft.hub;

import dev.graft.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;

/** Fetches one blob into {@code ETAG.incomplete}, going on where an earlier run broke off. */
final class BlobDownload {
  private static final int BUFFER = 1 << 18;

  private final Http http;
  private final URI address;
  private final FileMetadata expected;
  private final Path incomplete;
  private final Job job;

  /**
   * What is fetched and for whom.
   *
   * @param file the file's name in the repository
   * @param where what error messages call it
   * @param silence how long the server may send nothing
   */
  record Job(String file, String where, Duration silence, Progress progress) {}

  BlobDownload(Http http, URI address, FileMetadata expected, Path blob, Job job) {
    this.http = http;
    this.address = address;
    this.expected = expected;
    this.incomplete = blob.resolveSibling(blob.getFileName() + ".incomplete");
    this.job = job;
  }

  /** Leaves the whole, checked content at {@code blob}. */
  void into(Path blob) {
    try {
      Files.createDirectories(Objects.requireNonNull(blob.getParent()));
      checkRoom();
    } catch (IOException e) {
      throw HubCache.unwritable(blob, e);
    }
    fetch();
    if (!isRight()) {
      // What an earlier run left may have been wrong: once more from the start.
      discard();
      fetch();
    }
    if (!isRight()) {
      discard();
      throw new InputException(
          job.where + ": what the server sends does not match its checksum " + expected.etag());
    }
    try {
      Files.move(incomplete, blob, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw HubCache.unwritable(blob, e);
    }
    job.progress.at(job.file, expected.size(), expected.size());
  }

  private void checkRoom() throws IOException {
    long needed = expected.size() - have();
    long room = Files.getFileStore(Objects.requireNonNull(incomplete.getParent())).getUsableSpace();
    // Zero also means that the file system does not tell.
    if (room > 0 && room < needed) {
      throw new IOException("needs " + needed + " bytes, but only " + room + " are free");
    }
  }

  private void fetch() {
    http.retrying(
        job.where,
        this::have,
        () -> {
          if (have() > expected.size()) {
            discard();
          }
          if (have() < expected.size() || expected.size() == 0) {
            attempt();
          }
          return have();
        });
  }

  private void attempt() throws IOException {
    long have = have();
    String range = have > 0 ? "bytes=" + have + "-" : null;
    try (Http.Answer answer = http.send("GET", address, range, true)) {
      if (answer.status() == 416) {
        discard();
        throw new IOException("the server does not know the range asked for");
      }
      if (answer.status() != 200 && answer.status() != 206) {
        refuse(answer);
      }
      checkSameVersion(answer);
      boolean resumes = have > 0 && answer.status() == 206 && startsAt(answer, have);
      if (answer.status() == 206 && !resumes) {
        discard();
        throw new IOException("the server sends another range than was asked for");
      }
      receive(answer, resumes ? have : 0);
    }
  }

  /** Signed addresses on other servers expire: those are asked for again. */
  private void refuse(Http.Answer answer) throws IOException {
    if (!http.isEndpoint(answer.uri())) {
      throw new IOException("the download server answers " + answer.status());
    }
    throw Refusal.of(answer, job.where);
  }

  private void checkSameVersion(Http.Answer answer) {
    String etag = FileMetadata.etag(answer);
    boolean direct = answer.uri().equals(address);
    if (direct && etag != null && !etag.equals(expected.etag())) {
      throw new InputException(
          job.where
              + ": the server now sends another version (ETag "
              + RepoFiles.brief(etag)
              + ")");
    }
  }

  private boolean startsAt(Http.Answer answer, long have) {
    String range = answer.header("Content-Range");
    return range != null
        && range.startsWith("bytes " + have + "-")
        && (range.endsWith("/" + expected.size()) || range.endsWith("/*"));
  }

  private void receive(Http.Answer answer, long from) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long done = from;
    try (var body = new StallGuard(answer.body(), job.silence);
        FileChannel out = open(from)) {
      for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
        done += count;
        if (done > expected.size()) {
          break;
        }
        write(out, ByteBuffer.wrap(buffer, 0, count));
        if (done < expected.size()) {
          job.progress.at(job.file, done, expected.size());
        }
      }
      force(out);
    }
    if (done > expected.size()) {
      discard();
      throw new InputException(
          job.where + ": the server sends more than the " + expected.size() + " bytes it named");
    }
    if (done < expected.size()) {
      throw new IOException(
          "the connection broke off after " + done + " of " + expected.size() + " bytes");
    }
  }

  private FileChannel open(long from) {
    try {
      FileChannel out =
          FileChannel.open(incomplete, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      out.truncate(from).position(from);
      return out;
    } catch (IOException e) {
      throw HubCache.unwritable(incomplete, e);
    }
  }

  private void write(FileChannel out, ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw HubCache.unwritable(incomplete, e);
    }
  }

  private void force(FileChannel out) {
    try {
      out.force(true);
    } catch (IOException e) {
      throw HubCache.unwritable(incomplete, e);
    }
  }

  private boolean isRight() {
    try {
      return Files.size(incomplete) == expected.size()
          && Checksum.matches(incomplete, expected.etag());
    } catch (IOException e) {
      throw InputException.in(incomplete, "cannot be read back", e);
    }
  }

  private long have() {
    try {
      return Files.exists(incomplete) ? Files.size(incomplete) : 0;
    } catch (IOException e) {
      throw InputException.in(incomplete, "cannot be read", e);
    }
  }

  private void discard() {
    try {
      Files.deleteIfExists(incomplete);
    } catch (IOException e) {
      throw HubCache.unwritable(incomplete, e);
    }
  }
}
