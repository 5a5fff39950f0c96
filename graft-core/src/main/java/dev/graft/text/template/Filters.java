package dev.graft.text.template;

import java.util.Map;

/** The filters of Jinja that a chat template can meet. */
final class Filters {
  static final Map<String, Filter> ALL = build();

  private Filters() {}

  private static Map<String, Filter> build() {
    var table = new Filter.Table();
    table
        .add("default", Filters::orDefault, "default_value", "boolean")
        .alias("d", "default")
        .add("tojson", Json::dumps, "ensure_ascii", "indent", "separators", "sort_keys")
        .add("safe", (c, v, a) -> Repr.str(c, v).withMarkup(true))
        .add("escape", (c, v, a) -> Escaping.escape(c, Repr.str(c, v)))
        .alias("e", "escape")
        .add("forceescape", (c, v, a) -> Escaping.escape(c, Repr.str(c, v).withMarkup(false)))
        .add("attr", Filters::attribute, "name");
    TextFilters.addTo(table);
    NumberFilters.addTo(table);
    ListFilters.addTo(table);
    SelectFilters.addTo(table);
    MoreFilters.addTo(table);
    table.addOpen("urlize", (c, v, a) -> unavailable("urlize"));
    return table.build();
  }

  private static Value unavailable(String name) {
    throw new TemplateException("the filter '" + name + "' is not supported");
  }

  private static Value orDefault(Context context, Value value, Args args) {
    boolean replace =
        value instanceof Value.Undefined || (args.flag(1, "boolean") && !Values.truth(value));
    return replace ? args.or(0, "default_value", Text.EMPTY) : value;
  }

  private static Value attribute(Context context, Value value, Args args) {
    String name = args.text(0, "name").string;
    if (value instanceof Value.Dict dict) {
      // An item of that name must not stand in for the attribute.
      Value method = Access.attribute(context, new Value.Dict(Map.of(), dict.tag()), name);
      return method instanceof Value.Undefined ? method : Access.attribute(context, dict, name);
    }
    return Access.attribute(context, value, name);
  }
}
