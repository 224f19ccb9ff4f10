// What AWS knew of a failure: its causes, as far as the scenario's stacks show them.
const SURROUNDINGS = ["log_line", "no_log", "event_matched", "event_pattern"];

function evidence(list) {
  const seen = list.filter((each) => each.kind !== "not_read"), unread = list.filter((each) => each.kind === "not_read");
  const title = seen.every((each) => SURROUNDINGS.includes(each.kind)) ? "Seen in the stacks" : "Likely causes";
  return h("div.evidence", {},
    seen.length ? h("h4", {}, title) : null,
    seen.map((each) => h("div.cause", {},
      h("p", {}, h("code", {}, each.resource),
        each.at ? h("time", { datetime: each.at }, `${timestamp(each.at)} UTC`) : null,
        each.count > 1 ? h("span", {}, `${each.count} times`) : null),
      h("pre", { tabindex: "0" }, each.text))),
    unread.map((each) => h("p.none", {}, `not read: ${each.text}`)));
}
