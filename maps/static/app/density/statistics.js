/* Tables of statistics that came in: their versions, each with the way back. */

import { byId, el, faultNotes, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { ui } from "../core/words.js";
import * as choropleth from "./choropleth.js";
import { showMissing } from "./linkage.js";
import * as views from "./views.js";
import { makeWithdrawal } from "../data/withdraw.js";

/* The data sets that came in, each with its versions and the way back. */
async function listTables() {
  const place = byId("table-versions");
  try {
    const { tables, damaged } = await ask("api/v1/statistics");
    const histories = await Promise.all(
      tables.map((/** @type {Answers.TableOut} */ one) =>
        ask(`api/v1/statistics/${encodeURIComponent(one.dataset)}/versions`),
      ),
    );
    setChildren(
      place,
      faultNotes({ damaged: [...damaged, ...histories.flatMap((history) => history.damaged)] }),
      histories.flatMap((history) => history.tables.map(makeTableVersion)),
    );
  } catch (problem) {
    setChildren(place, views.refusalBox(problem));
  }
}

/** @param {Answers.TableOut} one */
const makeTableVersion = (one) =>
  el(
    "li",
    {},
    ui("table_version", {
      name: one.dataset,
      version: one.version,
      date: one.created_at.slice(0, 10),
      file: one.source_name,
      count: one.values + one.areas,
    }),
    makeWithdrawal({
      address: `api/v1/statistics/${encodeURIComponent(one.dataset)}/versions/${one.version}`,
      label: `${one.dataset} ${one.version}`,
      steps: one.withdrawals,
      refresh: readAnew,
    }),
  );

/* What shows figures shows others now. */
async function readAnew() {
  views.state.begun.delete("plan");
  await Promise.all([listTables(), choropleth.refreshIndicators(), showMissing()]);
}

export function begin() {
  if (page.config.embedded) return;
  byId("table-import").addEventListener("toggle", listTables);
  document.addEventListener("ftz:imported", (event) => {
    if (/** @type {CustomEvent} */ (event).detail === "table") void readAnew();
  });
}
