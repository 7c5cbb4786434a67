/* One finding: what it says, how firm it is, what follows, and what a reviewer holds against it. */
"use strict";

ftz.finding = { reviewer: "", gravity: ["conflict", "undetermined", "conditional", "contact", "clear"] };

/* The gravest first; what is clear is folded away, so that nothing grave is scrolled past. */
ftz.finding.cards = function (result, site) {
  const rank = (finding) => ftz.finding.gravity.indexOf(finding.verdict);
  const clear = site.findings.filter((finding) => finding.verdict === "clear" && !finding.override);
  const rest = site.findings.filter((finding) => !clear.includes(finding)).sort((a, b) => rank(a) - rank(b));
  const cards = (findings) => findings.map((finding) => ftz.finding.card(result, site, finding));
  return [cards(rest), clear.length ? ftz.el("details", { class: "all-clear", open: !rest.length },
    ftz.el("summary", {}, ftz.ui("clear_findings", { count: clear.length })), cards(clear)) : null];
};

ftz.finding.site = function (result, site) {
  const verdict = ftz.badge("verdicts", site.verdict);
  return ftz.el("section", { class: "site" },
    ftz.el("h2", {}, site.name || ftz.ui("site_number", { id: site.site_id }), " ", verdict),
    site.reviewed_verdict ? ftz.el("p", { class: "overridden" }, ftz.ui("reviewed_as"), " ", ftz.badge("verdicts", site.reviewed_verdict)) : null,
    ftz.el("p", {}, ftz.ui("site_area", { m2: ftz.number(site.area_m2, 2), ha: ftz.number(site.area_m2 / 1e4, 4), mu: ftz.number(site.area_mu, 3) })),
    ftz.finding.cards(result, site));
};

ftz.finding.card = function (result, site, finding) {
  const point = (on) => () => ftz.check.point(on ? finding : null);
  return ftz.el("article", { class: `finding ${finding.verdict}`, onmouseenter: point(true), onmouseleave: point(false), onfocusin: point(true), onfocusout: point(false) },
    ftz.el("h3", {}, ftz.named(finding.title), finding.layer_status ? ftz.badge("statuses", finding.layer_status) : null, ftz.badge("verdicts", finding.verdict)),
    finding.rule_id === finding.kind ? null : ftz.el("p", { class: "quiet" }, ftz.named(finding.demands)),
    ftz.el("p", { class: "reason" }, finding.reasons.map((code) => ftz.text("reasons", code)).join("; ")),
    ftz.finding.overridden(finding),
    ftz.el("dl", {}, ftz.finding.facts(finding)),
    finding.spans_zero ? ftz.el("p", { class: "notice" }, ftz.ui("spans_zero")) : null,
    ftz.finding.units(finding),
    ftz.finding.decision(finding),
    finding.parts.some((part) => part.geometry) ? ftz.el("button", { type: "button", class: "locate", onclick: () => ftz.check.fit(ftz.check.spots.get(finding)) }, ftz.ui("locate")) : null,
    ftz.finding.details(finding),
    ftz.finding.overrideForm(result, site, finding));
};

ftz.finding.facts = function (finding) {
  const fact = (key, text) => ftz.el("div", {}, ftz.el("dt", {}, ftz.ui(key)), ftz.el("dd", {}, text));
  const inside = finding.relation === "must_be_inside", some = finding.overlap_area_m2 > 0;
  const interval = finding.overlap_interval_m2;
  return finding.overlap_area_m2 === null ? [] : [
    fact(inside ? "outside_area" : "overlap_area", `${ftz.number(finding.overlap_area_m2, 2)} m²`),
    some ? fact("in_ha_mu", `${ftz.number(finding.overlap_area_m2 / 1e4, 4)}\u00a0ha · ${ftz.number(finding.overlap_area_mu, 3)}\u00a0${ftz.ui("mu")}`) : null,
    some && finding.inside_printed ? fact("inside_outside", `${ftz.number(finding.inside_printed.ha, 4)} + ${ftz.number(finding.outside_printed.ha, 4)}\u00a0ha`) : null,
    some ? fact("share", `${ftz.number(finding.share_pct, 2)} %`) : null,
    interval && interval[1] > 0 ? fact("interval", `${ftz.number(interval[0], 2)} – ${ftz.number(interval[1], 2)} m²`) : null,
    some ? fact("largest_width", `${ftz.number(finding.max_width_m, 3)} m`) : null,
    finding.nearest_m ? fact("nearest", `${ftz.number(finding.nearest_m, 1)} m`) : null,
    finding.buffer_m ? fact("buffer", `${ftz.number(finding.buffer_m, 0)} m`) : null,
    fact("coverage", finding.coverage_pct === null ? ftz.ui("coverage_unstated") : `${ftz.number(finding.coverage_pct, 1)} %`),
  ];
};

/* Units that a site lies in, with what they ask: names of fields as the layer has them. */
ftz.finding.units = function (finding) {
  return finding.parts.filter((part) => Object.keys(part.attributes).length).map((part) =>
    ftz.el("div", { class: "unit" },
      ftz.el("p", {}, ftz.el("b", {}, part.feature_id), ` ${ftz.number(part.area_m2 / 1e4, 4)} ha`),
      ftz.el("dl", {}, Object.entries(part.attributes).map(([name, value]) =>
        ftz.el("div", {}, ftz.el("dt", {}, ftz.text("attributes", name)), ftz.el("dd", {}, value))))));
};

/* What follows for the stated nature of the project; nothing is said where none is stated. */
ftz.finding.decision = function (finding) {
  const { outcome, statement, papers } = finding.decision;
  if (!ftz.check.nature) return null;
  const ha = ftz.number((finding.overlap_area_m2 || 0) / 1e4, 4);
  return ftz.el("div", { class: `decision ${outcome}` },
    ftz.el("p", {}, ftz.el("b", {}, `${ftz.ui("outcome")}: `), ftz.text("outcomes", outcome)),
    papers.length ? ftz.el("p", {}, ftz.el("b", {}, `${ftz.ui("papers")}: `), papers.map((one) => ftz.text("papers", one)).join("; ")) : null,
    statement ? ftz.el("p", {}, ftz.text("statements", statement, { ha })) : null);
};

ftz.finding.details = function (finding) {
  const cited = finding.citation, lang = ftz.config.lang;
  return ftz.el("details", {}, ftz.el("summary", {}, ftz.ui("details")),
    ftz.el("p", {}, ftz.named(finding.demands)),
    ftz.finding.parts(finding),
    ftz.finding.sensitivity(finding),
    ftz.el("p", {}, ftz.el("cite", {}, cited[`document_${lang}`]), ` ${cited.number} ${cited.clause}`),
    ftz.el("p", {}, cited[`note_${lang}`]),
    ftz.el("p", { class: "quiet" }, `${ftz.ui("certainty")}: ${ftz.text("certainty", cited.certainty)}`),
    finding.layer_id ? ftz.el("p", { class: "quiet" }, ftz.ui("layer_version", { id: finding.layer_id, version: finding.layer_version, width: ftz.number(finding.tolerance_width_m, 3) })) : null);
};

ftz.finding.parts = (finding) => finding.parts.length ? ftz.table(ftz.ui("parts"),
  [{ text: ftz.ui("feature") }, { text: `${ftz.ui("area")} m²`, number: true }, { text: `${ftz.ui("largest_width")} m`, number: true }, { text: `${ftz.ui("average_width")} m`, number: true }],
  finding.parts.map((part) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, ftz.finding.partName(part.feature_id)),
    [[part.printed.m2, 2], [part.max_width_m, 3], [part.average_width_m, 3]].map(([value, decimals]) => ftz.el("td", { class: "number" }, ftz.number(value, decimals)))))) : null;

ftz.finding.partName = (id) => id.startsWith("outside-") ? ftz.ui("outside_part", { number: id.slice(8) }) : id;

ftz.finding.sensitivity = (finding) => finding.sensitivity.length ? ftz.table(ftz.ui("sensitivity"),
  [{ text: ftz.ui("sensitivity") }, { text: `${ftz.ui("area")} m²`, number: true }],
  finding.sensitivity.map((row) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, `${ftz.number(row.tolerance_m, 2)} m`),
    ftz.el("td", { class: "number" }, ftz.number(row.overlap_area_m2, 2))))) : null;

ftz.finding.overridden = (finding) => finding.override ? ftz.el("div", { class: "overridden" },
  ftz.el("p", {}, ftz.ui("reviewed_as"), " ", ftz.badge("verdicts", finding.override.verdict)),
  ftz.el("p", {}, finding.override.reason),
  ftz.el("p", { class: "quiet" }, `${finding.override.name} · ${finding.override.at}`)) : null;

/* The computed verdict stays; a reviewer's own is recorded beside it with reason and name. */
ftz.finding.overrideForm = function (result, site, finding) {
  const field = (label, input) => ftz.el("label", {}, ftz.ui(label), input);
  const verdict = ftz.el("select", { required: true }, ["conflict", "undetermined", "conditional", "contact", "clear"]
    .map((code) => ftz.el("option", { value: code, selected: code === finding.verdict }, ftz.text("verdicts", code))));
  const reason = ftz.el("textarea", { rows: "2", required: true, maxlength: "2000" });
  const name = ftz.el("input", { required: true, maxlength: "100", value: ftz.finding.reviewer });
  const status = ftz.el("div", { "aria-live": "polite" });
  const send = async (event) => {
    event.preventDefault();
    ftz.finding.reviewer = name.value;
    const address = `/api/v1/checks/${encodeURIComponent(result.id)}`;
    const body = JSON.stringify({ site_id: site.site_id, rule_id: finding.rule_id, layer_id: finding.layer_id, verdict: verdict.value, reason: reason.value, name: name.value });
    try {
      await ftz.ask(`${address}/overrides`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
      ftz.check.present(await ftz.ask(`${address}?geometry=true`));
    } catch (problem) { ftz.show(status, ftz.problem(problem)); }
  };
  return ftz.el("details", { class: "override" }, ftz.el("summary", {}, ftz.ui("override")),
    ftz.el("form", { class: "fields", onsubmit: send }, ftz.el("p", { class: "quiet" }, ftz.ui("override_lead")),
      field("override_verdict", verdict), field("override_reason", reason), field("override_name", name),
      ftz.el("button", { type: "submit", class: "button" }, ftz.ui("override_record")), status));
};
