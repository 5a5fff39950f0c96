// Elements. Text becomes text nodes and nothing else: what models answer may be markup that means harm.

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value != null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child != null && child !== false) node.append(child);
  }
  return node;
}

function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

// Text from outside, in its own direction of writing.
function said(tag, text, cls) {
  return text.trim() === ""
    ? el(tag, { class: `nothing ${cls ?? ""}` }, "(no text)")
    : el(tag, { class: `said ${cls ?? ""}`, dir: "auto" }, text);
}

function choice(label, options, chosen, onChange) {
  const select = el(
    "select",
    null,
    options.map(([value, text]) => el("option", { value, selected: value === chosen }, text)),
  );
  select.addEventListener("change", () => onChange(select.value));
  return el("label", { class: "choice" }, label, select);
}
