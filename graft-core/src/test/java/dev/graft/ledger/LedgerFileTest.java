package dev.graft.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.testing.MutationRun;
import dev.graft.testing.Mutations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerFileTest {
  @TempDir private Path folder;

  @Test
  void write_andRead_isTheSame() {
    LedgerFile.write(folder, Ledgers.chain());
    assertThat(LedgerFile.read(folder)).isEqualTo(Ledgers.chain());
    assertThat(LedgerFile.read(folder.resolve("ledger.json"))).isEqualTo(Ledgers.chain());
    assertThat(folder.resolve("ledger.json")).content().contains("\"flops\" : 7000000000000000,");
  }

  @Test
  void write_modelWithControlCharacters_canBeReadAgain() {
    String name = "mo\u001b[31mdel\u202e\n" + "x".repeat(5000);
    LedgerFile.write(folder, Ledger.EMPTY.plus(new LedgerEntry.Unknown("id", name)));
    String read = LedgerFile.read(folder).entries().getFirst().model();
    assertThat(read).startsWith("mo?[31mdel??xxx").hasSize(1000);
  }

  @Test
  void plus_entryReachedByTwoWays_countsOnce() {
    Ledger chain = Ledgers.chain();
    assertThat(chain.plus(chain)).isEqualTo(chain);
    Ledger more = chain.plus(Ledger.EMPTY.plus(Ledgers.run("b", 1)).plus(Ledgers.run("c", 1)));
    assertThat(more.entries()).extracting(LedgerEntry::id).containsExactly("u", "a", "b", "c");
    assertThat(more.total().flops().total()).isEqualTo(7e15 + 7e12 + 1);
    assertThat(more.isIncomplete()).isTrue();
  }

  @Test
  void read_nothingThere_isOneLine() throws IOException {
    assertThatThrownBy(() -> LedgerFile.read(folder.resolve("gone")))
        .isInstanceOf(InputException.class)
        .hasMessage(folder.resolve("gone") + ": there is no such folder or file");
    assertThatThrownBy(() -> LedgerFile.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(folder + ": has no ledger.json");
    Path checkpoint = Files.writeString(folder.resolve("step-1.safetensors"), "nonsense");
    assertThatThrownBy(() -> LedgerFile.read(checkpoint))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(checkpoint + ": ");
    assertThat(LedgerFile.in(folder)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "`\"ledger\" : 1`#`\"ledger\" : 2`#key \"ledger\": this version of Graft reads only 1",
        "`\"ledger\" : 1,`#``#is no ledger",
        "`\"flops\" : 7000000000000000`#`\"flops\" : -1`#key \"entries[1].flops\": -1.0 is not",
        "`\"flops\" : 7000000000000000`#`\"flops\" : 1e999`#must be a finite number",
        "`\"flops\" : 7000000000000000`#`\"flops\" : 1`#\"entries[1].evaluation_flops\"",
        "`\"seconds\" : 200.0`#`\"seconds\" : \"200\"`#must be a finite number",
        "`\"tokens\" : 5120`#`\"tokens\" : 10`#\"entries[1].trained_tokens\": 4000 is not from 0",
        "`\"steps\" : 20`#`\"steps\" : 9223372036854775807`#is not from 0 to 500000000000000",
        "`\"steps\" : 20`#`\"steps\" : 99999999999999999999`#is not from 0 to 500000000000000",
        "`\"threads\" : 4`#`\"threads\" : 0`#is not from 1 to",
        "`\"kind\" : \"sft\"`#`\"kind\" : \"S F T\"`#must be one word",
        "`\"id\" : \"b\"`#`\"id\" : \"a\"`#key \"entries[2].id\": stands for two entries",
        "`[ \"u\" ]`#`[ \"b\" ]`#key \"entries[1].parents\": names an entry that does not stand",
        "`\"2030-01-31T12:00:00Z\"`#`\"noon\"`#key \"entries[1].started\": is no time such as",
        "`Processor X`#`Processor \\u001b[0m`#key \"entries[1].processor\": is too long or holds",
        "`\"entries\" : [`#`\"entries\" : [ 3,`#key \"entries[0]\": must be an object",
      })
  void read_wrongValue_isNamed(String from, String to, String message) throws IOException {
    String text = LedgerFile.text(Ledgers.chain()).replaceAll("\\[\\s+\"", "[ \"");
    assertThat(text).contains(from);
    Path file = Files.writeString(folder.resolve("ledger.json"), replaceFirst(text, from, to));
    assertThatThrownBy(() -> LedgerFile.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  private static String replaceFirst(String text, String from, String to) {
    int at = text.indexOf(from);
    return text.substring(0, at) + to + text.substring(at + from.length());
  }

  @Test
  void read_mutated_isTakenOrRefused() {
    byte[] good = LedgerFile.text(Ledgers.chain()).getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("ledger.json");
    MutationRun.run(
        random -> Mutations.mutate(good, random),
        input -> {
          Files.write(file, input);
          Ledger ledger = LedgerFile.read(file);
          assertThat(LedgerText.of(ledger)).doesNotContain("\u001b");
          assertThat(LedgerFile.parse(file, LedgerFile.text(ledger))).isEqualTo(ledger);
        });
  }

  @Test
  void read_manyEntries_isRefused() throws IOException {
    String entry = "{\"id\": \"%d\", \"kind\": \"unknown\", \"model\": \"m\"}";
    List<String> entries =
        java.util.stream.IntStream.range(0, 10_001).mapToObj(entry::formatted).toList();
    Path file =
        Files.writeString(
            folder.resolve("ledger.json"),
            "{\"ledger\": 1, \"entries\": [" + String.join(",", entries) + "]}");
    assertThatThrownBy(() -> LedgerFile.read(file))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": key \"entries\": are more than 10000");
  }
}
