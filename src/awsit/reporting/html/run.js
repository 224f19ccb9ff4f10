// The details of a run: facts, error, waterfall, final assertions, clean-up, context.
const MOST_ATTEMPTS = 8;

const NO_HELP = { rerun: "", lines: {}, curl: {}, log: {} };

// Operators whose message says no more than expected and actual do.
const SELF_EXPLANATORY = ["equals", "not_equals", "contains", "not_contains", "matches_regex", "one_of", "type",
  "greater_than", "greater_or_equal", "less_than", "less_or_equal"];

// Operators of failures in which no values were compared, so that the message says all.
const WITHOUT_COMPARISON = ["pass_to_context", "expression", "length"];

// What the message of such an operator says beyond that; jsonpath/lookup.py and assertions/advice.py write it.
const WORTH_READING = ["read it with `path: ", "cannot be compared with it", "in another normalization form of Unicode",
  "`any_order: true` leaves the order open", "a path with a filter, `*` or `..` selects a list", "`contains` compares whole items"];

// `help` is what explains a failure beside the report; page_data.py writes it.
function runDetail(run, { verdict, link }, help) {
  help ||= NO_HELP;
  return h("div.detail", {},
    run.description ? h("p.description", {}, run.description) : null,
    facts(run, verdict, link, help),
    run.error && !stepExplains(run) ? errorBox(run.error) : null,
    waterfall(run, help),
    run.assertions.length ? section("Final assertions", checks(run.assertions, help.lines)) : null,
    cleanUp(run.cleanup, verdict),
    run.contracts.map((contract) => coverage(contract)),
    Object.keys(run.context).length ? foldedTree("Captured context", run.context) : null,
    Object.keys(run.metadata).length ? foldedTree("Metadata", run.metadata) : null);
}

// Whether a failed step shows the error of the run already.
function stepExplains(run) {
  return run.steps.some((step) => ["failed", "error"].includes(step.status) && run.error.message.startsWith(`${step.name}: `));
}

function facts(run, verdict, link, help) {
  const rows = [["verdict", h(`strong.is-${verdict}`, {}, words(verdict))], ["run", copyable(run.run_id)],
    ["engine", run.engine]];
  if (run.file) rows.push(["scenario", copyable(run.file)]);
  if (run.started_at) rows.push(["started", `${timestamp(run.started_at)} UTC`]);
  if (run.execution_arn) rows.push(["execution", link ? [copyable(run.execution_arn), " ", externalLink(link, "open in the console")] : copyable(run.execution_arn)]);
  if (help.try) rows.push(["try a path", copyable(help.try)]);
  if (help.rerun) rows.push(["run again", copyable(help.rerun)]);
  return h("dl.facts", {}, rows.flatMap(([name, value]) => [h("div", {}, h("dt", {}, name), h("dd", {}, value))]));
}

// The operations of a contract, those that nothing called first.
function coverage({ document, operations, other_calls: others }) {
  const list = Object.entries(operations).sort(([, one], [, other]) => Boolean(Number(one)) - Boolean(Number(other)));
  const called = list.filter(([, calls]) => Number(calls)).length;
  return h("details.folded", {}, h("summary", {}, h("h3", {}, `Contract ${document}`),
    h("span.none", {}, `${called} of ${plural(list.length, "operation")} called`)),
    list.map(([name, calls]) => h("div.check", {}, sign(Number(calls) ? "passed" : "skipped"), h("code", {}, name),
      h("i", {}, Number(calls) ? plural(calls, "call") : "not called"))),
    Number(others) ? h("p.none", {}, `${plural(others, "call")} not checked: under none of its servers`) : null);
}

function externalLink(address, text) {
  return h("a", { href: address, target: "_blank", rel: "noreferrer" }, text);
}

function section(title, ...content) {
  return h("section", {}, h("h3", {}, title), ...content);
}

function foldedTree(title, value, open = false) {
  const count = isNode(value) ? plural(Object.keys(value).length, Array.isArray(value) ? "item" : "field") : "";
  const node = h("details.folded", {}, h("summary", {}, h("h3", {}, title), h("span.none", {}, count),
    copyButton("button.copy-all", "Copy", () => json(value))));
  drawOnOpen(node, () => node.append(tree(value)));
  node.open = open;
  return node;
}

function errorBox(error, lines) {
  return h("div.problem", {}, h("code", {}, error.code), h("p", {}, error.message), error.hint ? h("p.hint", {}, error.hint) : null,
    lines ? written(lines) : null);
}

// The error without the messages of failed assertions at its end: they are shown themselves.
function withoutReasons(error, assertions) {
  let message = error.message;
  for (const check of assertions.filter((each) => !each.passed && each.message).reverse())
    if (message.endsWith(check.message)) message = message.slice(0, -check.message.length).replace(/[:; ]+$/, "");
  return { ...error, message: message || error.message };
}

// Lines of the scenario; what they are about is marked.
function written({ place, first, lines, column, length }) {
  const last = lines.length - 1, from = column - 1;
  const rows = lines.map((line, at) => {
    const characters = [...line], part = (...range) => characters.slice(...range).join("");
    const text = at < last ? [line] : [part(0, from), h("mark", {}, part(from, from + length)), part(from + length)];
    return h("span", {}, h("i", {}, String(first + at)), ...text, "\n");
  });
  return h("div.written", {}, copyable(place), h("pre", { tabindex: "0" }, rows));
}

function command(text) {
  return text ? h("div.command", {}, h("h4", {}, "curl"), copyButton("button.copy-all", "Copy", () => text), h("pre", { tabindex: "0" }, text)) : null;
}

function log(lines) {
  return lines ? h("div.command", {}, h("h4", {}, "log"), h("pre", { tabindex: "0" }, lines.join("\n"))) : null;
}

function stepDetail(step, help) {
  const hasError = step.error && !(step.status === "skipped" && step.error.code === "skipped" && step.error.message === "not reached");
  const bad = step.status !== "passed" || step.phase === "on_failure";
  const trees = [["Request", step.request], ["Response", step.response], ["Captured", step.captured]]
    .filter(([, value]) => value !== null && !(isNode(value) && !Object.keys(value).length));
  const content = [
    hasError ? errorBox(withoutReasons(step.error, step.assertions), help.lines[step.source]) : null,
    step.assertions.length ? checks(step.assertions, help.lines) : null,
    (step.evidence || []).length ? evidence(step.evidence) : null,
    step.attempts.length > 1 ? attempts(step.attempts) : null,
    trees.length ? h("div.columns", {}, trees.map(([title, value]) => foldedTree(title, value, bad))) : null,
    command(help.curl[`${step.phase}-${step.index}`]),
    log(help.log[`${step.phase}-${step.index}`]),
    step.source ? h("p.source", {}, "in the scenario at ", h("code", {}, step.source)) : null,
  ].filter(Boolean);
  return h("div.step-detail", {}, content.length ? content : h("p.none", {}, step.status === "skipped" ? "Not run: something before it did not pass." : "Nothing was recorded."));
}

function checks(list, lines) {
  const failed = list.filter((check) => !check.passed), held = list.filter((check) => check.passed);
  return h("div.checks", {}, failed.map((check) => failedCheck(check, lines[check.source])), held.map((check) =>
    h("div.check", {}, sign("passed"), h("span", {}, check.name || check.path), check.name ? h("code", {}, check.path) : null, h("i", {}, words(check.operator)))));
}

function failedCheck(check, lines) {
  const saysAll = check.actual_present
    ? SELF_EXPLANATORY.includes(check.operator) && !WORTH_READING.some((each) => check.message.includes(each)) : check.message.endsWith("but there is nothing at this path");
  const actual = check.actual_present ? jsonBlock(check.actual) : h("pre.none", {}, "nothing at this path");
  const compared = h("div.compared", {},
    check.operator === "contract" ? null // its message has the place in the document, and the rule
      : h("div.expected", {}, h("h4", {}, `expected: ${words(check.operator)}`), jsonBlock(check.expected)),
    h("div.actual", {}, h("h4", {}, "actual"), actual));
  const compares = !(check.message && WITHOUT_COMPARISON.includes(check.operator));
  return h("div.failed-check", {},
    h("div.check", {}, sign("failed"), h("b", {}, check.name || check.path), check.name ? h("code", {}, check.path) : null),
    lines ? written(lines) : null,
    check.message && !saysAll ? h("p", {}, check.message) : null,
    check.diff ? h("div.diff", {}, h("h4", {}, `difference: ${words(check.operator)}`), diff(check.diff),
      h("div.columns", {}, foldedTree("Expected", check.expected), foldedTree("Actual", check.actual))) : compares ? compared : null);
}

const jsonBlock = (value) => h("pre", { tabindex: "0" }, json(value));

function diff(lines) {
  const kinds = { "+": "added", "-": "removed", "@": "place" };
  return h("pre", { tabindex: "0" }, lines.split("\n").map((line) => h(`span.${kinds[line[0]] || "same"}`, {}, `${line}\n`)));
}

function attempts(list) {
  const shown = list.length > MOST_ATTEMPTS ? [...list.slice(0, 3), null, ...list.slice(-3)] : list;
  const rows = shown.map((attempt) => attempt === null
    ? h("tr", {}, h("td.none", { colspan: "4" }, `${list.length - 6} more`))
    : h("tr", {}, h("td", {}, sign(attempt.status), ` ${attempt.number}`), h("td", {}, duration(attempt.duration_seconds)),
      h("td.none", {}, attempt.delay_seconds === null ? "" : `then waited ${duration(attempt.delay_seconds)}`), h("td", {}, attempt.message)));
  return h("table.attempts", {}, h("caption", {}, plural(list.length, "attempt")), h("tbody", {}, rows));
}

function cleanUp(cleanup, verdict) {
  if (verdict === "skipped") return null;
  if (verdict === "running") return h("p.none", {}, "It was still running when this report was made.");
  if (cleanup.verdict === "clean") {
    const steps = cleanup.steps.length;
    const left = cleanup.forgotten.length ? `${plural(cleanup.forgotten.length, "thing")} forgotten: a person has seen to that` : "nothing is left behind";
    return h("p.clean", {}, sign("passed"), steps || cleanup.forgotten.length ? `Clean: ${plural(steps, "clean-up action")} ran, ${left}.` : "Clean: there was nothing to undo.");
  }
  return h("section.left-behind", {}, h("h3", {}, sign("left_behind"), `Left behind: ${plural(cleanup.left_behind.length, "thing")}`),
    cleanup.left_behind.map((item) => h("div.left", {}, h("b", {}, item.name), " ", h("i", {}, item.type), " ", h("em", {}, words(item.outcome)),
      isExplained(item, cleanup.steps) ? null : [h("p", {}, item.reason), item.params === null ? null : tree(item.params)],
      item.look_for.map((attempt) => h("div.look-for", {}, h("p", {}, "look for: ", h("b", {}, attempt.action), ` ${attempt.type}, attempt ${attempt.attempt}, ${attempt.at}: ${attempt.message}`), tree(attempt.request))),
      item.command ? h("p", {}, "to finish it: ", copyable(item.command), ", when you have seen to it yourself: ", copyable(`${item.command} --forget`)) : null)));
}

// Whether the step of what is left, which is shown open above, has its error and its request.
function isExplained(item, steps) {
  return item.outcome === "failed"
    && steps.some((step) => step.name === item.name && ["failed", "error"].includes(step.status) && step.request !== null);
}
