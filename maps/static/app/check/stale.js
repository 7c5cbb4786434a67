/* Past checks that come out otherwise after changes of law and layers. */

import * as answers from "../core/answers.js";
import { badge, buttonById, byId, el, faultNotes, fieldById, findById, makeTable } from "../core/elements.js";
import { runTask } from "../core/server.js";
import { formatNumber, named, tr, ui } from "../core/words.js";
import * as reviewLists from "./review_lists.js";

const startRun = () =>
  reviewLists.runOnce(buttonById("stale-start"), byId("stale-result"), async () => {
    const asked = new URLSearchParams(fieldById("stale-by").value);
    if (fieldById("stale-on").value) asked.set("on", fieldById("stale-on").value);
    const task = await runTask(`api/v1/checks/stale?${asked}`, {}, byId("stale-progress"));
    return presentResult(task);
  });

/** @param {App.Task} task */
function presentResult(task) {
  const { checks, damaged, groups, rules } = /** @type {Answers.StaleList} */ (task.result);
  /** @type {Record<string, number>} */
  const counts = {};
  checks.forEach((one) => {
    counts[one.state] = (counts[one.state] || 0) + 1;
  });
  const notes = faultNotes({ damaged });
  if (!checks.length) return [notes, el("p", { class: "quiet" }, ui("history_none"))];
  const told = checks.filter((one) => ["changed", "undetermined"].includes(one.state));
  return [
    notes,
    reviewLists.countLine("stale_states", counts),
    reviewLists.downloadLinks(task),
    groups.length ? [el("h3", {}, ui("stale_groups")), groupTable(groups)] : null,
    reviewLists.restLine(groups),
    rules.length
      ? [el("h3", {}, ui("stale_law_changes")), el("ul", { class: "plain-list" }, rules.map(makeRule))]
      : null,
    told.slice(0, reviewLists.MOST).map(makeCard),
    reviewLists.restLine(told),
  ];
}

/** @param {Answers.ChangeGroup[]} groups */
const groupTable = (groups) =>
  makeTable(
    ui("stale_groups"),
    [
      { text: ui("stale_count"), number: true },
      { text: ui("stale_rule") },
      { text: ui("stale_verdicts") },
      { text: ui("stale_causes_head") },
      { text: ui("stale_difference"), number: true },
    ],
    groups
      .slice(0, reviewLists.MOST)
      .map((one) =>
        el(
          "tr",
          {},
          el("td", { class: "number" }, one.findings),
          el("th", { scope: "row" }, ruleName(one)),
          el("td", {}, `${turnText(one)} (${tr("stale_what", one.what)})`),
          el("td", {}, causeText(one.causes)),
          el("td", { class: "number" }, formatNumber(one.difference_m2, 2)),
        ),
      ),
  );

/** @param {Answers.RuleChangeOut} one */
const makeRule = (one) =>
  el(
    "li",
    {},
    el("strong", {}, named(one.name)),
    `: ${tr("stale_causes", one.change)}${one.day ? ` (${one.day})` : ""}`,
    one.law_then && one.law_now && named(one.law_then) !== named(one.law_now)
      ? ` · ${named(one.law_then)} → ${named(one.law_now)}`
      : null,
    ` · ${ui("stale_count")} ${one.changed_findings}`,
  );

/** @param {Answers.ChangeGroup | Answers.FindingChange} one */
const ruleName = (one) => {
  const title = one.rule_name || one.kind_title;
  return title ? named(title) : one.rule_id;
};

/** @param {Answers.ChangeGroup | Answers.FindingChange} one */
const turnText = (one) => `${thenText(one)} → ${one.verdict_now ? tr("verdicts", one.verdict_now) : "—"}`;

/** @param {Answers.ChangeGroup | Answers.FindingChange | Answers.StaleCheck} one */
function thenText(one) {
  if (!one.verdict_then) return "—";
  const computed = tr("verdicts", one.verdict_then);
  return one.reviewed_then ? `${computed} (${ui("reviewed_as")} ${tr("verdicts", one.reviewed_then)})` : computed;
}

/** @param {string[]} causes */
const causeText = (causes) => causes.map((cause) => tr("stale_causes", cause)).join("; ");

/** @param {Answers.StaleCheck} one */
const turnOfCheck = (one) =>
  one.verdict_now ? `${thenText(one)} → ${tr("verdicts", one.verdict_now)}` : thenText(one);

/** @param {Answers.StaleCheck} one */
const makeCard = (one) =>
  el(
    "article",
    { class: `finding ${one.state === "changed" ? "conflict" : "undetermined"}` },
    el("h3", {}, reviewLists.openCheckButton(one.check_id, one.name), badge("stale_states", one.state)),
    el("p", { class: "reason" }, [one.checked_on, turnOfCheck(one), causeText(one.causes)].join(" · ")),
    one.refusal ? el("p", {}, tr("errors", one.refusal.code, one.refusal.params)) : null,
    one.changes.length ? changeTable(one.changes) : null,
    reviewLists.restLine(one.changes),
  );

/** @param {Answers.FindingChange[]} changes */
const changeTable = (changes) =>
  makeTable(
    ui("stale_changes"),
    [
      { text: ui("stale_site") },
      { text: ui("stale_rule") },
      { text: ui("stale_verdicts") },
      { text: ui("stale_causes_head") },
      { text: ui("stale_difference"), number: true },
    ],
    changes
      .slice(0, reviewLists.MOST)
      .map((change) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, change.site_name || change.site_id),
          el("td", {}, ruleName(change)),
          el("td", {}, turnText(change), outcomeText(change)),
          el("td", {}, causeText(change.causes)),
          el("td", { class: "number" }, formatNumber(change.difference_m2, 2)),
        ),
      ),
  );

/** @param {Answers.FindingChange} change */
const outcomeText = ({ outcome_then: then, outcome_now: now }) =>
  then && now && then !== now ? ` (${tr("outcomes", then)} → ${tr("outcomes", now)})` : "";

/** Offers each layer of the catalogue, whose effect can be seen alone. */
const offerLayers = () =>
  answers.layers().then(
    ({ layers }) =>
      layers.forEach((/** @type {Answers.LayerOut} */ layer) =>
        byId("stale-by").append(
          el("option", { value: `layer=${layer.id}` }, ui("stale_layer", { layer: named(layer.title) })),
        ),
      ),
    () => null,
  );

export function begin() {
  if (!findById("stale-start")) return;
  byId("stale-start").addEventListener("click", startRun);
  offerLayers();
  reviewLists.reopenAt("stale", "stale-result", presentResult);
}
