package dev.graft.data.language;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Frequent short words, endings and letters of the languages in Latin script.
 *
 * <p>A feature that several languages share says less: its weight is divided among them.
 */
final class LatinWords {
  /** Articles, pronouns, prepositions, conjunctions and auxiliary verbs. */
  private static final String WORDS =
      """
      en the of and to in is that for it with as was on are be this by an which or from at not \
      have has you can will its their they but these when your all how we he she his her were \
      been more than other into only also such there what who would do does if i my our one
      de der die das und ist in zu den mit von für auf ein eine einen einem einer eines nicht \
      sich des dem im auch es als an werden wird aus er sie hat dass sind oder bei nach zum zur \
      wie über um am kann haben diese dieser dieses ich wir ihr nur noch vom durch mehr wenn \
      unter können bis ihre man aber so war vor
      fr le la les de des et un une est en que qui pour dans sur avec par plus ne pas ce cette \
      ces au aux du il elle sont être ou se sa son ses leur vous nous je mais comme peut fait \
      à été aussi tout entre sans d l c qu n
      es el la los las de del y un una es en que por para con se su sus al lo como más no pero \
      este esta son está fue ha o sin sobre entre también cuando muy ser hay todo desde nos yo \
      puede donde
      pt o a os as de do da dos das e um uma é em que por para com se no na nos nas ao mais não \
      como mas este esta são foi ou seu sua também pelo pela ser tem à muito sem entre já pode \
      quando eu você isso
      it il lo la i gli le di del della dei delle e un una è in che per con si su al alla non \
      più come ma questo questa sono da dal nel nella anche o se essere ha ho suo sua tra dove \
      quando molto può io
      nl de het een en van is in op te dat die voor met zijn niet aan er om ook als bij maar of \
      uit naar door over deze dit wordt worden kan hij zij ze je ik wij wat meer tot heeft geen \
      nog
      sv och att det som en på är av för med till den har inte om ett de i från kan så var vi \
      jag du han hon men eller när ska vid också efter mycket denna detta
      da og at det er en til på af for med den der ikke i de som et har fra om kan så var vi jeg \
      du han hun men eller når skal ved også efter meget denne dette blev være
      no og at det er en til på av for med den som ikke i de et har fra om kan så var vi jeg du \
      han hun men eller når skal ved også etter mye denne dette ble være
      fi ja on ei se että oli ovat joka kun mutta tai myös niin kuin sen hän ole voi sekä mukaan \
      jos minä sinä tämä ne hänen vain nyt
      pl i w na z do się nie że to jest o jak za od po przez dla są był była oraz ale tym co ten \
      ta które który która może być tylko lub także przy jego ja
      cs a v na se je že s do z to i o k pro jako za po od jsou byl byla ale který která které \
      nebo by být už jen při také ve může jeho tak není
      tr ve bir bu da de için ile olarak olan çok daha en kadar gibi sonra o ne var ama değil \
      her ya veya ben sen biz olduğu oldu
      ro și în de la cu pe un o a că nu este care din să pentru mai sunt fi ca se sau dar au \
      prin după lui ei această acest fost
      hu a az és hogy nem is egy ez meg csak de van volt már még vagy mint ki be el azt ha lehet \
      kell után között én ő
      vi và của là có cho được không trong một các với này những đã người khi để từ theo về như \
      nhưng tôi
      id yang dan di dari untuk dengan pada ini itu adalah dalam tidak akan ke oleh juga atau \
      sebagai dapat bisa karena ada saya mereka kami telah
      """;

  private static final String ENDINGS =
      """
      en ing ed tion ly ity ness ble ies ment ght
      de ung ungen lich liche lichen ischen ische keit heit schaft ieren iert gen ten chen
      fr tion eur euse ment aux eux ées ée ité ique
      es ción ciones dad ando iendo mente ado ada
      pt ção ções dade mente ado ada inho
      it zione zioni ità mente ato ata ella
      nl heid lijk lijke ing aar ijn ingen
      sv ning het lig ade arna
      da ning hed lig ede erne
      no ning het lig ende ene
      fi nen ssa ssä sta stä lla llä inen uus yys
      pl ość nie ego ych ów ami ski
      cs ost ení ní ého ých ová ský
      tr lar ler lık lik dır dir ları leri nın nin
      ro ului ilor ție ția ește
      hu ság ség ban ben nak nek tól től
      id kan nya
      """;

  private static final String LETTERS =
      """
      de ßäöü
      fr éèêçœàû
      es ñáéíóú¿¡
      pt ãõçáéêó
      it èòàùì
      sv åäö
      da æøå
      no æøå
      fi äö
      pl łżźęąśćńó
      cs řěůčšžýáíé
      tr ğşıçöü
      ro ășțâî
      hu őűáéíóöü
      vi ơưđạảấầậắặếềệốồộớờợứừựịọụ
      """;

  private LatinWords() {}

  /** Words to the languages they stand for. */
  static Map<String, List<String>> words() {
    return table(WORDS);
  }

  /** Endings of words to languages. */
  static Map<String, List<String>> endings() {
    return table(ENDINGS);
  }

  /** Letters to languages. */
  static Map<String, List<String>> letters() {
    Map<String, List<String>> letters = new HashMap<>();
    LETTERS
        .lines()
        .forEach(line -> {
          String[] parts = line.split(" ", -1);
          parts[1]
              .codePoints()
              .mapToObj(Character::toString)
              .forEach(c -> letters.computeIfAbsent(c, k -> new ArrayList<>()).add(parts[0]));
        });
    return letters;
  }

  private static Map<String, List<String>> table(String text) {
    Map<String, List<String>> table = new HashMap<>();
    text.lines()
        .forEach(line -> {
          String[] parts = line.split(" ", -1);
          for (int i = 1; i < parts.length; i++) {
            List<String> languages = table.computeIfAbsent(parts[i], k -> new ArrayList<>());
            if (!languages.contains(parts[0])) {
              languages.add(parts[0]);
            }
          }
        });
    return table;
  }
}
