package dev.graft.data;

import dev.graft.run.ConvertRun;
import dev.graft.run.RunListener;
import dev.graft.testing.MutationRun;
import dev.graft.testing.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged and hostile Parquet files. */
class ParquetMutationTest {
  @TempDir Path folder;

  @Test
  void parquet_mutations_areReadOrRefused() throws IOException {
    Path rows = folder.resolve("rows.jsonl");
    Files.writeString(
        rows,
        """
        {"messages":[{"role":"user","content":"One, two?"},{"role":"assistant","content":"Three"}]}
        {"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}
        """);
    Path file = folder.resolve("d.parquet");
    ConvertRun.run(
        new ConvertRun.Request(rows, file, Optional.empty(), RowOptions.DEFAULT, false),
        RunListener.SILENT,
        () -> false);
    byte[] seed = Files.readAllBytes(file);
    MutationRun.run(
        200,
        random -> Mutations.mutate(seed, random),
        input -> {
          Files.write(file, input);
          RowReader.read(file);
        });
  }
}
