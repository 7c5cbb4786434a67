/* Tables of statistics: look at what would come in, see every row that does not fit, take it in. */

import { byId, el, faultNotes, fillOptions, formById, inputById, makeTable, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { formatNumber, named, tr, ui, unitText } from "../core/words.js";
import * as choropleth from "./choropleth.js";
import * as views from "./views.js";
import { makeWithdrawal } from "../data/withdraw.js";
import * as drawnLayers from "../map/layers.js";

/** @type {{ form: FormData | null }} */
const state = { form: null };

/** @param {FormData} file */
async function sendTable(file) {
  const place = byId("table-result");
  const form = new FormData(formById("table-form"));
  /** @type {File[]} */ (file.getAll("file")).forEach((one) => form.append("file", one, one.name));
  state.form = form;
  setChildren(place, views.busyLine());
  try {
    const preview = await ask("api/v1/statistics/preview", { method: "POST", body: form });
    setChildren(place, makePreview(preview));
  } catch (problem) {
    setChildren(place, views.refusalBox(problem));
  }
}

/** @param {Answers.TablePreview} preview */
function makePreview(preview) {
  const rows = preview.rows.map((row) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, named(row.unit_name)),
      el("td", {}, row.name ? named(row.name) : tr("denominators", row.role.split(":")[1])),
      el("td", {}, `${row.year} ${row.months} ${tr("periods", row.period)}`),
      el("td", { class: "number", title: row.note || null }, valueText(row)),
      el(
        "td",
        { class: "number quiet", title: row.replaces_source },
        row.replaces === null ? "" : formatNumber(row.replaces, 2),
      ),
    ),
  );
  return [
    el(
      "p",
      { class: "notice" },
      ui("table_preview", {
        name: preview.source_name,
        line: preview.header_line,
        values: preview.values,
        areas: preview.areas,
        replaced: preview.replaced,
      }),
    ),
    makeTable(
      ui("table_import"),
      [
        { text: ui("unit_name") },
        { text: ui("indicator") },
        { text: ui("year") },
        { text: ui("table_value"), number: true },
        { text: ui("table_replaces"), number: true },
      ],
      rows,
    ),
    ...makeReplaced(preview.replacements),
    makeFindings(preview.remarks),
    makeFindings(preview.questions),
    el(
      "div",
      { class: "actions" },
      el(
        "button",
        { type: "button", class: "primary", onclick: () => storeTable(preview.questions.length > 0) },
        ui(preview.questions.length ? "table_confirm" : "table_store"),
      ),
    ),
  ];
}

/** @param {Answers.PreviewRow} row */
function valueText(row) {
  const relation = row.relation === "=" ? "" : row.relation;
  return `${relation}${formatNumber(row.value, 2)} ${unitText(row.unit)}${row.note ? " *" : ""}`;
}

/**
 * Both values and sources of the figures that others take the place of.
 * @param {Answers.TablePreview["replacements"]} found
 */
function makeReplaced(found) {
  if (!found.length) return [];
  const items = found.map((one) => {
    const { after } = one;
    const what = after.name ? named(after.name) : tr("denominators", after.role.split(":")[1]);
    const time = `${after.year ?? ""} ${after.months} ${tr("periods", after.period)}`;
    return el(
      "li",
      {},
      el("b", {}, `${named(after.unit_name)} ${what} ${time} `),
      ui("figure_replaced", {
        before: sourcedText(one.before),
        after: sourcedText(after),
        dataset: one.dataset ?? ui("shipped_figures"),
      }),
    );
  });
  return [el("p", { class: "notice" }, ui("figures_replaced")), el("ul", { class: "replaced" }, items)];
}

/** @param {Answers.PreviewRow} row */
const sourcedText = (row) => `${valueText(row)} (${row.source}, ${tr("qualities", row.quality) || row.quality})`;

/** @param {Answers.TablePreview["questions"]} found */
function makeFindings(found) {
  if (!found.length) return null;
  const items = found.map((one) =>
    el(
      "li",
      {},
      one.cell ? el("b", {}, one.cell) : null,
      one.column ? el("q", {}, one.column) : null,
      tr("table_problems", one.code, { text: one.text }),
    ),
  );
  return el("ul", { class: "faults" }, items);
}

/** @param {boolean} confirmed what was asked about was looked at */
async function storeTable(confirmed) {
  const place = byId("table-result");
  if (confirmed && state.form) state.form.set("accept", "true");
  try {
    const stored = await ask("api/v1/statistics", { method: "POST", body: state.form });
    setChildren(
      place,
      el(
        "p",
        { class: "notice" },
        ui(stored.created ? "table_stored" : "table_same", {
          name: stored.table.dataset,
          version: stored.table.version,
          values: stored.table.values,
          areas: stored.table.areas,
        }),
      ),
      ...makeReplaced(stored.replacements),
    );
    views.state.begun.delete("plan");
    await Promise.all([listTables(), choropleth.refreshIndicators()]);
  } catch (problem) {
    setChildren(place, views.refusalBox(problem));
  }
}

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
      refresh: async () => {
        views.state.begun.delete("plan");
        await Promise.all([listTables(), choropleth.refreshIndicators()]);
      },
    }),
  );

export function begin() {
  if (page.config.embedded) return;
  views.listenForFiles(inputById("table-file"), (form) => {
    if (formById("table-form").reportValidity()) sendTable(form);
  });
  byId("table-import").addEventListener("toggle", listTables);
  byId("table-import").addEventListener("toggle", () =>
    fillOptions(
      byId("table-units"),
      [
        ["", ui("table_own_units")],
        ...[...drawnLayers.state.entries.values()]
          .filter((one) => one.geometry_type.includes("Polygon"))
          .map((one) => [one.id, named(one.title)]),
      ],
      "",
    ),
  );
}
