package dev.graft.data.check;

import java.util.List;
import java.util.Locale;

/**
 * Languages that are told apart: by their script where it is theirs alone, else by their most
 * common words.
 */
enum Language {
  ARABIC,
  BENGALI,
  BULGARIAN("и на се за от да не са като това че по който има ще съм"),
  CHINESE,
  CZECH("je se na že v pro jako jsou není které který nebo ale byl podle jeho této jsem aby také"),
  DANISH("og er det af ikke på med til som der jeg hvor også eller efter skal blev være meget kan"),
  DUTCH("de het een van en is niet voor met zijn dat op aan ook worden naar bij deze wordt door"),
  ENGLISH("the of and to is that for with it this are be was which as from not or by you"),
  FINNISH("ja on ei että se joka mutta ovat kun myös oli tai sekä kuin voi hän niin tämä ole"),
  FRENCH("le la les des est et une dans pour que qui pas sur avec du par plus ce sont au"),
  GERMAN(
      "der die das und ist nicht mit für ein eine von den auf wird sich dem auch oder zu werden"),
  GREEK,
  GUJARATI,
  HEBREW,
  HINDI,
  HUNGARIAN("és az hogy nem egy van meg csak mint ezt vagy volt lehet után még ami ez több kell"),
  INDONESIAN("yang dan di untuk dengan tidak dari ini dalam adalah pada akan atau itu juga dapat"),
  ITALIAN("il di che la per un una non è con sono del della nel anche più come alla gli questo"),
  JAPANESE,
  KOREAN,
  NORWEGIAN(
      "og er det av ikke på med til som jeg hvor også eller etter skal ble være veldig fra kan"),
  PERSIAN,
  POLISH("w i na nie się z do jest że jak to który dla przez są oraz po ale było może"),
  PORTUGUESE("de que não uma para com os em por mais do da dos são é como ao pela seu também"),
  ROMANIAN("și de în este nu cu pe care pentru la sunt din mai o un ce fi sau prin după"),
  RUSSIAN("и в не на что с как это по для он из но от его был же так или если"),
  SPANISH("el la de que y en los un una por con para es no las del se más como está"),
  SWEDISH("och är det av inte på med till som jag för att den också eller efter ska har från kan"),
  TAMIL,
  TELUGU,
  THAI,
  TURKISH("ve bir bu için ile da de olarak olan çok daha gibi değil ne var kadar sonra en ama her"),
  UKRAINIAN("і в не на що з як це та для він до але від його був або якщо є також"),
  VIETNAMESE("và của là không có được cho trong một với các những này để người khi đã từ như về");

  private final String words;

  Language() {
    this("");
  }

  Language(String words) {
    this.words = words;
  }

  /** Its most common words, in lower case; none where the script alone tells. */
  List<String> words() {
    return words.isEmpty() ? List.of() : List.of(words.split(" ", -1));
  }

  /** As messages name it. */
  String title() {
    return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }
}
