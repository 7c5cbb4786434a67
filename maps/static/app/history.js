/* Past checks: found again, opened, compared by eye. */
"use strict";

ftz.history = {};
ftz.history.load = async function () {
  const place = ftz.byId("history-list");
  ftz.show(place, ftz.el("p", { class: "busy" }, ftz.ui("loading")));
  try {
    const { checks, more } = await ftz.ask("/api/v1/checks");
    ftz.show(place, checks.length ? ftz.el("ul", { class: "plain-list" }, checks.map(ftz.history.row)) : ftz.el("p", { class: "quiet" }, ftz.ui("history_none")),
      more ? ftz.el("p", { class: "quiet" }, ftz.ui("more", { count: more })) : "");
  } catch (problem) { ftz.show(place, ftz.problem(problem)); }
};
ftz.history.row = (one) => ftz.el("li", { class: "past" },
  ftz.el("button", { type: "button", class: "linklike", onclick: () => ftz.check.run(() => ftz.ask(`/api/v1/checks/${encodeURIComponent(one.id)}?geometry=true`)) },
    one.name || ftz.ui("site_number", { id: one.id.slice(0, 8) }), one.site_count > 1 ? ` +${one.site_count - 1}` : ""),
  ftz.badge("verdicts", one.verdict),
  ftz.el("span", { class: "quiet" }, `${ftz.number(one.area_m2 / 1e4, 2)} ha · ${new Date(one.kept_at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" })}`));

ftz.parts.push(function historyBegin() {
  const box = ftz.byId("history");
  if (box) box.addEventListener("toggle", () => { if (box.open) ftz.history.load(); });
});
