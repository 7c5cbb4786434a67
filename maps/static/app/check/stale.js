/* Past checks that would come out otherwise today. */

import { badge, buttonById, byId, el, findById, makeTable } from "../core/elements.js";
import { runTask } from "../core/server.js";
import { formatNumber, named, tr, ui } from "../core/words.js";
import * as reviewLists from "./review_lists.js";

const startRun = () =>
  reviewLists.runOnce(buttonById("stale-start"), byId("stale-result"), async () => {
    const task = await runTask("/api/v1/checks/stale", {}, byId("stale-progress"));
    return presentResult(task.result);
  });

/** @param {Answers.StaleList} answer */
function presentResult({ checks }) {
  /** @type {Record<string, number>} */
  const counts = {};
  checks.forEach((one) => {
    counts[one.state] = (counts[one.state] || 0) + 1;
  });
  if (!checks.length) return el("p", { class: "quiet" }, ui("history_none"));
  const told = checks.filter((one) => ["changed", "undetermined"].includes(one.state));
  return [
    reviewLists.countLine("stale_states", counts),
    told.slice(0, reviewLists.MOST).map(makeCard),
    reviewLists.restLine(told),
  ];
}

/** @param {Answers.StaleCheck} one */
const makeCard = (one) =>
  el(
    "article",
    { class: `finding ${one.state === "changed" ? "conflict" : "undetermined"}` },
    el("h3", {}, reviewLists.openCheckButton(one.check_id, one.name), badge("stale_states", one.state)),
    el(
      "p",
      { class: "reason" },
      one.checked_on,
      " · ",
      one.causes.map((cause) => tr("stale_causes", cause)).join("; "),
    ),
    one.refusal ? el("p", {}, tr("errors", one.refusal.code, one.refusal.params)) : null,
    one.changes.length
      ? makeTable(
          ui("stale_changes"),
          [
            { text: ui("stale_site") },
            { text: ui("stale_rule") },
            { text: ui("stale_verdicts") },
            { text: ui("stale_difference"), number: true },
          ],
          one.changes
            .slice(0, reviewLists.MOST)
            .map((change) =>
              el(
                "tr",
                {},
                el("th", { scope: "row" }, change.site_name || change.site_id),
                el("td", {}, change.kind_title ? named(change.kind_title) : change.rule_id),
                el(
                  "td",
                  {},
                  [change.verdict_then, change.verdict_now]
                    .map((verdict) => (verdict ? tr("verdicts", verdict) : "—"))
                    .join(" → "),
                ),
                el("td", { class: "number" }, formatNumber(change.difference_m2, 2)),
              ),
            ),
        )
      : null,
    reviewLists.restLine(one.changes),
  );

export function begin() {
  if (findById("stale-start")) byId("stale-start").addEventListener("click", startRun);
}
