/* How a file was understood: what was decided and by what, what was repaired, what it says. */
"use strict";

ftz.intake = {};

ftz.intake.report = function (report) {
  const repairs = report.issues.filter((issue) => issue.code === "geometry_repaired");
  const others = report.issues.filter((issue) => issue.code !== "geometry_repaired");
  return ftz.el("details", { class: "read", open: report.issues.length > 0 || Boolean(report.ledger && report.ledger.left_out.length) }, ftz.el("summary", {}, ftz.ui("read_report")),
    ftz.intake.facts(report),
    others.length ? ftz.el("ul", {}, others.map((issue) =>
      ftz.el("li", { class: issue.severity }, issue.feature_id ? `[${issue.feature_id}] ` : "", ftz.text("issues", issue.code, issue.params)))) : null,
    ftz.intake.ledger(report.ledger),
    repairs.length ? ftz.intake.repairs(repairs) : null,
    Object.entries(report.statements || {}).map(([section, lines]) => ftz.el("details", { class: "statement" },
      ftz.el("summary", {}, ftz.ui("read_statement", { section })), lines.map((line) => ftz.el("div", {}, line)))));
};

/* What of the file became no plot, each with its reason. */
ftz.intake.ledger = function (ledger) {
  if (!ledger || !ledger.left_out.length) return null;
  const text = (entry) => ftz.text("ledger", "entry", {
    what: ftz.text("ledger", `what_${entry.what}`, { label: entry.label }) + (entry.count > 1 ? ftz.text("ledger", "times", { count: entry.count }) : ""),
    reason: ftz.text("left_out", entry.reason, entry.params),
  });
  const shown = ledger.left_out.slice(0, 200);
  return ftz.el("div", { class: "read-ledger" },
    ftz.el("p", { class: "warning" }, ftz.text("ledger", "sum", { unit: ftz.text("ledger", `unit_${ledger.unit}`), found: ledger.found, used: ledger.used, left: ledger.found - ledger.used })),
    ftz.el("ul", {}, shown.map((entry) => ftz.el("li", {}, text(entry))),
      ledger.left_out.length > shown.length ? ftz.el("li", {}, ftz.text("ledger", "more", { count: ledger.left_out.length - shown.length })) : null));
};

ftz.intake.facts = function (report) {
  const how = (value, code) => [ftz.el("b", {}, value), code ? ftz.el("span", { class: "quiet" }, ftz.text("evidence", code)) : null];
  const rows = [
    ["read_file", [ftz.el("b", {}, report.name), ftz.el("span", { class: "quiet" }, `${ftz.number(report.size_bytes / 1024, 1)} KB`)]],
    ["read_format", how(report.format)],
    ["read_crs", how(report.crs, report.crs_how)],
    ["read_text", report.encoding ? how(report.encoding, report.encoding_how) : null],
    ["read_count", how(ftz.number(report.feature_count, 0))],
    ["read_precision", report.precision_m ? how(`${ftz.number(report.precision_m, report.precision_m < 0.01 ? 4 : 2)} m`) : null],
  ];
  return ftz.el("dl", { class: "read-facts" }, rows.filter(([, value]) => value).map(([word, value]) =>
    [ftz.el("dt", {}, ftz.ui(word)), ftz.el("dd", {}, value)]));
};

ftz.intake.repairs = function (repairs) {
  const cells = (kind, values) => values.map((value, at) => ftz.el(kind, { class: at > 1 ? "number" : "" }, value));
  const area = (m2) => ftz.number(m2, 2);
  return ftz.el("div", { class: "read-repairs" }, ftz.el("p", { class: "warning" }, ftz.ui("read_repaired", { count: repairs.length })),
    ftz.el("table", {}, ftz.el("thead", {}, ftz.el("tr", {}, cells("th", ["read_site", "read_why", "read_before", "read_after"].map((word) => ftz.ui(word))))),
      ftz.el("tbody", {}, repairs.map(({ feature_id, params }) => ftz.el("tr", {}, cells("td",
        [feature_id || "—", ftz.text("evidence", params.why), area(params.area_before_m2), area(params.area_after_m2)]))))));
};

/* Of several layers or files one has to be chosen: a click reads it. */
ftz.intake.choices = function (problem, again) {
  return ftz.el("div", { class: "remedies" }, ftz.el("p", {}, ftz.ui("choose_layer")), problem.params.choices.map((choice) =>
    ftz.el("button", { type: "button", onclick: () => {
      ftz.byId("declare-layer").value = choice;
      ftz.byId("declare").open = true;
      again();
    } }, choice)));
};
