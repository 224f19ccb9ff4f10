// Actions on one time axis: a solid bar is an attempt, a dashed line the wait before the next one.
const PHASES = { setup: "setup", actions: "actions", on_failure: "diagnostics", cleanup: "clean-up" };
const TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21600];

function waterfall(run, help) {
  const steps = [...run.steps, ...run.cleanup.steps];
  if (!steps.length) return null;
  const scale = scaleOf(run, steps);
  const chart = h("div.waterfall", {}, axis(scale));
  chart.style.setProperty("--tick", `${(scale.tick / scale.length) * 100}%`);
  let phase = steps.some((step) => step.phase !== "actions") ? "" : "actions";
  for (const step of steps) {
    if (step.phase !== phase) {
      phase = step.phase;
      chart.append(h("div.phase", {}, PHASES[phase] || phase));
    }
    chart.append(stepRow(step, scale, help));
  }
  return chart;
}

function scaleOf(run, steps) {
  const known = steps.filter((step) => step.started_at);
  const start = Math.min(epochSeconds(run.started_at), ...known.map((step) => epochSeconds(step.started_at)));
  const ends = known.map((step) => epochSeconds(step.started_at) + Number(step.duration_seconds));
  const length = Math.max(Number(run.duration_seconds), ...ends.map((end) => end - start), 0.001);
  const tick = TICKS.find((each) => length / each <= 8) || length / 6;
  return { start, length, tick };
}

function axis(scale) {
  const marks = h("div.track.axis", { "aria-hidden": "true" });
  for (let at = 0; at <= scale.length * 0.96; at += scale.tick) {
    const label = h("span", {}, at === 0 ? "0" : tickLabel(at));
    label.style.left = `${(at / scale.length) * 100}%`;
    marks.append(label);
  }
  const legend = h("span.legend", { "aria-hidden": "true" }, h("i.solid"), "attempt", h("i.dashed"), "wait");
  return h("div.line.head", {}, legend, marks, h("span"));
}

function tickLabel(at) {
  if (at >= 60) return at % 60 ? duration(at) : at % 3600 ? `${at / 60} m` : `${at / 3600} h`;
  return at < 1 ? `${Math.round(at * 1000)} ms` : `${Number(at.toFixed(2))} s`;
}

function stepRow(step, scale, help) {
  const title = h("span.step-name", {}, sign(step.status), h("b", {}, step.name), h("i", {}, step.type));
  const track = h("span.track", {}, bars(step, scale));
  const attempts = step.attempts.length > 1 ? h("small", { title: plural(step.attempts.length, "attempt") }, `×${step.attempts.length}`) : null;
  const time = h("span.time", {}, attempts, attempts ? " " : null, timeOf(step));
  const node = h(`details.step.is-${step.status}`, {}, h("summary.line", {}, title, track, time));
  drawOnOpen(node, () => node.append(stepDetail(step, help)));
  node.open = ["failed", "error"].includes(step.status) || (step.phase === "on_failure" && step.status === "passed");
  return node;
}

function timeOf(step) {
  if (wasCutOff(step)) return "cut off";
  return step.started_at ? duration(step.duration_seconds) : "not run";
}

// Whether it was waiting when the run was ended.
const wasCutOff = (step) => step.status === "skipped" && step.error && step.error.code === "interrupted";

function bars(step, scale) {
  if (!step.started_at) return [];
  const attempts = step.attempts.length ? step.attempts : [{ ...step, number: 1, message: "", delay_seconds: null }];
  return attempts.flatMap((attempt) => {
    const start = epochSeconds(attempt.started_at), end = start + Number(attempt.duration_seconds);
    const about = `attempt ${attempt.number}: ${attempt.status}, ${duration(attempt.duration_seconds)}${attempt.message ? `, ${attempt.message}` : ""}`;
    const drawn = [bar(`attempt.is-${attempt.status}`, start, end, scale, about)];
    if (attempt.delay_seconds !== null) {
      const wait = Number(attempt.delay_seconds);
      drawn.unshift(bar("wait", end, end + wait, scale, `waited ${duration(wait)}`));
    }
    return drawn;
  });
}

function bar(kind, start, end, scale, about) {
  const element = h(`span.bar.${kind}`, { title: about });
  const left = Math.min(Math.max((start - scale.start) / scale.length, 0), 1);
  element.style.left = `${left * 100}%`;
  element.style.width = `${Math.min((end - start) / scale.length, 1 - left) * 100}%`;
  return element;
}
