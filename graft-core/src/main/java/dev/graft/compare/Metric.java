package dev.graft.compare;

/** What is measured of answers. */
public enum Metric {
  /** Of the reference answers, teacher-forced. */
  LOSS("loss", "loss", "nats a token", Better.LOWER),
  /** Longest common subsequence of words (Lin 2004). */
  ROUGE_L("rouge_l", "ROUGE-L", "F1, 0 to 1", Better.HIGHER),
  /** The same text, but for how much white space there is. */
  EXACT("exact", "exact match", "share", Better.HIGHER),
  /** All rules of the goal. */
  RULES("rules", "keeps all rules", "share", Better.HIGHER),
  /** How long answers are. */
  LENGTH("length", "length ratio", "words of answer / words of reference", Better.NONE);

  /** Which way is good. */
  public enum Better {
    LOWER,
    HIGHER,
    NONE
  }

  private final String id;
  private final String label;
  private final String unit;
  private final Better better;

  Metric(String id, String label, String unit, Better better) {
    this.id = id;
    this.label = label;
    this.unit = unit;
    this.better = better;
  }

  /** Key in files. */
  public String id() {
    return id;
  }

  /** For people. */
  public String label() {
    return label;
  }

  public String unit() {
    return unit;
  }

  public Better better() {
    return better;
  }

  /** How much better {@code a} is than {@code b}; above zero where it is. */
  double gain(double a, double b) {
    return better == Better.LOWER ? b - a : a - b;
  }
}
