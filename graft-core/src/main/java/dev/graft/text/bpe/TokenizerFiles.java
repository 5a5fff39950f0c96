package dev.graft.text.bpe;

import dev.graft.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a trained vocabulary as {@code tokenizer.json} of Hugging Face's tokenizers, with the
 * {@code tokenizer_config.json} that transformers wants beside it.
 */
public final class TokenizerFiles {
  /** Ends a document. */
  public static final String END_OF_TEXT = "<|endoftext|>";

  private static final String BEGIN_TURN = "<|im_start|>";
  private static final String END_TURN = "<|im_end|>";

  /** The special tokens of a model that is to hold conversations: ChatML's, behind the end. */
  public static final List<String> SPECIAL = List.of(END_OF_TEXT, BEGIN_TURN, END_TURN);

  private static final String CHATML =
      "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n'"
          + " + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

  private static final JsonMapper JSON = new JsonMapper();

  private TokenizerFiles() {}

  /** The content of {@code tokenizer.json}. */
  public static String tokenizerJson(BpeVocabulary vocabulary) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (int id = 0; id < vocabulary.special(); id++) {
      ObjectNode token = added.addObject();
      token.put("id", id);
      token.put("content", vocabulary.tokens().get(id));
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        token.put(flag, false);
      }
      token.put("special", true);
    }
    root.putNull("normalizer");
    root.set("pre_tokenizer", vocabulary.split().toJson());
    root.putNull("post_processor");
    root.set("decoder", WordSplit.GPT2.toJson());
    root.set("model", model(vocabulary));
    return pretty(root);
  }

  private static ObjectNode model(BpeVocabulary vocabulary) {
    ObjectNode model = JsonNodeFactory.instance.objectNode();
    model.put("type", "BPE");
    model.putNull("dropout");
    model.putNull("unk_token");
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", false);
    ObjectNode vocab = model.putObject("vocab");
    for (int id = 0; id < vocabulary.tokens().size(); id++) {
      vocab.put(vocabulary.tokens().get(id), id);
    }
    ArrayNode merges = model.putArray("merges");
    for (BpeVocabulary.Merge merge : vocabulary.merges()) {
      merges.addArray().add(merge.left()).add(merge.right());
    }
    return model;
  }

  /**
   * The content of {@code tokenizer_config.json}: the first special token ends a text; ChatML's
   * template where the vocabulary has its tokens.
   */
  public static String configJson(BpeVocabulary vocabulary) {
    List<String> special = vocabulary.tokens().subList(0, vocabulary.special());
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("tokenizer_class", "PreTrainedTokenizerFast");
    root.put("clean_up_tokenization_spaces", false);
    if (!special.isEmpty()) {
      root.put("eos_token", special.getFirst());
      root.put("pad_token", special.getFirst());
    }
    if (special.containsAll(List.of(BEGIN_TURN, END_TURN))) {
      root.put("chat_template", CHATML);
    }
    return pretty(root);
  }

  /** Writes both files. */
  public static void write(Path folder, BpeVocabulary vocabulary) throws IOException {
    Files.createDirectories(folder);
    AtomicFile.writeString(folder.resolve("tokenizer_config.json"), configJson(vocabulary));
    AtomicFile.writeString(folder.resolve("tokenizer.json"), tokenizerJson(vocabulary));
  }

  private static String pretty(ObjectNode root) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }
}
