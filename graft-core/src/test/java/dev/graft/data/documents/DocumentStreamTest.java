package dev.graft.data.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.EpochOrder.Cursor;
import dev.graft.data.Example;
import dev.graft.data.ExampleStream;
import dev.graft.data.RowOptions;
import dev.graft.text.Tokenizer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentStreamTest {
  private static final String SEPARATOR = "<|endoftext|>";
  private static final Tokenizer TOKENIZER =
      Tokenizer.load(Path.of("src/test/resources/bpe/gpt2.json"));
  private static final DocumentEncoder ENCODER = new DocumentEncoder(TOKENIZER, -1, 0);

  @TempDir Path folder;

  @AfterAll
  static void close() {
    TOKENIZER.close();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<Documents.Piece> pieces(Path... paths) {
    List<Documents.Piece> pieces = new ArrayList<>();
    try (Documents documents =
        new Documents(Documents.files(List.of(paths)), SEPARATOR, RowOptions.DEFAULT)) {
      for (var piece = documents.next(); piece != null; piece = documents.next()) {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  private static List<String> texts(List<Documents.Piece> pieces) {
    List<String> texts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (Documents.Piece piece : pieces) {
      assertThat(piece.begins()).isEqualTo(text.isEmpty());
      text.append(piece.text());
      if (piece.ends()) {
        texts.add(text.toString());
        text.setLength(0);
      }
    }
    assertThat(text).isEmpty();
    return texts;
  }

  @Test
  void documents_ofTextFile_endAtSeparatorLines() throws IOException {
    Path text =
        file(
            "a.txt",
            "\uFEFFone\n\ntwo\n<|endoftext|>\r\n<|endoftext|>\nthree <|endoftext|> in it\n"
                + "<|endoftext|> \n\n<|endoftext|>\nlast\n\n");
    assertThat(texts(pieces(text)))
        .containsExactly("one\n\ntwo", "three <|endoftext|> in it\n<|endoftext|> \n", "last\n");
  }

  @Test
  void documents_ofRowsAndCompressedText_areReadInOrder() throws IOException {
    Path rows = file("b.jsonl", "{\"text\": \"one\"}\n\n{\"text\": \"two\\nlines\"}\n");
    Path packed = folder.resolve("c.txt.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write("three\n<|endoftext|>\nfour".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(texts(pieces(rows, packed))).containsExactly("one", "two\nlines", "three", "four");
  }

  @Test
  void documents_longOnes_comeInBoundedPiecesThatMakeThem() throws IOException {
    String lines = "größer 日本語 line of text\n".repeat(40_000);
    String oneLine = "ü😀x".repeat(150_000);
    Path text = file("long.txt", lines + "<|endoftext|>\n" + oneLine);
    List<Documents.Piece> pieces = pieces(text);
    assertThat(pieces).hasSizeGreaterThan(6).allMatch(piece -> piece.text().length() < 400_000);
    assertThat(texts(pieces)).containsExactly(lines.substring(0, lines.length() - 1), oneLine);
    Path row = file("long.jsonl", "{\"text\": \"" + oneLine + "\"}");
    assertThat(texts(pieces(row))).containsExactly(oneLine);
  }

  @Test
  void documents_badBytesOrOtherRows_areRefused() throws IOException {
    Path bytes = Files.write(folder.resolve("bad.txt"), new byte[] {'a', '\n', (byte) 0xff, 'b'});
    assertThatThrownBy(() -> pieces(bytes))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bad.txt: is not UTF-8");
    Path chat = file("chat.jsonl", "{\"prompt\": \"a\", \"completion\": \"b\"}");
    assertThatThrownBy(() -> pieces(chat))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("chat.jsonl:1: is no plain text");
  }

  private Path corpus(int documents) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < documents; i++) {
      text.append("Document ").append(i).append(": ").append("some words ".repeat(i % 23));
      text.append("end\n<|endoftext|>\n");
    }
    return file("corpus.txt", text.toString());
  }

  private static DocumentStream stream(Path data, int block) {
    return new DocumentStream(
        data, ENCODER, new DocumentStream.Settings(RowOptions.DEFAULT, 32, block, 5));
  }

  @Test
  void stream_ofOneEpoch_learnsEveryTokenButTheFirstOfADocumentOnce() throws IOException {
    Path data = corpus(200);
    Map<Integer, Integer> expected = new TreeMap<>();
    int sum = 0;
    for (Documents.Piece piece : pieces(data)) {
      int[] ids = ENCODER.ids(piece);
      assertThat(ids).endsWith(0);
      for (int i = 1; i < ids.length; i++) {
        expected.merge(ids[i], 1, Integer::sum);
        sum++;
      }
    }
    Map<Integer, Integer> learnt = new TreeMap<>();
    try (DocumentStream stream = stream(data, 1 << 20)) {
      int done = 0;
      for (Cursor at = Cursor.START; done < sum; ) {
        ExampleStream.Batch batch = stream.batch(at, 1);
        at = batch.after();
        Example example = batch.examples().getFirst();
        assertThat(example.tokens().tokens()).isLessThanOrEqualTo(32);
        for (int n = 0; n < example.tokens().tokens(); n++) {
          if (example.tokens().learnt()[n]) {
            learnt.merge(example.tokens().ids()[n], 1, Integer::sum);
            done++;
          }
        }
      }
    }
    assertThat(learnt).isEqualTo(expected);
  }

  @Test
  void stream_fromAnyPlace_givesWhatComesAfterIt() throws IOException {
    Path data = corpus(120);
    List<Cursor> places = new ArrayList<>();
    List<String> batches = new ArrayList<>();
    try (DocumentStream stream = stream(data, 700)) {
      Cursor at = Cursor.START;
      while (at.epoch() < 2) {
        places.add(at);
        ExampleStream.Batch batch = stream.batch(at, 3);
        assertThat(batch.examples()).hasSize(3);
        batches.add(shown(batch));
        at = batch.after();
      }
    }
    assertThat(places.stream().map(Cursor::piece).distinct().count()).isGreaterThan(3);
    assertThat(batches.stream().distinct().count()).isEqualTo(batches.size());
    for (int i : new int[] {0, 1, batches.size() / 3, batches.size() / 2, batches.size() - 1}) {
      try (DocumentStream stream = stream(data, 700)) {
        assertThat(stream.contains(places.get(i))).isTrue();
        assertThat(shown(stream.batch(places.get(i), 3))).isEqualTo(batches.get(i));
      }
    }
  }

  @Test
  void stream_placeThatTheDataLacks_isRefused() throws IOException {
    Path data = corpus(10);
    try (DocumentStream stream = stream(data, 700)) {
      assertThat(stream.contains(new Cursor(0, 0, 1, 0))).isFalse();
      assertThatThrownBy(() -> stream.batch(new Cursor(0, 0, 0, 11), 1))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("has changed");
      assertThatThrownBy(() -> stream.batch(new Cursor(0, 900), 1))
          .isInstanceOf(InputException.class);
    }
  }

  @Test
  void heldOut_bytesPerToken_isThatOfTheText() throws IOException {
    Path data = file("valid.txt", "größer words and 日本語 again ".repeat(30));
    int[] ids = ENCODER.ids(pieces(data).getFirst());
    HeldOutText held = HeldOutText.read(data, ENCODER, RowOptions.DEFAULT, 16);
    int first = TOKENIZER.decode(new int[] {ids[0]}, false).getBytes(StandardCharsets.UTF_8).length;
    double bytes = Files.size(data) - first;
    assertThat(held.bytesPerToken()).isEqualTo(bytes / (ids.length - 1));
    assertThat(held.spread(3).examples()).hasSize(3);
  }

  private static String shown(ExampleStream.Batch batch) {
    StringBuilder text = new StringBuilder();
    for (Example example : batch.examples()) {
      text.append(TOKENIZER.decode(example.tokens().ids(), false)).append('|');
      text.append(example.tokens().segments());
    }
    return text.toString();
  }
}
