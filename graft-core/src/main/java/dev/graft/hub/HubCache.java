package dev.graft.hub;

import dev.graft.InputException;
import dev.graft.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One repository's folder in the cache, laid out as Hugging Face's "Manage the cache" guide says:
 * {@code blobs/ETAG} holds contents, {@code snapshots/COMMIT/FILE} links to them and {@code
 * refs/REVISION} names a commit.
 */
final class HubCache {
  /** Between threads of this process; the file locks stand between processes. */
  private static final ConcurrentHashMap<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

  private final Path folder;
  private final Path locks;

  HubCache(Path cache, String repo) {
    Path root = cache.toAbsolutePath().normalize();
    String name = "models--" + repo.replace("/", "--");
    this.folder = root.resolve(name);
    this.locks = root.resolve(".locks").resolve(name);
  }

  Path blob(String etag) {
    return folder.resolve("blobs").resolve(etag);
  }

  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  /** The commit that a revision stood for when it was last looked up. */
  @Nullable String commitOf(String revision) {
    Path ref = folder.resolve("refs").resolve(revision);
    try {
      String commit = Files.isRegularFile(ref) ? Files.readString(ref).strip() : revision;
      return RepoListing.isCommit(commit) ? commit : null;
    } catch (IOException e) {
      throw InputException.in(ref, "cannot be read", e);
    }
  }

  void remember(String revision, String commit) {
    if (revision.equals(commit)) {
      return;
    }
    Path ref = folder.resolve("refs").resolve(revision);
    try {
      AtomicFile.writeString(ref, commit);
    } catch (IOException e) {
      throw unwritable(ref, e);
    }
  }

  /** The files of a snapshot, as the repository names them; none where there is no snapshot. */
  Set<String> files(String commit) {
    Path snapshot = snapshot(commit);
    var files = new TreeSet<String>();
    if (!Files.isDirectory(snapshot)) {
      return files;
    }
    try (Stream<Path> all = Files.walk(snapshot, 16)) {
      all.filter(Files::isRegularFile)
          .forEach(f -> files.add(snapshot.relativize(f).toString().replace('\\', '/')));
    } catch (IOException | UncheckedIOException e) {
      throw InputException.in(snapshot, "cannot be read", e);
    }
    return files;
  }

  /** Makes {@code file} of the snapshot stand for the blob; a copy where links are not allowed. */
  void link(String commit, String file, Path blob) {
    Path pointer = snapshot(commit).resolve(file);
    try {
      Path parent = Objects.requireNonNull(pointer.getParent());
      Files.createDirectories(parent);
      Files.deleteIfExists(pointer);
      try {
        Files.createSymbolicLink(pointer, parent.relativize(blob));
      } catch (FileAlreadyExistsException e) {
        // Another process has just made it.
      } catch (UnsupportedOperationException | IOException e) {
        AtomicFile.write(pointer, channel -> copy(blob, channel));
      }
    } catch (IOException e) {
      throw unwritable(pointer, e);
    }
  }

  private static void copy(Path from, FileChannel to) throws IOException {
    try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ)) {
      long at = 0;
      while (at < source.size()) {
        at += source.transferTo(at, source.size() - at, to);
      }
    }
  }

  /** Runs {@code work} while no other thread or process works on the same blob. */
  void locked(String etag, Runnable work) {
    Path file = locks.resolve(etag + ".lock");
    ReentrantLock lock = LOCKS.computeIfAbsent(file, f -> new ReentrantLock());
    lock.lock();
    try {
      Files.createDirectories(locks);
      try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        if (held.isValid()) {
          work.run();
        }
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    } finally {
      lock.unlock();
    }
  }

  static InputException unwritable(Path file, IOException e) {
    return InputException.in(
        file,
        "cannot be written ("
            + RepoFiles.firstLine(e)
            + "); make room, or set HF_HUB_CACHE to another folder. What has come stays, and the"
            + " next run goes on from there",
        e);
  }
}
