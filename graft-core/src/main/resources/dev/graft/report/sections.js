// The other parts of the page.

function titleSection() {
  const { model, task, settings, created } = comparison;
  const rows = (number, name) => (number == null ? null : `${significant(number, 7)} ${name} rows`);
  const seeds = settings.seeds?.length;
  const facts = [
    model.parameters == null ? null : `${count(model.parameters)} parameters`,
    rows(task.train_rows, "training"),
    rows(task.test_rows, "test"),
    seeds > 0 ? `${seeds} ${seeds === 1 ? "seed" : "seeds"}` : null,
    day(created),
  ];
  const title = `Adapting ${shortName(model.name)} to ${shortName(task.train, true)}`;
  document.title = `${title} · Graft`;
  return el(
    "header",
    null,
    el("p", { class: "eyebrow" }, "Graft comparison"),
    el("h1", null, title),
    el("p", { class: "facts" }, facts.filter(Boolean).join(" · ")),
  );
}

function day(text) {
  const date = new Date(text ?? "");
  return Number.isNaN(date.getTime()) ? null : new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(date);
}

function verdictSection() {
  if (comparison.verdict.length === 0) return null;
  return el("section", { class: "card verdict" }, el("h2", null, "Verdict"), comparison.verdict.map((text) => el("p", null, text)));
}

function nextSection() {
  if (comparison.next.length === 0) return null;
  return el("section", null, el("h2", null, "What to try next"), el("ol", { class: "next" }, comparison.next.map((text) => el("li", null, text))));
}

// What each strategy took beside the base model's pre-training.
function sharesSection() {
  const base = comparison.lineage?.flops;
  if (!(base > 0)) return null;
  const rows = comparison.results
    .filter((result) => (result.size === 0 || result.size === largest) && trainingFlops(result) != null)
    .map((result) => ({ strategy: strategyOf(result.strategy), work: trainingFlops(result) }));
  if (!rows.some((row) => row.work > 0)) return null;
  const works = [base, ...rows.map((row) => row.work)].filter((work) => work > 0).map(Math.log10);
  const low = Math.floor(Math.min(...works) - 0.3);
  const high = Math.ceil(Math.max(...works));
  const least = comparison.lineage.complete === false ? "at least " : "";
  const shown = { strategy: { name: `Pre-training of ${shortName(comparison.model.name)}`, style: { colour: "--ink" } }, work: base };
  const bars = [shown, ...rows].map((row) => shareBar(row, low, high, row === shown ? least : null, base));
  const took = [flops(base), comparison.lineage.tokens && `${count(comparison.lineage.tokens)} tokens`, comparison.lineage.seconds && seconds(comparison.lineage.seconds)];
  return el(
    "section",
    null,
    el("h2", null, "Beside the base model's own training"),
    el("div", { class: "card" }, el("div", { class: "shares" }, bars)),
    el("p", { class: "note" }, `Training work, logarithmic: each line is ten times the one before; percentages are of the base model. The base model took ${least}${took.filter(Boolean).join(", ")}.${largest > 0 ? ` Strategies with ${rowsText(largest)}.` : ""}`),
  );
}

function shareBar({ strategy, work }, low, high, least, base) {
  const width = work > 0 ? (100 * (Math.log10(work) - low)) / (high - low) : 0;
  const text = work > 0 ? `${least ?? ""}${flops(work)}${least == null ? ` · ${percent(work / base)}` : ""}` : "no training";
  const within = width > 60;
  const value = el("span", { class: `value${within ? " within" : ""}` }, text);
  value.style[within ? "right" : "left"] = within ? `${100 - width}%` : `${width}%`;
  const bar = el("span", { class: "fill" });
  bar.style.width = `${width}%`;
  bar.style.background = `var(${strategy.style.colour})`;
  const track = el("div", { class: "track" }, work > 0 && bar, value);
  track.style.setProperty("--decade", `${100 / (high - low)}%`);
  return [el("div", { class: "name" }, strategy.style.shape && swatch(strategy.style), strategy.name), track];
}

const FIRST_ANSWERS = 3;
const MORE_ANSWERS = 10;

function answersSection() {
  const all = comparison.answers;
  if (all.length === 0) return null;
  const list = el("div");
  const more = el("button", { type: "button", class: "more" });
  let shown = 0;
  const show = (number) => {
    list.append(...all.slice(shown, shown + number).map(exampleCard));
    shown = Math.min(all.length, shown + number);
    more.hidden = shown === all.length;
    more.textContent = `Show ${Math.min(MORE_ANSWERS, all.length - shown)} more of ${all.length}`;
  };
  more.addEventListener("click", () => show(MORE_ANSWERS));
  show(FIRST_ANSWERS);
  return el(
    "section",
    null,
    el("h2", null, "Answers side by side"),
    el("p", { class: "note" }, `Some of the test rows, answered by each strategy${largest > 0 ? ` after training on ${rowsText(largest)}` : ""}.`),
    list,
    more,
  );
}

function exampleCard(example) {
  const answers = example.answers.map(({ strategy, text }) => {
    const { name, style } = strategyOf(strategy);
    const node = el("div", { class: "answer", tabindex: "0" }, el("h4", null, swatch(style), name), said("div", text));
    node.style.setProperty("--tone", `var(${style.colour})`);
    return node;
  });
  const reference = el("div", { class: "answer reference", tabindex: "0" }, el("h4", null, "Reference"), said("div", example.reference));
  return el(
    "article",
    { class: "card example" },
    el("h3", null, `Test row ${example.index + 1}`),
    said("div", example.prompt, "prompt"),
    el("div", { class: "columns", tabindex: "0", role: "region", "aria-label": `Answers to test row ${example.index + 1}` }, reference, answers),
  );
}
