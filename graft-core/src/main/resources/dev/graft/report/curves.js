// Validation loss while training, mean over seeds.

function curveOf(id, size, byWork) {
  const cells = comparison.cells.filter((cell) => cell.strategy === id && cell.size === size && cell.curve.length > 1);
  const sums = new Map();
  for (const cell of cells) {
    const perStep = cell.cost?.flops && cell.cost?.steps ? cell.cost.flops / cell.cost.steps : null;
    for (const { step, loss } of cell.curve) {
      if (loss == null || (byWork && perStep == null)) continue;
      const sum = sums.get(step) ?? { x: 0, loss: 0, cells: 0 };
      sum.x += byWork ? step * perStep : step;
      sum.loss += loss;
      sum.cells++;
      sums.set(step, sum);
    }
  }
  // Only where all seeds were measured: else a seed that stops early would bend the line.
  return [...sums.entries()]
    .filter(([, sum]) => sum.cells === cells.length)
    .sort((a, b) => a[0] - b[0])
    .map(([step, sum]) => ({ step, x: sum.x / sum.cells, loss: sum.loss / sum.cells }));
}

function curveSpec(curves, byWork) {
  const xs = [...new Set(curves.flatMap(({ curve }) => curve.map((point) => point.x)))].sort((a, b) => a - b);
  const lines = curves.map(({ strategy, curve }) => {
    const losses = new Map(curve.map((point) => [point.x, point.loss]));
    return { style: strategy.style, ys: xs.map((x) => losses.get(x) ?? null) };
  });
  const points = curves.flatMap(({ strategy, curve }) =>
    curve.map((point, i) => ({
      x: point.x,
      y: point.loss,
      size: i === curve.length - 1 ? 5 : 3,
      style: strategy.style,
      name: i === curve.length - 1 ? strategy.name : null,
      tip: `${strategy.name}\nstep ${point.step}: loss ${point.loss.toFixed(3)}`,
    })),
  );
  const most = Math.max(...xs) || 1;
  const ends = curves.map(({ strategy, curve }) => `${strategy.name} from ${curve[0].loss.toFixed(3)} to ${curve.at(-1).loss.toFixed(3)}`);
  return {
    label: `Validation loss while training: ${ends.join("; ")}. All values stand in the table below.`,
    xTitle: byWork ? "training work, FLOP" : "training steps",
    yTitle: "validation loss, nats a token",
    xTicks: byWork ? workTicks(most) : null,
    xRange: [-most * 0.02, most * 1.02],
    yRange: withRoom(points.map((point) => point.y)),
    xs,
    lines,
    points,
    endNames: true,
  };
}

function workTicks(most) {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => ({ at: i * step, text: scaled(i * step, "") }));
}

function curveTable(curves) {
  const steps = [...new Set(curves.flatMap(({ curve }) => curve.map((point) => point.step)))].sort((a, b) => a - b);
  const losses = curves.map(({ curve }) => new Map(curve.map((point) => [point.step, point.loss])));
  const head = el("tr", null, el("th", { scope: "col" }, "step"), curves.map(({ strategy }) => el("th", { scope: "col" }, strategy.name)));
  const rows = steps.map((step) =>
    el("tr", null, el("th", { scope: "row" }, String(step)), losses.map((of) => el("td", null, of.has(step) ? of.get(step).toFixed(3) : ""))),
  );
  return el("table", { class: "plain" }, el("thead", null, head), el("tbody", null, rows));
}

function curvesFigure(later) {
  const curved = sizes.filter((size) => comparison.cells.some((cell) => cell.size === size && cell.curve.length > 1));
  if (curved.length === 0) return null;
  const state = { size: curved.at(-1), byWork: false };
  const host = el("div");
  const names = el("div");
  const table = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Validation losses" });
  const show = () => {
    const curves = [...strategies.values()]
      .map((strategy) => ({ strategy, curve: curveOf(strategy.id, state.size, state.byWork) }))
      .filter(({ curve }) => curve.length > 1);
    names.replaceChildren(legend(curves.map(({ strategy }) => strategy.id)));
    table.replaceChildren(curveTable(curves));
    if (curves.length > 0) plot(host, curveSpec(curves, state.byWork));
    else host.replaceChildren(el("p", { class: "note" }, "The work of single steps is not known."));
  };
  const bySize = curved.length > 1 && choice("Training rows", curved.map((s) => [String(s), String(s)]), String(state.size), (value) => {
    state.size = Number(value);
    show();
  });
  const byWork = choice("Across", [["steps", "steps"], ["work", "training work"]], "steps", (value) => {
    state.byWork = value === "work";
    show();
  });
  later.push(show);
  return el(
    "figure",
    { class: `card${sizes.length > 1 ? " wide" : ""}` },
    el("figcaption", null, el("h3", null, "Validation loss while training"), el("div", { class: "bar" }, el("p", { class: "note" }, "Mean over seeds; lower is better."), el("span", { class: "bar" }, bySize, byWork))),
    names,
    host,
    el("details", null, el("summary", null, "The values as a table"), table),
  );
}
