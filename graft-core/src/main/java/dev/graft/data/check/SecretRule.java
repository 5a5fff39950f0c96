package dev.graft.data.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passwords, keys and personal data by their form; what is shown of them is masked. */
final class SecretRule implements RowRule {
  @Override
  public void examine(CheckedRow row, List<Issue> issues) {
    RowTexts texts = row.texts();
    boolean secret = false;
    boolean personal = false;
    for (String text : new String[] {texts.prompt(), texts.answer(), texts.other()}) {
      String key = secret ? null : Secrets.find(text);
      secret |= add(CheckCode.SECRET, key, issues);
      String data = personal ? null : PersonalData.find(text);
      personal |= add(CheckCode.PERSONAL_DATA, data, issues);
    }
  }

  private static boolean add(CheckCode code, @Nullable String seen, List<Issue> issues) {
    if (seen != null) {
      issues.add(new Issue(code, seen));
    }
    return seen != null;
  }
}
