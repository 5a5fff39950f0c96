package dev.graft.data.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Figures about a data set as JSON, for programs. */
public final class StatsJson {
  private StatsJson() {}

  /** One object on one line, without a line end. */
  public static String of(DataStats stats, Padding.Result padding) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("rows", stats.rows());
    map.put("unusable", stats.unusable());
    map.put("errors", stats.errors());
    map.put("examples", stats.tokens().rows());
    map.put("messages", stats.messages());
    map.put("answers", stats.turns());
    map.put("share_learnt", stats.learntShare());
    map.put("tokens_per_word", stats.tokensPerWord());
    map.put("characters_per_token", stats.charactersPerToken());
    map.put("tokens", lengths(stats.tokens()));
    map.put("learnt_tokens", lengths(stats.learnt()));
    List<Map<String, Object>> limits = new ArrayList<>();
    for (DataStats.LimitEffect effect : stats.limits()) {
      Map<String, Object> limit = new LinkedHashMap<>();
      limit.put("max_length", effect.limit());
      limit.put("rows_cut", effect.rowsCut());
      limit.put("left_out", effect.leftOut());
      limit.put("tokens_lost", effect.tokensLost());
      limit.put("learnt_lost", effect.learntLost());
      limits.add(limit);
    }
    map.put("shared_prefix_tokens", stats.sharedPrefix());
    map.put("limits", limits);
    map.put("epoch", epoch(stats, padding));
    return new JsonMapper().writeValueAsString(map);
  }

  private static Map<String, Object> epoch(DataStats stats, Padding.Result padding) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("max_length", stats.maxLength());
    map.put("batch_size", padding.batchSize());
    map.put("examples", padding.examples());
    map.put("tokens", padding.tokens());
    map.put("padded_tokens", padding.padded());
    map.put("padding_share", padding.share());
    map.put("packed_passes", padding.passes());
    return map;
  }

  private static Map<String, Object> lengths(Lengths lengths) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("total", lengths.total());
    map.put("mean", lengths.mean());
    map.put("min", lengths.shortest());
    for (int percent : new int[] {10, 25, 50, 75, 90, 95, 99}) {
      map.put("p" + percent, lengths.quantile(percent / 100.0));
    }
    map.put("max", lengths.longest());
    int[] edges = StatsText.edges(lengths);
    List<List<Long>> bars = new ArrayList<>();
    for (int i = 0; i + 1 < edges.length; i++) {
      bars.add(
          List.of((long) edges[i], edges[i + 1] - 1L, lengths.between(edges[i], edges[i + 1] - 1)));
    }
    map.put("histogram", bars);
    return map;
  }
}
