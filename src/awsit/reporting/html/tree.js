// JSON documents as trees. A level is drawn when it is first opened.
const isNode = (value) => value !== null && typeof value === "object" && !(value instanceof ExactNumber);
const SMALL = 24, LONG_TEXT = 400; // values in a document that is opened whole; characters in one line

function size(value) {
  return isNode(value) ? Object.values(value).reduce((sum, item) => sum + 1 + size(item), 0) : 0;
}

function tree(value) {
  const levels = size(value) <= SMALL ? 9 : 1;
  if (!isNode(value)) return h("div.tree", {}, leaf(value));
  return h("div.tree", {}, Object.entries(value).map(([key, item]) => row(key, item, levels)));
}

function row(key, value, levels) {
  const name = h("span.key", {}, key);
  if (!isNode(value)) return h("div.leaf", {}, name, leaf(value));
  const entries = Object.entries(value);
  const shape = Array.isArray(value) ? plural(entries.length, "item") : plural(entries.length, "field");
  if (!entries.length) return h("div.leaf", {}, name, h("span.none", {}, Array.isArray(value) ? "[ ]" : "{ }"));
  const inside = h("div.level");
  const node = h("details", {}, h("summary", {}, name, h("span.none", {}, shape)), inside);
  drawOnOpen(node, () => inside.append(...entries.map(([each, item]) => row(each, item, levels - 1))));
  node.open = levels > 0;
  return node;
}

function drawOnOpen(details, draw) {
  details.addEventListener("toggle", () => {
    if (details.open && !details.dataset.drawn) {
      details.dataset.drawn = "yes";
      draw();
    }
  });
}

function leaf(value) {
  if (typeof value === "string") return text(value);
  const kind = value === null ? "null" : typeof value === "boolean" ? "boolean" : "number";
  return h(`span.${kind}`, {}, String(value));
}

function text(value) {
  if (!value.includes("\n") && value.length <= LONG_TEXT) return h("span.string", {}, JSON.stringify(value));
  return h("pre.string", {}, value);
}

// The document as indented JSON, with numbers digit for digit.
function json(value, indent = "") {
  if (!isNode(value)) return typeof value === "string" ? JSON.stringify(value) : String(value);
  const deeper = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => deeper + json(item, deeper))
    : Object.entries(value).map(([key, item]) => `${deeper}${JSON.stringify(key)}: ${json(item, deeper)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return lines.length ? `${open}\n${lines.join(",\n")}\n${indent}${close}` : open + close;
}
