// Elements, data, numbers and times. Text of a run only ever becomes a text node, never HTML.
// Control characters, those that turn the direction of text, and those that nobody sees; model/text/visible.py has the same.
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\xa0\xad\u061c\u180e\u2000-\u200b\u200e\u200f\u202f\u205f-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;
const MARK = "\ue000";
const SVG = "http://www.w3.org/2000/svg";

// A number that JavaScript cannot keep exactly: its digits as they came.
class ExactNumber {
  constructor(digits) { this.digits = digits; }
  valueOf() { return Number(this.digits); }
  toString() { return this.digits; }
}

// The JSON of a script element; page_data.py writes it, and says what the marks mean.
function readData(id) {
  const revive = (_, value) => typeof value === "string" && value[0] === MARK
    ? (value[1] === "n" ? new ExactNumber(value.slice(2)) : value.slice(2)) : value;
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent, revive) : null;
}

// The text with the codes of what is no text: `\x1b`, `\u202e`.
function visibleText(text) {
  const code = (character) => character < "\u0100"
    ? `\\x${character.charCodeAt().toString(16).padStart(2, "0")}`
    : character.length > 1 ? `\\U000${character.codePointAt().toString(16)}`
    : `\\u${character.charCodeAt().toString(16).padStart(4, "0")}`;
  return text.replaceAll("\r\n", "\n").replace(CONTROL, code);
}

// An element: h("div.wide", { title: "..." }, child, [more children]); null and false are left out.
function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "title") element.title = visibleText(value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => typeof child === "string" ? visibleText(child) : child));
  return element;
}

// Shapes tell verdicts apart without colour.
const SHAPES = {
  passed: "M4.6 8.3l2.3 2.3 4.6-5",
  failed: "M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4",
  error: "M8 4.2v4.6M8 11.4v.2",
  timed_out: "M8 4.6V8l2.4 1.7",
  left_behind: "M5 9.4l3 2 3-2M8 4.4v6.6",
  cancelled: "M5.4 10.6l5.2-5.2",
  skipped: "M5.2 8h5.6",
  running: "M5.3 8h.1M8 8h.1M10.7 8h.1",
};

function sign(status) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 16 16");
  drawing.setAttribute("class", `sign is-${status}`);
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", words(status));
  const circle = document.createElementNS(SVG, "circle");
  for (const [key, value] of [["cx", 8], ["cy", 8], ["r", 7.25]]) circle.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[status] || SHAPES.skipped);
  drawing.append(circle, path);
  return drawing;
}

const words = (status) => status.replaceAll("_", " ");
const plural = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
const isBad = (verdict) => verdict !== "passed";

function duration(value) {
  const seconds = Number(value);
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds), minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} m ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} m`;
}

function timestamp(text) {
  return text ? `${text.slice(0, 10)} ${text.slice(11, 19)}` : "";
}

const epochSeconds = (text) => Date.parse(text) / 1000;

function copyable(text) {
  return copyButton("button.copy", text, () => text);
}

// Browsers give a page from an insecure origin no clipboard; there the text is copied from an invisible field.
function copyButton(kind, label, text) {
  const button = h(kind, { type: "button", title: "Copy" }, label);
  button.addEventListener("click", (event) => {
    event.preventDefault(); // inside a summary, a click would open or close the details
    const done = () => {
      button.classList.add("done");
      setTimeout(() => button.classList.remove("done"), 1200);
    };
    if (navigator.clipboard) return void navigator.clipboard.writeText(text()).then(done, () => {});
    const field = h("textarea.hidden");
    field.value = text();
    document.body.append(field);
    field.select();
    if (document.execCommand("copy")) done();
    field.remove();
  });
  return button;
}
