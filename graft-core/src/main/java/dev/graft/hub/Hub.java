package dev.graft.hub;

import dev.graft.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Turns a name on the Hugging Face Hub into files on this machine.
 *
 * <p>Files are kept in the standard cache, so what Python's huggingface_hub has fetched is found
 * and the other way round. Contents are checked against the size and the checksum that the server
 * names before they get their place.
 */
public final class Hub {
  /** Listings and the indexes of shards are far smaller. */
  private static final int MAX_JSON = 64 << 20;

  private final HubName name;
  private final HubConfig config;
  private final HubCache cache;
  private final Progress progress;
  private final Http http;

  private Hub(HubName name, HubConfig config, Progress progress, Http http) {
    this.name = name;
    this.config = config;
    this.cache = new HubCache(config.cache(), name.repo());
    this.progress = progress;
    this.http = http;
  }

  /**
   * Fetches what is missing and returns the folder of the model's files, or the path of the one
   * file where {@code name} ends with {@code .gguf}.
   *
   * @param name {@code owner/name}, {@code owner/name@revision} or {@code owner/name/file.gguf}
   * @throws InputException where the model does not exist, may not be read or cannot be fetched
   */
  public static Path resolve(String name, HubConfig config, Progress progress) {
    HubName parsed = HubName.require(name);
    try (var http = new Http(config)) {
      var hub = new Hub(parsed, config, progress, http);
      return config.offline() ? hub.fromCache() : hub.fromServer();
    }
  }

  /**
   * As {@link #resolve}, but without the weights: configuration, tokenizer and templates alone.
   *
   * @param name {@code owner/name} or {@code owner/name@revision}
   * @throws InputException where the model does not exist, may not be read or cannot be fetched
   */
  public static Path resolveDescription(String name, HubConfig config, Progress progress) {
    HubName parsed = HubName.require(name);
    try (var http = new Http(config)) {
      var hub = new Hub(parsed, config, progress, http);
      if (parsed.file() != null) {
        return config.offline() ? hub.fromCache() : hub.fromServer();
      }
      return hub.description();
    }
  }

  private Path description() {
    if (config.offline()) {
      String known = cache.commitOf(name.revision());
      if (known == null || !cache.files(known).contains("config.json")) {
        throw new InputException(
            name
                + ": is not in the cache "
                + config.cache()
                + ", and HF_HUB_OFFLINE forbids"
                + " fetching it; unset it once");
      }
      return place(known);
    }
    RepoListing listing = listing();
    RepoFiles.small(listing.files()).forEach(file -> fetch(listing.commit(), file));
    cache.remember(name.revision(), listing.commit());
    return place(listing.commit());
  }

  private Path fromServer() {
    RepoListing listing = listing();
    String commit = listing.commit();
    if (name.file() != null) {
      if (!listing.files().contains(name.file())) {
        throw new InputException(name + ": the repository has no such file");
      }
      fetch(commit, name.file());
    } else {
      fetchModel(commit, listing.files());
    }
    cache.remember(name.revision(), commit);
    return place(commit);
  }

  private void fetchModel(String commit, Collection<String> listed) {
    // What makes the model unusable is found before anything is fetched.
    List<String> weights = new ArrayList<>();
    if (!RepoFiles.isSharded(listed)) {
      weights.addAll(RepoFiles.wholeWeights(name, listed));
    }
    RepoFiles.small(listed).forEach(file -> fetch(commit, file));
    if (RepoFiles.isSharded(listed)) {
      weights.addAll(shards(commit, listed));
    }
    weights.forEach(file -> fetch(commit, file));
  }

  private Collection<String> shards(String commit, Collection<String> listed) {
    Path index = cache.snapshot(commit).resolve(RepoFiles.INDEX);
    try {
      if (Files.size(index) > MAX_JSON) {
        throw InputException.in(index, "too large for an index of shards");
      }
      return RepoFiles.shards(Files.readString(index), listed, index.toString());
    } catch (IOException e) {
      throw InputException.in(index, "cannot be read as text", e);
    }
  }

  /** The cached model; that it is whole is checked by the same rules that fetch one. */
  private Path fromCache() {
    String commit = cache.commitOf(name.revision());
    Collection<String> files = commit == null ? List.of() : cache.files(commit);
    String missing = null;
    if (commit == null || files.isEmpty()) {
      missing = "is not in the cache " + config.cache();
    } else if (name.file() != null) {
      missing = files.contains(name.file()) ? null : "is not in the cache " + config.cache();
    } else if (RepoFiles.isSharded(files)) {
      shards(commit, files);
    } else if (RepoFiles.small(files).isEmpty() || !RepoFiles.hasWeights(files)) {
      missing = "is only partly in the cache " + config.cache();
    }
    if (commit == null || missing != null) {
      throw new InputException(
          name + ": " + missing + ", and HF_HUB_OFFLINE forbids fetching it; unset it once");
    }
    return place(commit);
  }

  private Path place(String commit) {
    Path snapshot = cache.snapshot(commit);
    return name.file() == null ? snapshot : snapshot.resolve(name.file());
  }

  private RepoListing listing() {
    URI uri =
        address(
            "/api/models/" + name.repo() + "/revision/" + SafePath.encode(name.revision(), false));
    byte[] json =
        http.retrying(
            name.toString(),
            () -> 0,
            () -> {
              try (Http.Answer answer = http.send("GET", uri, null, false)) {
                if (answer.status() != 200) {
                  throw Refusal.of(answer, name.toString());
                }
                return read(answer);
              }
            });
    return RepoListing.parse(json, name.toString());
  }

  private byte[] read(Http.Answer answer) throws IOException {
    var bytes = new java.io.ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    try (var body = new StallGuard(answer.body(), config.patience().silence())) {
      for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
        bytes.write(buffer, 0, count);
        if (bytes.size() > MAX_JSON) {
          throw new InputException(name + ": the server's list of files has no end");
        }
      }
    }
    return bytes.toByteArray();
  }

  private void fetch(String commit, String file) {
    Path pointer = cache.snapshot(commit).resolve(file);
    if (Files.isRegularFile(pointer)) {
      return;
    }
    String where = name.file() == null ? name + "/" + file : name.toString();
    URI uri = address("/" + name.repo() + "/resolve/" + commit + "/" + SafePath.encode(file, true));
    FileMetadata metadata =
        Objects.requireNonNull(http.retrying(where, () -> 0, () -> metadata(uri, where)));
    Path blob = cache.blob(metadata.etag());
    cache.locked(
        metadata.etag(),
        () -> {
          if (!isWhole(blob, metadata)) {
            var job = new BlobDownload.Job(file, where, config.patience().silence(), progress);
            new BlobDownload(http, uri, metadata, blob, job).into(blob);
          }
          cache.link(commit, file, blob);
        });
  }

  private FileMetadata metadata(URI uri, String where) throws IOException {
    try (Http.Answer answer = http.send("HEAD", uri, null, false)) {
      if (answer.status() >= 400) {
        throw Refusal.of(answer, where);
      }
      return FileMetadata.of(answer, where);
    }
  }

  private static boolean isWhole(Path blob, FileMetadata metadata) {
    try {
      return Files.isRegularFile(blob) && Files.size(blob) == metadata.size();
    } catch (IOException e) {
      throw InputException.in(blob, "cannot be read", e);
    }
  }

  private URI address(String path) {
    return URI.create(config.endpoint() + path);
  }
}
