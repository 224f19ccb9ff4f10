// What is shown: kept in the address after `#`, so that a view can be sent to somebody.
const VERDICTS = ["failed", "error", "timed_out", "left_behind", "cancelled", "skipped", "running", "passed"];
const ORDERS = {
  worst: (a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || a.number - b.number,
  time: (a, b) => a.number - b.number,
  slow: (a, b) => Number(b.seconds) - Number(a.seconds),
  name: (a, b) => a.name.localeCompare(b.name),
};

function stateFrom(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  return {
    q: given.get("q") || "",
    verdicts: new Set((given.get("verdict") || "").split(",").filter((each) => VERDICTS.includes(each))),
    tag: given.get("tag") || "",
    order: given.get("order") in ORDERS ? given.get("order") : "worst",
    run: given.get("run") || "",
  };
}

function hashOf(state) {
  const kept = new URLSearchParams();
  if (state.q) kept.set("q", state.q);
  if (state.verdicts.size) kept.set("verdict", [...state.verdicts].join(","));
  if (state.tag) kept.set("tag", state.tag);
  if (state.order !== "worst") kept.set("order", state.order);
  return kept.toString();
}

function matches(entry, state) {
  if (state.verdicts.size && !state.verdicts.has(entry.verdict)) return false;
  if (state.tag && !entry.tags.includes(state.tag)) return false;
  return state.q.toLowerCase().split(/\s+/).every((word) => entry.haystack.includes(word));
}
