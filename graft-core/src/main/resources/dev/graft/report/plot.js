// One chart: uPlot has scales, axes, lines and bands; points, error bars, names and the tip are drawn here.
//   spec.label         what a screen reader says
//   spec.xTicks        [{at, text}], or none for ticks at round numbers
//   spec.xRange, spec.yRange   ends of the axes
//   spec.xTitle, spec.yTitle
//   spec.xs, spec.lines        common x of the lines, [{style, ys, lows, highs, dash}]
//   spec.points        [{x, y, low, high, style, size, name, tip}]
//   spec.stairs        [[x, y]] of the Pareto line
//   spec.border        x where "no training" ends

const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const plots = new Set();

function plot(host, spec) {
  const tip = el("div", { class: "tip", role: "status" });
  const frame = el("div", { class: "plot", role: "img", tabindex: "0", "aria-label": spec.label });
  host.replaceChildren(frame, tip);
  host.classList.add("plot");
  const entry = { host, spec, frame, tip, chart: null, width: 0 };
  for (const old of plots) if (old.host === host || !old.host.isConnected) plots.delete(old);
  plots.add(entry);
  drawPlot(entry);
  frame.addEventListener("keydown", (event) => walk(entry, event));
  frame.addEventListener("blur", () => showTip(entry, -1));
  new ResizeObserver(() => {
    if (plots.has(entry) && Math.abs(host.clientWidth - entry.width) > 1) drawPlot(entry);
  }).observe(host);
}

function redrawPlots() {
  plots.forEach(drawPlot);
}

function drawPlot(entry) {
  const { spec, frame, host } = entry;
  const width = host.clientWidth;
  if (width === 0) return;
  entry.chart?.destroy();
  entry.width = width;
  entry.narrow = width < 460;
  const data = [spec.xs];
  const series = [{}];
  const bands = [];
  for (const line of spec.lines) addLine(line, data, series, bands);
  if (spec.lines.length === 0) {
    data.push(spec.xs.map(() => spec.yRange[0])); // a scale needs a series
    series.push({ paths: () => null, points: { show: false } });
  }
  entry.chart = new uPlot(
    {
      width,
      height: entry.narrow ? 280 : 340,
      padding: [12, spec.endNames && !entry.narrow ? nameRoom(spec) : 14, 0, 0],
      legend: { show: false },
      cursor: { x: false, y: false, drag: { x: false, y: false, setScale: false }, points: { show: false } },
      scales: { x: { time: false, range: spec.xRange }, y: { range: spec.yRange } },
      axes: [xAxis(spec), axis({ label: spec.yTitle, size: 56 })],
      series,
      bands,
      hooks: { draw: [(chart) => drawOver(chart, entry)], setCursor: [(chart) => nearest(chart, entry)] },
    },
    data,
    frame,
  );
}

// Right of the last points, for the longest of their names.
function nameRoom(spec) {
  const context = document.createElement("canvas").getContext("2d");
  context.font = FONT;
  const widths = spec.points.map((point) => (point.name ? context.measureText(point.name).width : 0));
  return Math.min(180, Math.max(...widths) + 20);
}

function addLine(line, data, series, bands) {
  const stroke = colour(line.style.colour);
  const plain = { points: { show: false }, spanGaps: true };
  data.push(line.ys);
  series.push({ ...plain, stroke, width: 2, dash: line.dash });
  if (line.lows) {
    const at = data.push(line.highs, line.lows) - 2;
    series.push({ ...plain, stroke: "transparent" }, { ...plain, stroke: "transparent" });
    bands.push({ series: [at, at + 1], fill: `${stroke}20` });
  }
}

function axis(more) {
  return {
    stroke: colour("--faint"),
    grid: { stroke: colour("--grid"), width: 1 },
    ticks: { show: false },
    border: { show: true, stroke: colour("--line"), width: 1 },
    font: FONT,
    labelFont: FONT,
    labelSize: 22,
    gap: 6,
    ...more,
  };
}

function xAxis(spec) {
  const more = { label: spec.xTitle, size: 34 };
  if (spec.xTicks) {
    more.splits = () => spec.xTicks.map((tick) => tick.at);
    more.values = () => spec.xTicks.map((tick) => tick.text);
  }
  return axis(more);
}

function drawOver(chart, entry) {
  const { ctx } = chart;
  const scale = devicePixelRatio || 1;
  const spec = entry.spec;
  const at = (x, y) => [chart.valToPos(x, "x", true), chart.valToPos(y, "y", true)];
  ctx.save();
  if (spec.border != null) drawBorder(chart, at(spec.border, spec.yRange[0])[0], scale);
  if (spec.stairs?.length > 1) drawStairs(ctx, spec.stairs.map(([x, y]) => at(x, y)), scale);
  for (const point of spec.points) if (point.low != null) drawError(ctx, point, at, scale);
  for (const point of spec.points) drawShape(ctx, point.style, ...at(point.x, point.y), (point.size ?? 5) * scale);
  if (!entry.narrow) drawNames(chart, spec, at, scale);
  ctx.restore();
}

function drawBorder(chart, x, scale) {
  const { ctx, bbox } = chart;
  ctx.strokeStyle = colour("--line");
  ctx.lineWidth = scale;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
}

// Steps, not slopes: between two results nothing was measured.
function drawStairs(ctx, corners, scale) {
  ctx.strokeStyle = colour("--faint");
  ctx.lineWidth = 1.25 * scale;
  ctx.setLineDash([5 * scale, 4 * scale]);
  ctx.beginPath();
  corners.forEach(([x, y], i) => {
    if (i) ctx.lineTo(x, corners[i - 1][1]);
    ctx[i ? "lineTo" : "moveTo"](x, y);
  });
  ctx.stroke();
  ctx.setLineDash([]);
}

function drawError(ctx, point, at, scale) {
  const [x, low] = at(point.x, point.low);
  const high = at(point.x, point.high)[1];
  const cap = 3.5 * scale;
  ctx.strokeStyle = colour(point.style.colour);
  ctx.lineWidth = 1.25 * scale;
  ctx.beginPath();
  for (const y of [low, high]) {
    ctx.moveTo(x - cap, y);
    ctx.lineTo(x + cap, y);
  }
  ctx.moveTo(x, low);
  ctx.lineTo(x, high);
  ctx.stroke();
}

// Names beside points where there is room; the legend has them all.
function drawNames(chart, spec, at, scale) {
  const { ctx, bbox } = chart;
  ctx.font = FONT.replace("12px", `${12 * scale}px`);
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillStyle = colour("--ink");
  ctx.strokeStyle = colour("--card"); // lines behind do not cross the letters
  ctx.lineWidth = 4 * scale;
  ctx.lineJoin = "round";
  const height = 14 * scale;
  const gap = 10 * scale;
  const taken = spec.points.map((point) => {
    const [x, y] = at(point.x, point.y);
    return [x - gap / 2, y - gap / 2, x + gap / 2, y + gap / 2];
  });
  const right = spec.endNames ? ctx.canvas.width : bbox.left + bbox.width;
  for (const point of spec.points) {
    if (!point.name) continue;
    const [x, y] = at(point.x, point.y);
    const width = ctx.measureText(point.name).width;
    const places = [0, 1, -1, 1.5, -1.5, 2, -2].map((row) => [x + gap, y + row * height]);
    if (!spec.endNames) places.push(...[0, 1, -1].map((row) => [x - gap - width, y + row * height]));
    const free = places.find(([left, middle]) => {
      const box = [left, middle - height / 2, left + width, middle + height / 2];
      const within = left >= bbox.left && box[2] <= right && box[1] >= 0 && box[3] <= bbox.top + bbox.height;
      return within && !taken.some((other) => overlaps(box, other));
    });
    if (!free) continue;
    taken.push([free[0], free[1] - height / 2, free[0] + width, free[1] + height / 2]);
    ctx.strokeText(point.name, ...free);
    ctx.fillText(point.name, ...free);
  }
}

function overlaps(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

function nearest(chart, entry) {
  const { left, top } = chart.cursor;
  let best = -1;
  let least = 24 * 24;
  if (left >= 0) {
    entry.spec.points.forEach((point, i) => {
      const dx = chart.valToPos(point.x, "x") - left;
      const dy = chart.valToPos(point.y, "y") - top;
      if (dx * dx + dy * dy < least) {
        least = dx * dx + dy * dy;
        best = i;
      }
    });
  }
  showTip(entry, best);
}

function walk(entry, event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const total = entry.spec.points.length;
  if (!step || total === 0) return;
  event.preventDefault();
  const from = entry.shown ?? -1;
  showTip(entry, from < 0 ? (step > 0 ? 0 : total - 1) : (from + step + total) % total);
}

function showTip(entry, index) {
  if (index === entry.shown) return;
  entry.shown = index;
  const { tip, chart, host } = entry;
  const point = entry.spec.points[index];
  tip.textContent = point ? point.tip : "";
  if (!point) return;
  const over = chart.over.getBoundingClientRect();
  const around = host.getBoundingClientRect();
  const x = over.left - around.left + chart.valToPos(point.x, "x");
  const y = over.top - around.top + chart.valToPos(point.y, "y");
  tip.style.left = `${Math.max(0, Math.min(x + 12, around.width - tip.offsetWidth))}px`;
  tip.style.top = `${y > tip.offsetHeight + 14 ? y - tip.offsetHeight - 12 : y + 14}px`;
}
