// How the numbers were made.

function settingsSection() {
  const { settings } = comparison;
  const seeds = settings.seeds?.length ?? 0;
  return el(
    "section",
    null,
    el(
      "details",
      { class: "card" },
      el("summary", null, "Settings, and how the numbers were made"),
      settingsList(),
      strategyTable(),
      metricTable(),
      el("p", { class: "note" }, `Means are over ${seeds > 1 ? `${seeds} seeds and ` : ""}all test rows; intervals are 95 % percentile intervals of a bootstrap that draws ${seeds > 1 ? "seeds and test rows" : "test rows"}. ${seeds > 1 ? "Few seeds say little of how others would spread." : "With one seed they say nothing of how another would do."}`),
      el("p", { class: "note" }, `Work is counted in operations as they were executed, recomputed ones too. Time and memory are of the machine named above. Energy: ${energyText()}.`),
    ),
  );
}

function energyText() {
  const sources = [...new Set(comparison.cells.map((cell) => cell.cost?.energy_source).filter(Boolean))];
  return sources.length ? sources.join(", ") : "not known";
}

function settingsList() {
  const { settings, task, model } = comparison;
  const equal = { data: "all see the same rows", flops: "all may do the same training work", seconds: "all may train as long" };
  const pairs = [
    ["Model", model.name],
    ["Training rows", task.train],
    ["Validation rows", task.valid],
    ["Test rows", task.test],
    ["Rules", task.goal],
    ["Compared so that", equal[settings.equal] ?? settings.equal],
    ["Numbers of training rows", settings.sizes?.join(", ")],
    ["Seeds", settings.seeds?.join(", ")],
    ["Epochs", settings.epochs],
    ["Batch size", settings.batch_size],
    ["Longest example", settings.max_length && `${settings.max_length} tokens`],
    ["Longest answer", settings.max_new_tokens && `${settings.max_new_tokens} tokens`],
    ["Precision", settings.precision],
    ["Processor", comparison.processor && `${comparison.processor}${comparison.threads ? `, ${comparison.threads} threads` : ""}`],
    ["Graft", comparison.graft],
    ["Made", comparison.created],
  ];
  const shown = pairs.filter(([, value]) => value != null && value !== "");
  return el("dl", { class: "settings" }, shown.map(([name, value]) => [el("dt", null, name), el("dd", null, String(value))]));
}

function plainTable(label, names, rows) {
  return el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
    el(
      "table",
      { class: "plain" },
      el("thead", null, el("tr", null, names.map((name) => el("th", { scope: "col", class: "text" }, name)))),
      el("tbody", null, rows.map((row) => el("tr", null, row.map((cell) => el("td", { class: "text" }, cell))))),
    ),
  );
}

function strategyTable() {
  const rows = [...strategies.values()].map((s) => [
    s.name,
    s.trains ? count(s.trainable_parameters) : "none",
    s.learning_rate == null ? DASH : significant(s.learning_rate),
    s.detail ?? "",
  ]);
  return plainTable("Strategies", ["Strategy", "Trained parameters", "Learning rate", "Detail"], rows);
}

function metricTable() {
  const rows = comparison.metrics.map((metric) => [capital(metric.name), metric.unit, direction(metric)]);
  return el("div", null, el("p", { class: "note" }, "Measures"), plainTable("Measures", ["Measure", "Unit", "Direction"], rows));
}
