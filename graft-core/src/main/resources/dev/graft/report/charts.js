// Quality against training work, and against the number of training rows.

function withRoom(values) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  // A share below zero would be nonsense.
  return [low >= 0 && low - room < 0 ? -room / 4 : low - room, high + room];
}

function pointOf(result, metric, x) {
  const { mean: y, low, high } = result.metrics[metric.id];
  const strategy = strategyOf(result.strategy);
  const interval = range(metric, { low, high });
  const lines = [
    `${strategy.name}, ${rowsText(result.size)}`,
    `${metric.name}: ${measured(metric, y)}${interval ? ` (${interval})` : ""}`,
    `training: ${trainingFlops(result) === 0 ? "none" : flops(trainingFlops(result))}`,
  ];
  return { x, y, low: high == null ? null : low, high, style: strategy.style, tip: lines.join("\n") };
}

function extent(points) {
  return withRoom(points.flatMap((point) => [point.y, point.low ?? point.y, point.high ?? point.y]));
}

// Decades of work; what trains nothing stands left of all, for a logarithm has no zero.
function workAxis(works) {
  const logs = works.filter((work) => work > 0).map(Math.log10);
  const none = works.some((work) => !(work > 0));
  if (logs.length === 0) return { none: 0, range: [-1, 1], ticks: [{ at: 0, text: "no training" }] };
  const middle = (Math.min(...logs) + Math.max(...logs)) / 2;
  const width = Math.max(Math.max(...logs) - Math.min(...logs) + 0.3, 0.8);
  const low = middle - width / 2;
  const steps = width < 2.2 ? [1, 2, 5] : [1];
  const stride = Math.ceil(width / 6);
  const ticks = [];
  for (let decade = Math.floor(low); decade <= low + width; decade += stride) {
    for (const step of steps) {
      const at = decade + Math.log10(step);
      if (at >= low + 0.05 * width && at <= low + width) ticks.push({ at, text: scaled(step * 10 ** decade, "") });
    }
  }
  if (!none) return { logarithmic: true, range: [low, low + width], ticks };
  const at = low - width * 0.16;
  return {
    logarithmic: true,
    none: at,
    border: low - width * 0.02,
    range: [low - width * 0.3, low + width],
    ticks: [{ at, text: "no training" }, ...ticks],
  };
}

function workSpec(metric) {
  const results = comparison.results.filter((r) => mean(r, metric) != null && trainingFlops(r) != null);
  const axisOfWork = workAxis(results.map(trainingFlops));
  const place = (result) => (trainingFlops(result) > 0 ? Math.log10(trainingFlops(result)) : axisOfWork.none);
  const points = results.map((result) => ({
    ...pointOf(result, metric, place(result)),
    size: sizes.length > 1 && result.size > 0 ? 3.5 + (3 * (sizes.indexOf(result.size) + 1)) / sizes.length : 5.5,
    name: result.size === 0 || result.size === largest ? strategyOf(result.strategy).name : null,
  }));
  points.sort((a, b) => a.x - b.x);
  const front = results.filter((result) => isPareto(result, metric)).map((r) => [place(r), mean(r, metric)]);
  return {
    label: `${metric.name} against training work. The table of results has all values. ${front.length} results are on the Pareto line.`,
    xTitle: axisOfWork.logarithmic ? "training work, FLOP, logarithmic" : "training work, FLOP",
    yTitle: axisTitle(metric),
    xTicks: axisOfWork.ticks,
    xRange: axisOfWork.range,
    yRange: extent(points),
    xs: axisOfWork.range,
    lines: [],
    points,
    stairs: front.sort((a, b) => a[0] - b[0]),
    border: axisOfWork.border,
  };
}

function axisTitle(metric) {
  return `${metric.name}${isShare(metric) ? "" : `, ${metric.unit}`}`;
}

// Lines over rows of training data; what uses none is a dashed level.
function rowsSpec(metric) {
  const of = (id, size) =>
    comparison.results.find((r) => r.strategy === id && r.size === size && mean(r, metric) != null);
  const points = [];
  const lines = [];
  for (const [id, strategy] of strategies) {
    const level = of(id, 0);
    const found = sizes.map((size) => (level ? level : of(id, size)));
    if (found.every((result) => !result)) continue;
    const part = (key) => found.map((result) => result?.metrics[metric.id][key] ?? null);
    lines.push({ style: strategy.style, ys: part("mean"), dash: level && [6, 5], ...(level ? {} : { lows: part("low"), highs: part("high") }) });
    const own = found.map((result, i) => result && { ...pointOf(result, metric, Math.log10(sizes[i])), low: null, high: null, around: result.metrics[metric.id] });
    const shown = level ? [own.at(-1)] : own.filter(Boolean);
    points.push(...shown.map((point, i) => ({ ...point, name: i === shown.length - 1 ? strategy.name : null })));
  }
  const xs = sizes.map(Math.log10);
  const room = (xs.at(-1) - xs[0]) * 0.04;
  return {
    label: `${metric.name} against the number of training rows, one line for each strategy. The table of results has all values.`,
    xTitle: "training rows",
    yTitle: axisTitle(metric),
    xTicks: sizes.map((size, i) => ({ at: xs[i], text: significant(size, 6) })),
    xRange: [xs[0] - room, xs.at(-1) + room],
    yRange: withRoom(points.flatMap((p) => [p.y, p.around.low ?? p.y, p.around.high ?? p.y])),
    xs,
    lines,
    points,
    endNames: true,
  };
}

function qualityChart(title, note, spec) {
  const host = el("div");
  const heading = el("h3");
  const figure = el(
    "figure",
    { class: "card" },
    el("figcaption", null, heading, el("p", { class: "note" }, note)),
    legend(comparison.results.map((result) => result.strategy)),
    host,
  );
  const show = () => {
    heading.textContent = `${capital(judged.metric.name)} ${title}`;
    plot(host, spec(judged.metric));
  };
  judged.listeners.push(show);
  return [figure, show];
}

function chartsSection(later) {
  if (!judged.metric) return null;
  const charts = [
    qualityChart(
      "against training work",
      `Bars are 95 % intervals. The dashed line joins the results that nothing beats for less work.${sizes.length > 1 ? " Larger points had more rows." : ""}`,
      workSpec,
    ),
  ];
  if (sizes.length > 1) {
    charts.push(qualityChart("against training rows", "Bands are 95 % intervals; dashed levels use no training data.", rowsSpec));
  }
  const curves = curvesFigure(later);
  later.push(...charts.map((chart) => chart[1]));
  return el(
    "section",
    null,
    el("div", { class: "bar" }, el("h2", null, "Quality and what it takes"), metricChoice()),
    el("div", { class: "charts" }, charts.map((chart) => chart[0]), curves),
  );
}
