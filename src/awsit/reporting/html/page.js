// The page: masthead, list of runs, toolbar, keys.
const OPEN_AT_FIRST = 5, MANY_DOTS = 30;
const $ = (id) => document.getElementById(id);
const index = readData("index");
const entries = index.runs.map((run, number) => ({
  ...run, number, haystack: [run.name, run.reason, run.words, ...run.tags].join(" ").toLowerCase(),
}));
let state = stateFrom(location.hash);

function rowOf(entry) {
  const row = h(`details.run.is-${entry.verdict}`, { id: entry.id }, h("summary", {},
    sign(entry.verdict),
    h("span.title", {}, h("b", {}, entry.name), entry.tags.map((tag) => h("span.tag", {}, tag)),
      entry.reason ? h("span.reason", {}, entry.reason) : null),
    dots(entry.steps),
    h("span.time", {}, entry.verdict === "skipped" ? "not run" : duration(entry.seconds))));
  drawOnOpen(row, () => row.append(runDetail(readData(`data-${entry.number}`), entry, readData(`help-${entry.number}`))));
  return row;
}

function dots(steps) {
  const shown = steps.slice(0, MANY_DOTS).map((status) => h(`i.is-${status}`));
  const rest = steps.length > MANY_DOTS ? h("small", {}, `+${steps.length - MANY_DOTS}`) : null;
  return h("span.dots", { title: plural(steps.length, "action"), "aria-hidden": "true" }, shown, rest);
}

function about() {
  const sameDay = timestamp(index.started).slice(0, 10) === timestamp(index.finished).slice(0, 10);
  const span = index.started ? `${timestamp(index.started)} to ${timestamp(index.finished).slice(sameDay ? 11 : 0)} UTC` : "";
  $("about").append(...[span, entries.length ? `${duration(index.seconds)}` : "", `awsit ${index.version}`]
    .filter(Boolean).map((part) => h("span", {}, part)));
}

function proportions() {
  const shown = VERDICTS.filter((verdict) => countOf(verdict));
  $("proportions").setAttribute("aria-label", shown.map((verdict) => `${countOf(verdict)} ${words(verdict)}`).join(", "));
  for (const verdict of [...shown].reverse()) {
    const part = h(`span.is-${verdict}`, { title: `${countOf(verdict)} ${words(verdict)}` });
    part.style.flexGrow = countOf(verdict);
    $("proportions").append(part);
  }
}

// A bar for each run, in the order that they ran. Its height is the square root of the duration, so that one slow run
// does not flatten the others.
function skyline() {
  if (entries.length < 20) return $("skyline").remove();
  const longest = Math.max(...entries.map((entry) => Number(entry.seconds)), 0.001);
  $("skyline").classList.toggle("dense", entries.length > 150);
  for (const entry of entries) {
    const bar = h(`a.is-${entry.verdict}`, { href: `#run=${encodeURIComponent(entry.id)}`, tabindex: "-1", title: `${entry.name}: ${words(entry.verdict)}, ${duration(entry.seconds)}` });
    bar.style.height = `${Math.max(Math.sqrt(Number(entry.seconds) / longest) * 100, 8)}%`;
    $("skyline").append(bar);
  }
}

function contracts() {
  if (entries.length > 1) $("contracts").append(...index.contracts.map(coverage));
}

const countOf = (verdict) => entries.filter((entry) => entry.verdict === verdict).length;

function controls() {
  for (const verdict of VERDICTS.filter(countOf)) {
    $("verdicts").append(h("button", { type: "button", "data-verdict": verdict, "aria-pressed": "false", onclick: () => {
      if (!state.verdicts.delete(verdict)) state.verdicts.add(verdict);
      show();
    } }, sign(verdict), h("span", {}, words(verdict)), h("b", {}, String(countOf(verdict)))));
  }
  const tags = [...new Set(entries.flatMap((entry) => entry.tags))].sort();
  $("tag").append(h("option", { value: "" }, "All tags"), ...tags.map((tag) => h("option", { value: tag }, tag)));
  $("tag").hidden = !tags.length;
  $("toolbar").hidden = entries.length < 2;
  $("search").addEventListener("input", () => { state.q = $("search").value; show(); });
  $("tag").addEventListener("change", () => { state.tag = $("tag").value; show(); });
  $("order").addEventListener("change", () => { state.order = $("order").value; show(); });
  $("toolbar").addEventListener("submit", (event) => event.preventDefault());
  $("fold").addEventListener("click", foldAll);
  $("theme").addEventListener("click", toggleTheme);
  $("keys").addEventListener("click", () => $("help").showModal());
}

const rows = new Map();
let order = "";

function show() {
  const wanted = new Set(entries.filter((entry) => matches(entry, state)));
  if (order !== state.order) {
    order = state.order;
    $("runs").append(...[...entries].sort(ORDERS[order]).map((entry) => rows.get(entry)));
  }
  for (const [entry, row] of rows) row.hidden = !wanted.has(entry);
  const none = entries.length && !wanted.size;
  $("nothing").hidden = Boolean(entries.length && wanted.size);
  $("nothing").textContent = none ? "No scenario matches. Esc clears search and filters." : "There was nothing to run: no scenario was chosen.";
  $("search").value = state.q;
  $("tag").value = state.tag;
  $("order").value = state.order;
  for (const chip of $("verdicts").children) chip.setAttribute("aria-pressed", String(state.verdicts.has(chip.dataset.verdict)));
  const filtered = wanted.size < entries.length;
  document.body.classList.toggle("filtered", filtered);
  const hash = hashOf(state);
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
}

const visible = () => [...$("runs").children].filter((row) => !row.hidden);

// Opens or closes a few rows in each frame, so that a thousand do not block the page.
function foldAll() {
  const open = !visible().some((row) => row.open);
  const list = visible().filter((row) => row.open !== open);
  const next = () => {
    for (const row of list.splice(0, 20)) row.open = open;
    if (list.length) requestAnimationFrame(next);
  };
  next();
  $("fold").textContent = open ? "Close all" : "Open all";
}

function toggleTheme() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
}

function move(by) {
  const list = visible();
  const at = list.findIndex((row) => row.contains(document.activeElement));
  const next = list[at === -1 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1)];
  if (next) next.querySelector("summary").focus();
}

function clear() {
  state = { ...stateFrom(""), order: state.order };
  document.activeElement.blur();
  show();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => { $("search").focus(); $("search").select(); },
  f: () => {
    const bad = VERDICTS.filter((verdict) => isBad(verdict) && countOf(verdict));
    state.verdicts = state.verdicts.size ? new Set() : new Set(bad);
    show();
  },
  t: toggleTheme,
  "?": () => $("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  if (event.key === "Escape") return clear();
  if (event.key === "Enter" && event.target === $("search")) return move(1);
  if (event.target.matches("input, select, textarea") || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

function goTo(id) {
  const row = id && [...rows.values()].find((each) => each.id === id);
  if (!row) return;
  row.hidden = false;
  row.open = true;
  row.querySelector("summary").focus();
  row.scrollIntoView({ block: "start" });
}

addEventListener("hashchange", () => {
  const linked = stateFrom(location.hash);
  if (linked.run) return goTo(linked.run);
  state = linked;
  show();
});

about();
proportions();
skyline();
contracts();
controls();
for (const entry of entries) rows.set(entry, rowOf(entry));
const linkedRun = state.run;
show();
const worst = [...entries].sort(ORDERS.worst).filter((entry) => isBad(entry.verdict) || entries.length === 1);
for (const entry of worst.slice(0, OPEN_AT_FIRST)) rows.get(entry).open = true;
goTo(linkedRun);
