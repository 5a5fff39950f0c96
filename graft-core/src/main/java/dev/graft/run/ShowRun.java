package dev.graft.run;

import dev.graft.InputException;
import dev.graft.data.LossOn;
import dev.graft.data.RowOptions;
import dev.graft.data.view.ExamplePage;
import dev.graft.data.view.ExampleViewer;
import dev.graft.data.view.RowSelection;
import dev.graft.data.view.ShownExample;
import dev.graft.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** One run of {@code graft data show}: examples as the model will see them. */
public final class ShowRun {
  /**
   * What to show.
   *
   * @param model folder, GGUF file or Hub name
   * @param maxLength longest example in tokens
   */
  public record Request(
      String model,
      Path data,
      RowSelection rows,
      int maxLength,
      LossOn lossOn,
      RowOptions options) {}

  private ShowRun() {}

  /** Gives the examples to {@code consumer} one by one. */
  public static void run(Request request, RunListener listener, Consumer<ShownExample> consumer) {
    try (BaseModel base = BaseModel.open(request.model(), listener::download)) {
      ExampleViewer viewer =
          new ExampleViewer(
              Examples.encoder(base, request.lossOn()), base.tokenizer(), request.maxLength());
      request
          .rows()
          .forEach(
              request.data(),
              request.options(),
              row -> viewer.view(request.data(), row).forEach(consumer));
    }
  }

  /** Writes the examples as a page; a page that is there is replaced by the whole new one. */
  public static void writePage(Request request, RunListener listener, Path page)
      throws IOException {
    if (Files.isDirectory(page)) {
      throw InputException.in(page, "is a folder; name a file to write");
    }
    AtomicFile.write(
        page,
        channel -> {
          Writer out = Channels.newWriter(channel, StandardCharsets.UTF_8.newEncoder(), 1 << 16);
          ExamplePage examples = new ExamplePage(out);
          try {
            run(request, listener, example -> add(examples, example));
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
          examples.end();
        });
  }

  private static void add(ExamplePage page, ShownExample example) {
    try {
      page.add(example);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
