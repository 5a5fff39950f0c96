package dev.graft.data.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.Row;
import dev.graft.data.RowReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageGuessTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          en | The library reads all rows and says which of them are wrong.
          de | Die Bibliothek liest alle Zeilen und sagt, welche davon falsch sind.
          fr | La bibliothèque lit toutes les lignes et dit lesquelles sont fausses.
          es | La biblioteca lee todas las filas y dice cuáles de ellas son incorrectas.
          pt | A biblioteca lê todas as linhas e diz quais delas não estão corretas.
          it | La libreria legge tutte le righe e dice quali di queste sono sbagliate.
          nl | De bibliotheek leest alle regels en zegt welke daarvan niet goed zijn.
          sv | Biblioteket läser alla rader och säger vilka av dem som inte är rätt.
          da | Biblioteket læser alle rækker og siger, hvilke af dem der ikke er rigtige.
          no | Biblioteket leser alle radene og sier hvilke av dem som ikke er riktige.
          fi | Kirjasto lukee kaikki rivit ja kertoo, mitkä niistä ovat virheellisiä.
          pl | Biblioteka czyta wszystkie wiersze i mówi, które z nich są błędne.
          cs | Knihovna čte všechny řádky a říká, které z nich jsou chybné.
          tr | Kütüphane bütün satırları okur ve hangilerinin yanlış olduğunu söyler.
          ro | Biblioteca citește toate rândurile și spune care dintre ele sunt greșite.
          hu | A könyvtár minden sort elolvas, és megmondja, hogy melyik nem jó.
          vi | Thư viện đọc tất cả các dòng và cho biết những dòng nào không đúng.
          id | Perpustakaan ini membaca semua baris dan memberi tahu yang tidak benar.
          ru | Библиотека читает все строки и говорит, какие из них неверны.
          uk | Бібліотека читає всі рядки й каже, які з них неправильні.
          bg | Библиотеката чете всички редове и казва къде има грешка, ъгъл след ъгъл.
          el | Η βιβλιοθήκη διαβάζει όλες τις γραμμές.
          he | הספרייה קוראת את כל השורות
          ar | تقرأ المكتبة جميع الصفوف
          fa | کتابخانه همه ردیف‌ها را می‌خواند و می‌گوید چه چیزی
          hi | पुस्तकालय सभी पंक्तियाँ पढ़ता है
          th | ไลบรารีอ่านทุกแถว
          zh | 该库读取所有行并指出哪些有错误。
          ja | ライブラリはすべての行を読み込みます。
          ko | 라이브러리는 모든 행을 읽습니다.
          """)
  void of_sentence_givesItsLanguage(String code, String text) {
    assertThat(LanguageGuess.of(text)).map(LanguageGuess::code).contains(code);
    assertThat(LanguageGuess.codes()).contains(code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "42", "ok", "libfoo 2.1", "x = y + 1;", "\uD800", "!!!"})
  void of_tooLittle_givesNothing(String text) {
    assertThat(LanguageGuess.of(text)).isEmpty();
  }

  @Test
  void of_longText_looksAtTheStartOnly() {
    String text = "this is the start of it ".repeat(1000) + "und der das die ist ".repeat(100_000);
    assertThat(LanguageGuess.of(text)).map(LanguageGuess::code).contains("en");
  }

  @Test
  void of_mixedScripts_saysHowSure() {
    assertThat(LanguageGuess.of("Библиотека читает строки the library reads").orElseThrow())
        .matches(guess -> guess.code().equals("ru") && guess.confidence() < 0.7);
  }

  @ParameterizedTest
  @CsvSource({"package-summaries, en", "package-summaries-de, de"})
  void of_sharedPrompts_areNearlyAllRight(String set, String code) {
    Path file = Path.of("../../shared/data", set, "train.jsonl");
    assumeTrue(Files.exists(file), "no shared data");
    var prompts = new Tally();
    var answers = new Tally();
    for (Row row : RowReader.read(file)) {
      var messages = ((Row.Chat) row).messages();
      String prompt = (String) messages.getFirst().get("content");
      prompts.add(prompt.substring(prompt.indexOf('\n') + 1), code);
      answers.add((String) messages.getLast().get("content"), code);
    }
    assertThat(prompts.right / prompts.all).as("prompts %s", prompts).isGreaterThan(0.99);
    // Names and heaps of nouns: many answers say nothing about their language.
    assertThat(answers.right / answers.all).as("answers %s", answers).isGreaterThan(0.5);
    assertThat(answers.wrong / answers.all).as("answers %s", answers).isLessThan(0.03);
  }

  private static final class Tally {
    double all;
    double right;
    double wrong;

    void add(String text, String code) {
      all++;
      var guess = LanguageGuess.of(text);
      right += guess.isPresent() && guess.get().code().equals(code) ? 1 : 0;
      wrong += guess.isPresent() && !guess.get().code().equals(code) ? 1 : 0;
    }

    @Override
    public String toString() {
      return "%.0f: right %.4f, wrong %.4f".formatted(all, right / all, wrong / all);
    }
  }
}
