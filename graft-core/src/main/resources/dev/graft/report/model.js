// What the page shows, looked up in the comparison.

const comparison = JSON.parse(document.getElementById("comparison").textContent);

const strategies = new Map(
  comparison.strategies.map((strategy, i) => [strategy.id, { ...strategy, style: styleOf(i) }]),
);
const metrics = comparison.metrics.filter((metric) => comparison.results.some((result) => mean(result, metric) != null));
const sizes = [...new Set(comparison.results.map((result) => result.size))].filter((size) => size > 0).sort((a, b) => a - b);
const largest = sizes.at(-1) ?? 0;

// A metric to judge by, the same for the table and the charts.
const judged = {
  metric: metrics.find((m) => m.id === "rouge_l") ?? metrics.find((m) => m.better === "higher") ?? metrics[0],
  listeners: [],
};

function judgeBy(id) {
  judged.metric = metrics.find((metric) => metric.id === id);
  judged.listeners.forEach((listener) => listener());
}

function metricChoice() {
  if (metrics.length < 2) return null;
  const options = metrics.map((metric) => [metric.id, capital(metric.name)]);
  const label = choice("Quality measured by", options, judged.metric.id, judgeBy);
  const select = label.querySelector("select");
  judged.listeners.push(() => (select.value = judged.metric.id));
  return label;
}

function strategyOf(id) {
  return strategies.get(id) ?? { id, name: id, trains: false, style: styleOf(strategies.size) };
}

function mean(result, metric) {
  return result.metrics?.[metric.id]?.mean ?? null;
}

function isPareto(result, metric) {
  return result.pareto?.[metric.id] === true;
}

// Training operations; strategies that train nothing need none.
function trainingFlops(result) {
  return result.cost?.flops ?? (result.size === 0 ? 0 : null);
}

function bestMean(metric) {
  const values = comparison.results.map((result) => mean(result, metric)).filter((value) => value != null);
  if (metric.better === "none" || values.length < 2) return null;
  return metric.better === "lower" ? Math.min(...values) : Math.max(...values);
}

function rowsText(size) {
  return size > 0 ? `${count(size)} ${size === 1 ? "row" : "rows"}` : "no training";
}

function legend(ids) {
  const items = [...new Set(ids)].map(strategyOf);
  return el("ul", { class: "legend" }, items.map((s) => el("li", null, swatch(s.style), s.name)));
}
