// Numbers as people read them; null is a dash.

const DASH = "—";

function significant(value, digits = 3) {
  return new Intl.NumberFormat("en-GB", { maximumSignificantDigits: digits }).format(value);
}

function scaled(value, unit, digits = 3) {
  if (value == null) return DASH;
  const prefixes = ["", "k", "M", "G", "T", "P", "E", "Z", "Y"];
  let power = 0;
  while (Math.abs(value) >= 999.5 && power < prefixes.length - 1) {
    value /= 1000;
    power++;
  }
  return `${significant(value, digits)} ${prefixes[power]}${unit}`.trimEnd();
}

const flops = (value) => scaled(value, "FLOP");
const bytes = (value) => scaled(value, "B");
const joules = (value) => scaled(value, "J");
const count = (value) => scaled(value, "");

function seconds(value) {
  if (value == null) return DASH;
  if (value < 120) return `${significant(value)} s`;
  if (value < 7200) return `${significant(value / 60)} min`;
  if (value < 172800) return `${significant(value / 3600)} h`;
  return `${significant(value / 86400)} d`;
}

function percent(share, digits = 2) {
  return share > 0 && share < 1e-4 ? "under 0.01 %" : `${significant(share * 100, digits)} %`;
}

function isShare(metric) {
  return metric.unit === "share";
}

// With as many decimals as its neighbours in a column, so that they can be compared.
function measured(metric, value) {
  if (value == null) return DASH;
  if (isShare(metric)) return `${(value * 100).toFixed(1)} %`;
  const size = Math.abs(value);
  return value.toFixed(size < 10 ? 3 : size < 1000 ? 1 : 0);
}

function range(metric, result) {
  if (result == null || result.low == null || result.high == null) return "";
  const ends = [result.low, result.high].map((end) => measured(metric, end).replace(" %", ""));
  return ends.join(result.low < 0 ? " to " : "–");
}

function direction(metric) {
  return { higher: "higher is better", lower: "lower is better" }[metric.better] ?? "neither way is better";
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// The last part of a path, or the folder of a file of rows.
function shortName(path, folder) {
  const parts = path.split(/[\\/]/).filter((part) => part !== "");
  if (folder && parts.length > 1) parts.pop();
  return parts.pop() ?? path;
}
