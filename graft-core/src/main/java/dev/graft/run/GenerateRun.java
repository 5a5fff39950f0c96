package dev.graft.run;

import dev.graft.InputException;
import dev.graft.adapter.PeftAdapter;
import dev.graft.data.ChatFormat;
import dev.graft.data.PromptRow;
import dev.graft.engine.DType;
import dev.graft.engine.Engine;
import dev.graft.engine.Kernels;
import dev.graft.engine.Scope;
import dev.graft.generate.Generator;
import dev.graft.generate.SamplingOptions;
import dev.graft.model.Decoder;
import dev.graft.text.StreamDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One run of {@code graft generate}: an answer to a prompt, as it comes. */
public final class GenerateRun {
  /**
   * What to generate.
   *
   * @param adapter PEFT folder; empty for the base model alone
   * @param system system message; empty for the template's own
   * @param raw whether the prompt is plain text to go on from, not a user's message
   * @param limit most new tokens
   * @param threads 0 for one per core
   */
  public record Request(
      String model,
      Optional<Path> adapter,
      String prompt,
      Optional<String> system,
      boolean raw,
      int limit,
      SamplingOptions sampling,
      DType dtype,
      int threads) {}

  /**
   * What came of it.
   *
   * @param text the answer
   * @param tokens number of its tokens
   * @param seconds from the prompt's first pass to the last token
   */
  public record Answer(
      String text, int promptTokens, int tokens, Generator.Reason reason, double seconds) {}

  private GenerateRun() {}

  /** Generates; {@code sink} gets the answer piece by piece. */
  public static Answer run(
      Request request, RunListener listener, BooleanSupplier stop, Consumer<String> sink) {
    if (request.threads() > 0) {
      Engine.setThreads(request.threads());
    }
    if (request.dtype() == DType.BF16) {
      Kernels.warmUpForGeneration();
    }
    try (BaseModel base = BaseModel.open(request.model(), listener::download);
        Scope scope = Scope.open()) {
      int[] prompt = prompt(base, request);
      Generator.checkPrompt(prompt, base.spec().maxPositions());
      try (Decoder model = base.load(request.dtype())) {
        request
            .adapter()
            .ifPresent(folder -> PeftAdapter.load(folder, model, PeftAdapter.Use.INFERENCE));
        return answer(
            base,
            model,
            prompt,
            request,
            piece -> {
              sink.accept(piece);
              return !stop.getAsBoolean();
            });
      }
    }
  }

  private interface Pieces {
    boolean next(String piece);
  }

  private static Answer answer(
      BaseModel base, Decoder model, int[] prompt, Request request, Pieces pieces) {
    StreamDecoder decoder = base.tokenizer().streamDecoder(true);
    StringBuilder text = new StringBuilder();
    long began = System.nanoTime();
    Generator.Result result =
        new Generator(model, base.stopIds())
            .generate(
                prompt,
                request.limit(),
                request.sampling(),
                id -> {
                  String piece = decoder.next(id);
                  text.append(piece);
                  return pieces.next(piece);
                });
    String rest = decoder.finish();
    text.append(rest);
    pieces.next(rest);
    double seconds = (System.nanoTime() - began) / 1e9;
    return new Answer(
        text.toString(), prompt.length, result.ids().size(), result.reason(), seconds);
  }

  private static int[] prompt(BaseModel base, Request request) {
    if (request.raw()) {
      return withBos(base, request.prompt());
    }
    ChatFormat chat = chat(base);
    List<Map<String, Object>> messages = new ArrayList<>();
    request.system().ifPresent(s -> messages.add(Map.of("role", "system", "content", s)));
    messages.add(Map.of("role", "user", "content", request.prompt()));
    return base.tokenizer().encode(chat.prompt(messages, List.of())).ids();
  }

  /** A row's prompt, in the way of the request. */
  static int[] prompt(BaseModel base, PromptRow row, Request request) {
    if (request.raw()) {
      if (!row.plain()) {
        throw row.wrong("is a conversation; --raw takes rows with a prompt or a text");
      }
      return withBos(base, row.text());
    }
    List<Map<String, Object>> messages = new ArrayList<>();
    GenerateRowsRun.missingSystem(row, request.system())
        .ifPresent(s -> messages.add(Map.of("role", "system", "content", s)));
    messages.addAll(row.messages());
    ChatFormat chat = chat(base);
    try {
      return base.tokenizer().encode(chat.prompt(messages, row.tools())).ids();
    } catch (InputException e) {
      throw row.wrong(String.valueOf(e.getMessage()));
    }
  }

  private static ChatFormat chat(BaseModel base) {
    return Examples.chat(base)
        .orElseThrow(() ->
            new InputException(
                base.name()
                    + ": has no chat template; say --raw to go on from the prompt as it is"));
  }

  static int[] withBos(BaseModel base, String text) {
    int[] ids = base.tokenizer().encode(text).ids();
    OptionalInt bos = base.bosId();
    if (bos.isEmpty()) {
      return ids;
    }
    int[] all = new int[ids.length + 1];
    all[0] = bos.getAsInt();
    System.arraycopy(ids, 0, all, 1, ids.length);
    return all;
  }
}
