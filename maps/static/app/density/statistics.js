/* Tables of statistics: look at what would come in, see every row that does not fit, take it in. */

import { byId, el, fillOptions, formById, inputById, makeTable, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { formatNumber, named, tr, ui, unitText } from "../core/words.js";
import * as choropleth from "./choropleth.js";
import * as views from "./views.js";
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
    const preview = await ask("/api/v1/statistics/preview", { method: "POST", body: form });
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
      el("td", {}, `${row.year} ${tr("periods", row.period)}`),
      el("td", { class: "number" }, `${formatNumber(row.value, 2)} ${unitText(row.unit)}`),
      el("td", { class: "number quiet" }, row.replaces === null ? "" : formatNumber(row.replaces, 2)),
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
    el(
      "div",
      { class: "actions" },
      el("button", { type: "button", class: "primary", onclick: storeTable }, ui("table_store")),
    ),
  ];
}

async function storeTable() {
  const place = byId("table-result");
  try {
    const stored = await ask("/api/v1/statistics", { method: "POST", body: state.form });
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
    );
    views.state.begun.delete("plan");
    await choropleth.refreshIndicators();
  } catch (problem) {
    setChildren(place, views.refusalBox(problem));
  }
}

export function begin() {
  if (page.config.embedded) return;
  views.listenForFiles(inputById("table-file"), (form) => {
    if (formById("table-form").reportValidity()) sendTable(form);
  });
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
