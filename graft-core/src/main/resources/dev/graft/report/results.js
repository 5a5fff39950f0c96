// The table of results: sorted by a click, rows of the Pareto set marked.

function costColumns() {
  const cost = (key) => (result) => result.cost?.[key] ?? null;
  const trained = (result) => {
    const strategy = strategyOf(result.strategy);
    return strategy.trains ? (strategy.trainable_parameters ?? null) : 0;
  };
  const all = comparison.model.parameters;
  const share = (value) => (value && all ? percent(value / all) : "");
  return [
    { name: "Training work", value: trainingFlops, text: (v) => (v === 0 ? "none" : flops(v)) },
    { name: "Time", value: cost("seconds"), text: seconds },
    { name: "Peak memory", value: cost("memory_bytes"), text: bytes },
    { name: "Energy", value: cost("energy_joules"), text: joules },
    { name: "Trained parameters", value: trained, text: (v) => (v === 0 ? "none" : count(v)), small: share },
    { name: "Size of result", value: cost("result_bytes"), text: (v) => (v === 0 ? "none" : bytes(v)) },
    { name: "Work per answer", value: cost("answer_flops"), text: flops },
  ].filter((column) => comparison.results.some((result) => column.value(result) != null));
}

function metricColumn(metric) {
  const best = bestMean(metric);
  return {
    name: capital(metric.name),
    falling: metric.better === "higher",
    value: (result) => mean(result, metric),
    text: (value) => measured(metric, value),
    smallOf: (result) => range(metric, result.metrics?.[metric.id]),
    isBest: (value) => value != null && value === best,
  };
}

function resultColumns() {
  const order = [...strategies.keys()];
  const strategy = { name: "Strategy", value: (result) => order.indexOf(result.strategy), header: true };
  const rows = { name: "Training rows", value: (r) => r.size, text: (v) => (v > 0 ? significant(v, 6) : DASH) };
  return [strategy, ...(sizes.length > 1 ? [rows] : []), ...metrics.map(metricColumn), ...costColumns()];
}

function strategyCell(result) {
  const strategy = strategyOf(result.strategy);
  const pareto = judged.metric && isPareto(result, judged.metric);
  return el("th", { scope: "row" }, swatch(strategy.style), strategy.name, pareto && el("span", { class: "pill" }, "Pareto"));
}

function resultCell(column, result) {
  const value = column.value(result);
  const small = column.smallOf?.(result) ?? column.small?.(value) ?? "";
  return el("td", { class: column.isBest?.(value) && "best" }, column.text(value), small && el("small", null, small));
}

function resultRow(columns, result) {
  const pareto = judged.metric && isPareto(result, judged.metric);
  const cells = columns.map((column) => (column.header ? strategyCell(result) : resultCell(column, result)));
  return el("tr", { class: pareto && "pareto" }, cells);
}

// Null goes last in either direction.
function sorted(results, column, falling) {
  return [...results].sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (x == null || y == null) return (x == null) - (y == null);
    return falling ? y - x : x - y;
  });
}

function resultsTable() {
  const columns = resultColumns();
  let by = null;
  let falling = false;
  const body = el("tbody");
  const heads = columns.map((column) => el("th", { scope: "col" }, el("button", { type: "button" }, column.name)));
  const show = () => {
    const results = by ? sorted(comparison.results, by, falling) : comparison.results;
    body.replaceChildren(...results.map((result) => resultRow(columns, result)));
    heads.forEach((head, i) => {
      if (columns[i] === by) head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  };
  heads.forEach((head, i) =>
    head.firstChild.addEventListener("click", () => {
      falling = by === columns[i] ? !falling : columns[i].falling === true;
      by = columns[i];
      show();
    }),
  );
  judged.listeners.push(show);
  show();
  return el("table", { id: "results" }, el("thead", null, el("tr", null, heads)), body);
}

function resultsSection() {
  const about = el("p", { class: "note" });
  const explain = () => {
    const one = "Small numbers are 95 % intervals; the best of a column is bold. ";
    const metric = judged.metric;
    about.textContent =
      metric && metric.better !== "none"
        ? `${one}Pareto: no other result is as good in ${metric.name} (${direction(metric)}) for less training work.`
        : one;
  };
  judged.listeners.push(explain);
  explain();
  const scroll = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of results" }, resultsTable());
  return el(
    "section",
    null,
    el("div", { class: "bar" }, el("h2", null, "Results"), metricChoice()),
    el("div", { class: "card results" }, scroll),
    about,
  );
}
