package dev.graft.io;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputPathTest {
  @TempDir private Path folder;
  private Path file;
  private Path data;

  @BeforeEach
  void files() throws IOException {
    file = Files.writeString(folder.resolve("file"), "x");
    data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("a.jsonl"), "{}");
  }

  private static void refused(Runnable check, Path path, String what) {
    assertThatThrownBy(check::run)
        .isInstanceOf(InputException.class)
        .hasMessage(path + ": " + what);
  }

  @Test
  void check_pathThatCanBeWritten_isFine() {
    assertThatCode(
            () -> {
              OutputPath.checkFile(file, List.of(data));
              OutputPath.checkFile(folder.resolve("new/deep/file"), List.of(data, file));
              OutputPath.checkFolder(folder, List.of(data, file));
              OutputPath.checkFolder(folder.resolve("new/deep"), List.of(folder.resolve("gone")));
              OutputPath.checkFile(Path.of("no-such-file-here"), List.of());
              OutputPath.checkFile(folder.resolve("data-2.jsonl"), List.of(data));
            })
        .doesNotThrowAnyException();
  }

  @Test
  void check_belowAFile_isRefused() {
    Path below = file.resolve("a/b");
    String what = "cannot be written: " + file + " is a file, not a folder";
    refused(() -> OutputPath.checkFile(below, List.of()), below, what);
    refused(() -> OutputPath.checkFolder(below, List.of()), below, what);
    refused(
        () -> OutputPath.checkFolder(file, List.of()),
        file,
        "cannot be written: it is a file, not a folder");
    refused(
        () -> OutputPath.checkFile(folder, List.of()), folder, "is a folder; name a file to write");
  }

  @Test
  void check_whatIsRead_isRefused() {
    Path row = data.resolve("a.jsonl");
    String read = "is what is read; name another to write";
    refused(() -> OutputPath.checkFile(row, List.of(file, row)), row, read);
    refused(() -> OutputPath.checkFolder(data, List.of(data)), data, read);
    Path inside = data.resolve("../data/new/b.jsonl");
    String what = "is inside of " + data + ", which is read; name a place outside of it";
    refused(() -> OutputPath.checkFile(inside, List.of(data)), inside, what);
    refused(() -> OutputPath.checkFolder(inside, List.of(data)), inside, what);
  }
}
