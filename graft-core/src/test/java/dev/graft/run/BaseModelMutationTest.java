package dev.graft.run;

import dev.graft.hub.Progress;
import dev.graft.testing.Golden;
import dev.graft.testing.MutationRun;
import dev.graft.testing.Mutations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged and hostile small files of a model folder. */
class BaseModelMutationTest {
  @TempDir Path folder;

  @BeforeEach
  void copyModel() throws IOException {
    Path source = Golden.path("models/llama-tied");
    for (String name :
        new String[] {
          "config.json",
          "generation_config.json",
          "model.safetensors",
          "tokenizer.json",
          "tokenizer_config.json",
          "chat_template.jinja"
        }) {
      Files.copy(source.resolve(name), folder.resolve(name));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer_config.json", "generation_config.json"})
  void smallFile_mutations_areReadOrRefused(String name) throws IOException {
    byte[] seed = Files.readAllBytes(folder.resolve(name));
    MutationRun.run(
        random -> Mutations.mutate(seed, random),
        input -> {
          Files.write(folder.resolve(name), input);
          BaseModel.open(folder.toString(), Progress.NONE).close();
        });
  }

  @Test
  void template_mutations_areReadOrRefused() {
    byte[] seed =
        """
        {%- for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] | trim + '<|im_end|>\\n' }}
        {%- if loop.last and add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}{% endfor %}
        """
            .getBytes(StandardCharsets.UTF_8);
    MutationRun.run(
        random -> Mutations.mutate(seed, random),
        input -> {
          Files.write(folder.resolve("chat_template.jinja"), input);
          BaseModel.open(folder.toString(), Progress.NONE).close();
        });
  }
}
