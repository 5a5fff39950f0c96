package dev.graft.text.bpe;

import dev.graft.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * Byte-pair encoding (Sennrich et al., Neural Machine Translation of Rare Words with Subword Units,
 * 2016): the most frequent pair of neighbours becomes a token, again and again.
 *
 * <p>The merges are those of {@code BpeTrainer} of Hugging Face's tokenizers: of equally frequent
 * pairs the one of the lower ids is first, pairs that overlap ("aaa") are counted each, and a pair
 * that was merged keeps its count should it ever come about again.
 *
 * <p>Pairs know the words that they are in, and their counts are kept up to date, so that a merge
 * costs only what it changes.
 */
public final class BpeTrainer {
  private final Request request;
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<Long, Pair> pairs = new HashMap<>();
  private final List<Pair> touched = new ArrayList<>();
  private final PriorityQueue<Candidate> queue =
      new PriorityQueue<>(
          Comparator.comparingLong((Candidate c) -> -c.count)
              .thenComparingInt(c -> c.pair.left)
              .thenComparingInt(c -> c.pair.right)
              .thenComparingInt(c -> c.number));
  private int queued;

  /**
   * What is wanted.
   *
   * @param vocabulary number of tokens, special ones and bytes among them; fewer come about where
   *     the words give no more
   * @param minFrequency pairs that are rarer are not merged
   * @param special tokens that get the first ids
   */
  public record Request(int vocabulary, long minFrequency, List<String> special) {
    /** The least vocabulary: all bytes and the special tokens. */
    public int least() {
      return 256 + special.size();
    }
  }

  /** Two symbols that stand side by side somewhere. */
  private static final class Pair {
    final int left;
    final int right;
    long count;
    int[] fresh = new int[2]; // words in which it came about since it was last queued
    int freshWords;

    Pair(int left, int right) {
      this.left = left;
      this.right = right;
    }

    void cameAboutIn(int word) {
      if (freshWords > 0 && fresh[freshWords - 1] == word) {
        return;
      }
      if (freshWords == fresh.length) {
        fresh = Arrays.copyOf(fresh, 2 * freshWords);
      }
      fresh[freshWords++] = word;
    }

    int[] takeFresh() {
      int[] taken = Arrays.copyOf(fresh, freshWords);
      fresh = new int[2];
      freshWords = 0;
      return taken;
    }
  }

  /** A pair in the queue, with the count that it had when it was put there. */
  private static final class Candidate {
    final Pair pair;
    final int[] words;
    final int number;
    long count;

    Candidate(Pair pair, int[] words, int number) {
      this.pair = pair;
      this.words = words;
      this.number = number;
      this.count = pair.count;
    }
  }

  private BpeTrainer(Request request) {
    this.request = request;
  }

  /**
   * Trains on the words counted.
   *
   * @param progress is told the size of the vocabulary now and then
   * @param stop ends it early; the result is then what is there
   * @throws InputException where the request can't be met
   */
  public static BpeVocabulary train(
      WordCounts counted, Request request, IntConsumer progress, BooleanSupplier stop) {
    BpeTrainer trainer = new BpeTrainer(request);
    trainer.alphabet();
    Words words = Words.of(counted, c -> trainer.ids.get(String.valueOf(c)));
    trainer.countPairs(words);
    List<BpeVocabulary.Merge> merges = trainer.mergeAll(words, progress, stop);
    return new BpeVocabulary(trainer.tokens, request.special().size(), merges, counted.split());
  }

  private void alphabet() {
    if (request.vocabulary() < request.least()) {
      throw new InputException(
          "vocabulary size: must be at least "
              + request.least()
              + ", for all bytes and the special tokens");
    }
    for (String special : request.special()) {
      if (special.isEmpty() || ids.containsKey(special)) {
        throw new InputException("special tokens: each must be a text of its own");
      }
      idOf(special);
    }
    for (char c : ByteAlphabet.sorted()) {
      if (ids.containsKey(String.valueOf(c))) {
        throw new InputException("special tokens: '" + c + "' is a byte of the vocabulary");
      }
      idOf(String.valueOf(c));
    }
  }

  private int idOf(String token) {
    Integer known = ids.putIfAbsent(token, tokens.size());
    if (known == null) {
      tokens.add(token);
      return tokens.size() - 1;
    }
    return known;
  }

  private void countPairs(Words words) {
    for (int word = 0; word < words.size(); word++) {
      for (int i = 1; i < words.length(word); i++) {
        change(words, words.symbol(word, i - 1), words.symbol(word, i), 1, word);
      }
    }
    enqueueTouched();
  }

  private void change(Words words, int left, int right, int times, int word) {
    Pair pair = pairs.computeIfAbsent((long) left << 32 | right, key -> new Pair(left, right));
    pair.count += times * words.count(word);
    if (times > 0) {
      if (pair.freshWords == 0) {
        touched.add(pair);
      }
      pair.cameAboutIn(word);
    }
  }

  private void enqueueTouched() {
    for (Pair pair : touched) {
      int[] fresh = pair.takeFresh();
      if (pair.count > 0) {
        queue.add(new Candidate(pair, fresh, queued++));
      }
    }
    touched.clear();
  }

  private List<BpeVocabulary.Merge> mergeAll(
      Words words, IntConsumer progress, BooleanSupplier stop) {
    // By pair: one that is merged anew takes its later place.
    Map<BpeVocabulary.Merge, Boolean> merges = new LinkedHashMap<>();
    while (tokens.size() < request.vocabulary() && !stop.getAsBoolean()) {
      Candidate top = queue.poll();
      if (top == null) {
        break;
      }
      if (top.count != top.pair.count) {
        top.count = top.pair.count;
        queue.add(top);
        continue;
      }
      if (top.count < Math.max(1, request.minFrequency())) {
        break;
      }
      BpeVocabulary.Merge merge =
          new BpeVocabulary.Merge(tokens.get(top.pair.left), tokens.get(top.pair.right));
      int joined = idOf(merge.left() + merge.right());
      merges.remove(merge);
      merges.put(merge, true);
      for (int word : top.words) {
        words.merge(
            word,
            top.pair.left,
            top.pair.right,
            joined,
            (left, right, times, in) -> change(words, left, right, times, in));
      }
      enqueueTouched();
      if (merges.size() % 256 == 0) {
        progress.accept(tokens.size());
      }
    }
    return List.copyOf(merges.keySet());
  }
}
