/* Past checks: found again, opened, compared by eye. */

import { byId, el, faultNotes, findById, problemBox, setChildren } from "../core/elements.js";
import { ask } from "../core/server.js";
import { formatMoment, formatNumber, ui } from "../core/words.js";
import * as siteCheck from "./check.js";
import { verdictBadges } from "./verdicts.js";

async function loadChecks() {
  const place = byId("history-list");
  setChildren(place, el("p", { class: "busy" }, ui("loading")));
  try {
    const { checks, damaged, more } = await ask("api/v1/checks");
    setChildren(
      place,
      faultNotes({ damaged }),
      checks.length
        ? el("ul", { class: "plain-list" }, checks.map(makeRow))
        : el("p", { class: "quiet" }, ui("history_none")),
      more ? el("p", { class: "quiet" }, ui("more", { count: more })) : "",
    );
  } catch (problem) {
    setChildren(place, problemBox(problem));
  }
}
/** @param {Answers.CheckSummary} one */
const makeRow = (one) =>
  el(
    "li",
    { class: "past" },
    el(
      "button",
      {
        type: "button",
        class: "linklike",
        onclick: () => siteCheck.runCheck(() => ask(`api/v1/checks/${encodeURIComponent(one.id)}?geometry=true`)),
      },
      one.name || ui("site_number", { id: one.id.slice(0, 8) }),
      one.site_count > 1 ? ` +${one.site_count - 1}` : "",
    ),
    verdictBadges(one.verdict, one.reviewed_verdict),
    el("span", { class: "quiet" }, `${formatNumber(one.printed.ha, 4)} ha · ${formatMoment(one.kept_at)}`),
  );

export function begin() {
  const box = /** @type {HTMLDetailsElement | null} */ (findById("history"));
  if (box)
    box.addEventListener("toggle", () => {
      if (box.open) loadChecks();
    });
}
