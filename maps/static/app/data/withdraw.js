/* Withdraw a version, or restore it: who says so and why is asked, and what rests on it is shown. */

import { el, makeTable, problemBox, setChildren } from "../core/elements.js";
import { ask, postJson } from "../core/server.js";
import { formatMoment, named, tr } from "../core/words.js";

/** @typedef {Answers.VersionStep[]} Steps */
/**
 * What can be withdrawn: its address, how it is called, what was said of it, and what is to be
 * done once a person has seen what became of it.
 * @typedef {{ address: string, label: string, steps: Steps, refresh: () => void }} Version
 */

/** @param {string} key @param {Record<string, unknown>} [params] */
const say = (key, params) => tr("withdrawals", key, params);

/** @param {Steps} steps */
export const isWithdrawn = (steps) => steps.length > 0 && steps[steps.length - 1].withdrawn;

/** @param {Answers.VersionStep} step */
export const stepText = (step) =>
  say(step.withdrawn ? "withdrawn" : "restored", { name: step.name, reason: step.reason, at: formatMoment(step.at) });

/** @param {Answers.WithdrawnLayer[]} withdrawn */
export const withdrawnNotices = (withdrawn) =>
  withdrawn.map(({ layer_id: id, version, step }) =>
    el(
      "p",
      { class: "notice" },
      say("rests_on", { id, version, name: step.name, reason: step.reason, at: formatMoment(step.at) }),
    ),
  );

/**
 * What was said of a version, and the button that says the next.
 * @param {Version} version
 */
export function makeWithdrawal(version) {
  const word = isWithdrawn(version.steps) ? "restore" : "withdraw";
  const place = el("div", { "aria-live": "polite" });
  /** @type {HTMLButtonElement} */
  const open = el(
    "button",
    {
      type: "button",
      class: "button small",
      "aria-label": `${say(word)}: ${version.label}`,
      onclick: () => setChildren(place, place.firstChild ? null : makeForm(version, word, place, open)),
    },
    say(word),
  );
  const said = version.steps.map((step) => el("p", { class: "quiet" }, stepText(step)));
  return el("div", { class: "withdrawal" }, said, open, place);
}

/**
 * @param {Version} version
 * @param {string} word
 * @param {Element} place
 * @param {HTMLElement} open
 */
function makeForm(version, word, place, open) {
  const name = el("input", { required: true, maxlength: 100, autocomplete: "name" });
  const reason = el("textarea", { required: true, maxlength: 2000, rows: 2 });
  const refused = el("div", {});
  return el(
    "form",
    {
      class: "fields",
      onsubmit: async (event) => {
        event.preventDefault();
        const said = { name: name.value, reason: reason.value };
        try {
          const answer = await ask(`${version.address}/${word}`, postJson(said));
          open.hidden = true;
          setChildren(place, makeResult(answer, version));
        } catch (problem) {
          setChildren(refused, problemBox(problem));
        }
      },
    },
    el("p", { class: "quiet" }, say("kept")),
    el("label", {}, say("who"), name),
    el("label", {}, say("why"), reason),
    el("div", { class: "actions" }, el("button", { type: "submit", class: "primary" }, say(`sure_${word}`))),
    refused,
  );
}

/**
 * @param {Answers.VersionStanding} answer
 * @param {Version} version
 */
function makeResult(answer, version) {
  const published = answer.what.includes("publication");
  const used = answer.in_use
    ? say(published ? "shown" : "in_use", { version: published ? answer.in_use.slice(0, 12) : answer.in_use })
    : say("none_in_use");
  const kind = answer.kind_title ? named(answer.kind_title) : tr("raster_kinds", answer.cannot_tell ?? "");
  const gone = answer.cannot_tell ? el("p", { class: "notice" }, say("cannot_tell", { kind })) : null;
  return el(
    "div",
    { class: "standing" },
    el("p", { class: "notice" }, stepText(answer.steps[answer.steps.length - 1])),
    el("p", {}, used),
    gone,
    makeResting(answer.resting),
    el("button", { type: "button", class: "button", onclick: version.refresh }, say("refresh")),
  );
}

/** @param {Answers.Resting[]} resting */
function makeResting(resting) {
  if (!resting.length) return el("p", { class: "quiet" }, say("nothing_rests"));
  const title = say("rests", { count: resting.length });
  const rows = resting.map((one) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, `${say(`col_${one.what}`)} ${one.id.slice(0, 40)}`),
      el("td", {}, one.unreadable ? say("unreadable") : one.name),
      el("td", {}, (one.day || "").slice(0, 10)),
      el("td", {}, one.verdict ? tr("verdicts", one.verdict) : ""),
    ),
  );
  const heads = ["what", "name", "day", "verdict"].map((name) => ({ text: say(`col_${name}`) }));
  return el("div", {}, el("p", {}, title), makeTable(title, heads, rows));
}
