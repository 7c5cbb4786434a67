/* Tables of statistics: look at what would come in, see every row that does not fit, take it in. */
"use strict";

ftz.statistics = { form: null };

ftz.statistics.send = async function (file) {
  const place = ftz.byId("table-result");
  const form = new FormData(ftz.byId("table-form"));
  file.getAll("file").forEach((one) => form.append("file", one, one.name));
  ftz.statistics.form = form;
  ftz.show(place, ftz.views.busy());
  try {
    const preview = await ftz.ask("/api/v1/statistics/preview", { method: "POST", body: form });
    ftz.show(place, ftz.statistics.preview(preview));
  } catch (problem) {
    ftz.show(place, ftz.views.refusal(problem));
  }
};

ftz.statistics.preview = function (preview) {
  const rows = preview.rows.map((row) => ftz.el("tr", {},
    ftz.el("th", { scope: "row" }, ftz.named(row.unit_name)),
    ftz.el("td", {}, row.name ? ftz.named(row.name) : ftz.text("denominators", row.role.split(":")[1])),
    ftz.el("td", {}, `${row.year} ${row.months} ${ftz.text("periods", row.period)}`),
    ftz.el("td", { class: "number", title: row.note || null },
      `${row.relation === "=" ? "" : row.relation}${ftz.number(row.value, 2)} ${ftz.unit(row.unit)}${row.note ? " *" : ""}`),
    ftz.el("td", { class: "number quiet" }, row.replaces === null ? "" : ftz.number(row.replaces, 2))));
  return [
    ftz.el("p", { class: "notice" }, ftz.ui("table_preview", { name: preview.source_name, line: preview.header_line, values: preview.values, areas: preview.areas, replaced: preview.replaced })),
    ftz.table(ftz.ui("table_import"), [{ text: ftz.ui("unit_name") }, { text: ftz.ui("indicator") }, { text: ftz.ui("year") }, { text: ftz.ui("table_value"), number: true }, { text: ftz.ui("table_replaces"), number: true }], rows),
    ftz.statistics.findings(preview.remarks),
    ftz.statistics.findings(preview.questions),
    ftz.el("div", { class: "actions" }, ftz.el("button", { type: "button", class: "primary", onclick: () => ftz.statistics.store(preview.questions.length > 0) }, ftz.ui(preview.questions.length ? "table_confirm" : "table_store"))),
  ];
};

ftz.statistics.findings = function (found) {
  return found.length ? ftz.el("ul", { class: "faults" }, found.map((one) => ftz.el("li", {},
    one.column ? ftz.el("q", {}, one.column) : null, ftz.text("table_problems", one.code, { text: one.text })))) : null;
};

ftz.statistics.store = async function (confirmed) {
  const place = ftz.byId("table-result");
  if (confirmed) ftz.statistics.form.set("accept", "true");
  try {
    const stored = await ftz.ask("/api/v1/statistics", { method: "POST", body: ftz.statistics.form });
    ftz.show(place, ftz.el("p", { class: "notice" }, ftz.ui(stored.created ? "table_stored" : "table_same", { name: stored.table.dataset, version: stored.table.version, values: stored.table.values, areas: stored.table.areas })));
    ftz.views.begun.delete("plan");
    await ftz.density.refresh();
  } catch (problem) {
    ftz.show(place, ftz.views.refusal(problem));
  }
};

ftz.parts.push(function statisticsBegin() {
  if (ftz.config.embedded) return;
  ftz.views.upload(ftz.byId("table-file"), (form) => {
    if (ftz.byId("table-form").reportValidity()) ftz.statistics.send(form);
  });
  ftz.byId("table-import").addEventListener("toggle", () => ftz.views.options(ftz.byId("table-units"),
    [["", ftz.ui("table_own_units")], ...[...ftz.layers.entries.values()].filter((one) => one.geometry_type.includes("Polygon")).map((one) => [one.id, ftz.named(one.title)])], ""));
});
