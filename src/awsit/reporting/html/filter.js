// Filters and order of the list. The address keeps them after `#`, so that a view can be sent on.
const VERDICTS = ["failed", "error", "timed_out", "left_behind", "cancelled", "skipped", "running", "passed"];
const ORDERS = {
  worst: (a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || a.number - b.number,
  time: (a, b) => a.number - b.number,
  slow: (a, b) => Number(b.seconds) - Number(a.seconds),
  name: (a, b) => a.name.localeCompare(b.name),
};

function stateFrom(hash) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  return {
    q: parameters.get("q") || "",
    verdicts: new Set((parameters.get("verdict") || "").split(",").filter((each) => VERDICTS.includes(each))),
    tag: parameters.get("tag") || "",
    order: parameters.get("order") in ORDERS ? parameters.get("order") : "worst",
    run: parameters.get("run") || "",
  };
}

function hashOf(state) {
  const parameters = new URLSearchParams();
  if (state.q) parameters.set("q", state.q);
  if (state.verdicts.size) parameters.set("verdict", [...state.verdicts].join(","));
  if (state.tag) parameters.set("tag", state.tag);
  if (state.order !== "worst") parameters.set("order", state.order);
  return parameters.toString();
}

function matches(entry, state) {
  if (state.verdicts.size && !state.verdicts.has(entry.verdict)) return false;
  if (state.tag && !entry.tags.includes(state.tag)) return false;
  return state.q.toLowerCase().split(/\s+/).every((word) => entry.haystack.includes(word));
}
