package dev.graft.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.hub.FakeHub.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubTest {
  private static final String WEIGHTS = "model.safetensors";

  @TempDir Path folder;
  private final FakeHub hub = new FakeHub();
  private final byte[] weights = new byte[1_000_000];

  @BeforeEach
  void fill() {
    new Random(7).nextBytes(weights);
    hub.files.put("config.json", bytes("{\"model_type\":\"llama\"}"));
    hub.files.put("tokenizer.json", bytes("{}"));
    hub.files.put("README.md", bytes("not wanted"));
    hub.files.put("pytorch_model.bin", bytes("not wanted"));
    hub.files.put(WEIGHTS, weights);
  }

  @AfterEach
  void stop() throws IOException {
    hub.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private HubConfig config(boolean offline) {
    var patience =
        new HubConfig.Patience(
            3, Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofSeconds(1));
    return new HubConfig(hub.endpoint(), folder.resolve("hub"), "secret", offline, patience);
  }

  private Path resolve(String name) {
    return Hub.resolve(name, config(false), Progress.NONE);
  }

  private Path resolve() {
    return resolve(FakeHub.REPO);
  }

  private Path repo() {
    return folder.resolve("hub/models--acme--tiny");
  }

  private void assertWhole(Path snapshot) throws IOException {
    assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(weights);
    assertThat(snapshot.resolve("config.json")).hasContent("{\"model_type\":\"llama\"}");
    try (var left = Files.list(repo().resolve("blobs"))) {
      assertThat(left).noneMatch(p -> p.toString().endsWith(".incomplete"));
    }
  }

  private static void assertRefused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(parts)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void resolve_model_fillsTheStandardCache() throws IOException {
    Path snapshot = resolve();

    assertThat(snapshot).isEqualTo(repo().resolve("snapshots/" + FakeHub.COMMIT));
    assertWhole(snapshot);
    assertThat(snapshot.resolve("README.md")).doesNotExist();
    assertThat(snapshot.resolve("pytorch_model.bin")).doesNotExist();
    assertThat(repo().resolve("refs/main")).hasContent(FakeHub.COMMIT);
    Path link = Files.readSymbolicLink(snapshot.resolve(WEIGHTS));
    assertThat(link).isEqualTo(Path.of("../../blobs/" + FakeHub.sha256(weights)));
    assertThat(repo().resolve("blobs/" + FakeHub.gitSha(hub.files.get("config.json")))).exists();
  }

  @Test
  void resolve_twice_fetchesOnce() {
    resolve();
    long before = hub.requests.size();
    resolve();
    assertThat(hub.requests.size() - before).isEqualTo(1);
  }

  @Test
  void resolve_redirectToAnotherServer_keepsTheTokenFromIt() {
    resolve();
    for (FakeHub.Request request : hub.requests) {
      assertThat(request.header("authorization")).isEqualTo(request.cdn() ? null : "Bearer secret");
    }
    assertThat(hub.requests).anyMatch(FakeHub.Request::cdn);
  }

  @Test
  void resolve_renamedRepository_followsRelativeRedirect() throws IOException {
    hub.bend =
        r ->
            r.path().contains("old/name")
                ? Answer.of(307, "Location", r.path().replace("old/name", FakeHub.REPO))
                    .body(bytes(""))
                : null;
    Path snapshot = resolve("old/name");
    assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(weights);
  }

  @Test
  void resolve_connectionBreaksMidFile_resumesWhereItBroke() throws IOException {
    var ranges = new ArrayList<String>();
    hub.bend =
        r -> {
          if (!r.cdn()) {
            return null;
          }
          ranges.add(r.header("range"));
          Answer usual = hub.usual(r);
          // More breaks than attempts: each brings something new.
          return ranges.size() <= 5 ? usual.breakAfter(usual.body().length / 3) : usual;
        };
    assertWhole(resolve());
    assertThat(ranges).hasSize(6).startsWith((String) null);
    assertThat(ranges.subList(1, 6))
        .allMatch(r -> r.matches("bytes=[1-9]\\d+-"))
        .doesNotHaveDuplicates();
  }

  @Test
  void resolve_earlierRunLeftAPart_fetchesTheRestOnly() throws IOException {
    Path blob = repo().resolve("blobs/" + FakeHub.sha256(weights) + ".incomplete");
    Files.createDirectories(blob.getParent());
    Files.write(blob, java.util.Arrays.copyOf(weights, 600_000));
    assertWhole(resolve());
    assertThat(hub.requests)
        .filteredOn(r -> r.cdn())
        .singleElement()
        .satisfies(r -> assertThat(r.header("range")).isEqualTo("bytes=600000-"));
  }

  @Test
  void resolve_earlierRunLeftSomethingWrong_beginsAnew() throws IOException {
    Path blob = repo().resolve("blobs/" + FakeHub.sha256(weights) + ".incomplete");
    Files.createDirectories(blob.getParent());
    for (int length : new int[] {10, weights.length, weights.length + 5}) {
      Files.write(blob, new byte[length]);
      assertWhole(resolve());
      Files.delete(repo().resolve("blobs/" + FakeHub.sha256(weights)));
      Files.delete(repo().resolve("snapshots/" + FakeHub.COMMIT + "/" + WEIGHTS));
    }
  }

  @Test
  void resolve_serverWithoutRanges_startsOver() throws IOException {
    var first = new AtomicInteger();
    hub.bend =
        r -> {
          if (!r.cdn()) {
            return null;
          }
          Answer whole = Answer.of(200).body(weights);
          return first.getAndIncrement() == 0 ? whole.breakAfter(400_000) : whole;
        };
    assertWhole(resolve());
    assertThat(first).hasValue(2);
  }

  @Test
  void resolve_serverSendsAnotherRange_startsOver() throws IOException {
    var count = new AtomicInteger();
    hub.bend =
        r -> {
          if (!r.cdn()) {
            return null;
          }
          return switch (count.getAndIncrement()) {
            case 0 -> Answer.of(200).body(weights).breakAfter(300_000);
            case 1 -> Answer.of(206, "Content-Range", "bytes 0-9/1000000").body(new byte[10]);
            default -> null;
          };
        };
    assertWhole(resolve());
    assertThat(count).hasValue(3);
  }

  @Test
  void resolve_wrongChecksum_isRefusedAndNothingKept() throws IOException {
    hub.bend = r -> r.cdn() ? Answer.of(200).body(new byte[weights.length]) : null;
    assertRefused(this::resolve, "acme/tiny/model.safetensors", "checksum");
    try (var blobs = Files.list(repo().resolve("blobs"))) {
      assertThat(blobs)
          .noneMatch(p -> p.getFileName().toString().startsWith(FakeHub.sha256(weights)));
    }
    hub.bend = r -> null;
    assertWhole(resolve());
  }

  @Test
  void resolve_wrongGitChecksum_isRefused() {
    hub.bend =
        r ->
            r.method().equals("GET") && r.path().endsWith("tokenizer.json")
                ? Answer.of(200).body(bytes("[]"))
                : null;
    assertRefused(this::resolve, "tokenizer.json", "checksum");
  }

  @Test
  void resolve_wrongSizes_areRefused() {
    hub.bend = r -> r.cdn() ? Answer.of(200).body(new byte[weights.length + 1]) : null;
    assertRefused(this::resolve, "more than the 1000000 bytes");
    hub.bend = r -> r.cdn() ? Answer.of(200).body(new byte[0]) : null;
    assertRefused(this::resolve, "broke off after 0 of 1000000 bytes", "tried 3 times");
  }

  @Test
  void resolve_anotherVersionAfterMetadata_isRefused() {
    hub.bend =
        r ->
            r.method().equals("GET") && r.path().endsWith("tokenizer.json")
                ? Answer.of(200, "ETag", "\"other\"").body(bytes("{}"))
                : null;
    assertRefused(this::resolve, "another version", "other");
  }

  @Test
  void resolve_serverStopsSending_triesAgain() throws IOException {
    var count = new AtomicInteger();
    hub.bend =
        r -> r.cdn() && count.getAndIncrement() == 0 ? hub.usual(r).stallAfter(500_000) : null;
    assertWhole(resolve());
    assertThat(count).hasValue(2);
  }

  @Test
  void resolve_busyServer_waitsAndTriesAgain() throws IOException {
    var count = new AtomicInteger();
    hub.bend =
        r ->
            switch (count.getAndIncrement()) {
              case 0 -> Answer.of(429, "Retry-After", "0").body(bytes(""));
              case 1 -> Answer.of(503).body(bytes(""));
              // An hour is more than the longest pause: it is cut.
              case 4 -> Answer.of(429, "Retry-After", "3600").body(bytes(""));
              default -> null;
            };
    assertWhole(resolve());
  }

  @Test
  void resolve_serverStaysBusy_givesUp() {
    hub.bend = r -> Answer.of(503).body(bytes(""));
    assertRefused(this::resolve, "503", "tried 3 times", "HF_HUB_OFFLINE");
    assertThat(hub.requests).hasSize(3);
  }

  @Test
  void resolve_noServer_saysSo() throws IOException {
    hub.close();
    assertRefused(this::resolve, "no connection to 127.0.0.1");
  }

  @Test
  void resolve_gated_tellsAboutTheToken() {
    for (int status : new int[] {401, 403}) {
      hub.bend = r -> Answer.of(status, "X-Error-Code", "GatedRepo").body(bytes("x"));
      assertRefused(this::resolve, "HF_TOKEN", "" + status, "GatedRepo");
    }
    assertThat(hub.requests).hasSize(2);
  }

  @Test
  void resolve_unknownRevision_saysNotFound() {
    hub.bend = r -> r.path().endsWith("/none") ? Answer.of(404).body(bytes("x")) : null;
    assertRefused(() -> resolve("acme/tiny@none"), "acme/tiny@none: not found");
  }

  @Test
  void resolve_expiredSignatureOnDownloadServer_asksForANewOne() throws IOException {
    var count = new AtomicInteger();
    hub.bend = r -> r.cdn() && count.getAndIncrement() == 0 ? Answer.of(403).body(bytes("")) : null;
    assertWhole(resolve());
    assertThat(hub.count("GET", "/resolve/")).isGreaterThanOrEqualTo(4);
  }

  @Test
  void resolve_endlessOrForeignRedirects_areRefused() {
    hub.bend = r -> r.cdn() ? Answer.of(302, "Location", "/again").body(bytes("")) : null;
    assertRefused(this::resolve, "redirected more than");
    hub.bend =
        r -> r.cdn() ? Answer.of(302, "Location", "file:///etc/passwd").body(bytes("")) : null;
    assertRefused(this::resolve, "redirects to");
  }

  @Test
  void resolve_badMetadata_isRefused() {
    for (String etag : new String[] {"../../x", "", "a/b", "."}) {
      hub.bend =
          r ->
              r.method().equals("HEAD") && r.path().endsWith("config.json")
                  ? Answer.of(200, "ETag", etag, "Content-Length", "3")
                  : null;
      assertRefused(this::resolve, "ETag");
    }
    hub.bend =
        r ->
            r.method().equals("HEAD")
                ? Answer.of(302, "X-Linked-Etag", "abc", "Location", "/x")
                : null;
    assertRefused(this::resolve, "how long");
  }

  @Test
  void resolve_shards_fetchesThoseOfTheIndex() throws IOException {
    hub.files.remove(WEIGHTS);
    hub.files.put("model-00001-of-00002.safetensors", bytes("one"));
    hub.files.put("model-00002-of-00002.safetensors", bytes("two"));
    hub.files.put("extra.safetensors", bytes("not wanted"));
    hub.files.put(
        RepoFiles.INDEX,
        bytes(
            "{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\","
                + "\"b\":\"model-00002-of-00002.safetensors\"}}"));
    Path snapshot = resolve();
    assertThat(snapshot.resolve("model-00002-of-00002.safetensors")).hasContent("two");
    assertThat(snapshot.resolve("extra.safetensors")).doesNotExist();

    hub.files.put(RepoFiles.INDEX, bytes("{\"weight_map\":{\"a\":\"../../../x.safetensors\"}}"));
    Files.delete(snapshot.resolve(RepoFiles.INDEX));
    assertRefused(this::resolve, "not the name of a shard");
  }

  @Test
  void resolve_noReadableWeights_saysWhatThereIs() {
    hub.files.remove(WEIGHTS);
    assertRefused(this::resolve, "pickles");
    hub.files.put("tiny-q8_0.gguf", bytes("GGUF"));
    assertRefused(this::resolve, "acme/tiny/tiny-q8_0.gguf");
    assertThat(hub.count("HEAD", "")).isZero();
  }

  @Test
  void resolve_ggufFile_returnsItsPath() {
    hub.files.put("sub/tiny-q8_0.gguf", bytes("GGUF"));
    Path file = resolve("acme/tiny/sub/tiny-q8_0.gguf@main");
    assertThat(file).hasContent("GGUF").hasFileName("tiny-q8_0.gguf");
    assertThat(hub.count("HEAD", "")).isEqualTo(1);
    assertRefused(() -> resolve("acme/tiny/none.gguf"), "no such file");
  }

  @Test
  void resolve_offline_readsTheCacheOnly() throws IOException {
    assertRefused(
        () -> Hub.resolve(FakeHub.REPO, config(true), Progress.NONE),
        "HF_HUB_OFFLINE",
        "not in the cache");
    Path snapshot = resolve();
    int before = hub.requests.size();
    assertThat(Hub.resolve(FakeHub.REPO, config(true), Progress.NONE)).isEqualTo(snapshot);
    assertThat(Hub.resolve("acme/tiny@" + FakeHub.COMMIT, config(true), Progress.NONE))
        .isEqualTo(snapshot);
    assertRefused(
        () -> Hub.resolve("acme/tiny@v2", config(true), Progress.NONE), "not in the cache");
    Files.delete(snapshot.resolve(WEIGHTS));
    assertRefused(() -> Hub.resolve(FakeHub.REPO, config(true), Progress.NONE), "only partly in");
    assertThat(hub.requests).hasSize(before);
  }

  @Test
  void resolve_cacheIsAFile_saysItCannotBeWritten() throws IOException {
    Files.writeString(folder.resolve("hub"), "in the way");
    assertRefused(this::resolve, "cannot be written", "HF_HUB_CACHE");
  }

  @Test
  void resolve_byManyAtOnce_fetchesEachFileOnce() throws Exception {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Path>> tasks = java.util.Collections.nCopies(6, this::resolve);
      for (var done : pool.invokeAll(tasks)) {
        assertWhole(get(done));
      }
    }
    assertThat(hub.requests).filteredOn(r -> r.cdn()).hasSize(1);
  }

  private static Path get(java.util.concurrent.Future<Path> done) throws InterruptedException {
    try {
      return done.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void resolve_withProgress_countsUpToTheSize() {
    var seen = new ArrayList<Long>();
    Hub.resolve(
        FakeHub.REPO,
        config(false),
        (file, done, total) -> {
          if (file.equals(WEIGHTS)) {
            assertThat(total).isEqualTo(weights.length);
            seen.add(done);
          }
        });
    assertThat(seen).isSorted().doesNotHaveDuplicates().endsWith((long) weights.length);
  }

  @Test
  void resolve_notAName_saysWhatOneIs() {
    for (String name :
        List.of(
            "", "tiny", "a/b/c", "../x", "a/..", "a/b@", "a/b@../x", "a/b@c d", "/a/b", "a\\b/c")) {
      assertThat(HubName.parse(name)).as(name).isEmpty();
      assertRefused(() -> resolve(name), "owner/name");
    }
    assertThat(HubName.parse("a/b@refs/pr/1")).hasValue(new HubName("a/b", "refs/pr/1", null));
  }
}
