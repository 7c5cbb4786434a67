/* Publishing step by step: theme, layers, words, story, gate and preview, release. */
"use strict";

ftz.publish = { plan: null, layers: [], least: {}, kept: "ftz-publish" };

/* The draft outlives a change of language and a reload. */
ftz.publish.keep = function () {
  try { sessionStorage.setItem(ftz.publish.kept, JSON.stringify(ftz.publish.plan)); } catch (_) { /* Without storage it lasts as long as the page. */ }
};
ftz.publish.keptPlan = function () {
  try { return JSON.parse(sessionStorage.getItem(ftz.publish.kept)); } catch (_) { return null; }
};

ftz.publish.field = function (text, value, change, more) {
  const { area, ...attributes } = more || {};
  const input = area ? ftz.el("textarea", { rows: 3, ...attributes }) : ftz.el("input", { autocomplete: "off", ...attributes });
  input.value = value || "";
  input.addEventListener("input", () => { change(input.value); ftz.publish.keep(); });
  return ftz.el("label", {}, text, input);
};
ftz.publish.both = (key, value, more) => ["zh", "en"].map((lang) => ftz.publish.field(
  ftz.ui("publish_in", { name: ftz.ui(key), lang: { zh: ftz.ui("publish_zh"), en: ftz.ui("publish_en") }[lang] }), value[lang], (text) => { value[lang] = text; }, more));

ftz.publish.showLayers = function () {
  const { plan } = ftz.publish;
  ftz.show(ftz.byId("publish-layers"), ftz.publish.layers.map((layer) => {
    const least = ftz.publish.least[layer.sensitivity];
    const planned = plan.layers.find((one) => one.id === layer.id);
    const box = ftz.el("input", { type: "checkbox", id: `publish-${layer.id}`, checked: Boolean(planned), disabled: least === null });
    const metres = ftz.el("input", { type: "number", min: least || 0, max: 10000, step: 10, "aria-label": ftz.ui("publish_displacement", { layer: ftz.named(layer.title) }) });
    metres.value = planned ? planned.displacement_m : least || 0;
    const change = () => {
      plan.layers = plan.layers.filter((one) => one.id !== layer.id);
      if (box.checked) plan.layers.push({ id: layer.id, displacement_m: Number(metres.value) });
      ftz.publish.keep();
    };
    box.addEventListener("change", change);
    metres.addEventListener("input", change);
    return ftz.el("div", { class: "publish-layer" }, box, ftz.el("label", { for: box.id }, ftz.named(layer.title), " ", ftz.badge("statuses", layer.status)), metres,
      least === null ? ftz.el("span", { class: "quiet" }, ftz.ui("publish_never")) : least > 0 ? ftz.el("span", { class: "quiet" }, ftz.ui("publish_least", { m: least })) : null);
  }));
};

ftz.publish.showDensities = function () {
  const { plan } = ftz.publish, offered = ftz.publish.indicators || [];
  const rows = offered.flatMap((indicator) => indicator.years.flatMap((year) => year.denominators.map((denominator) => ({ indicator, year: year.year, denominator }))));
  const same = (one, row) => one.indicator === row.indicator.id && one.year === row.year && one.denominator === row.denominator;
  ftz.show(ftz.byId("publish-densities"), ftz.el("details", { class: "declare" }, ftz.el("summary", {}, ftz.ui("publish_densities", { count: plan.densities.length })),
    rows.map((row, at) => {
      const box = ftz.el("input", { type: "checkbox", id: `publish-density-${at}`, checked: plan.densities.some((one) => same(one, row)), onchange: () => {
        plan.densities = plan.densities.filter((one) => !same(one, row));
        if (box.checked) plan.densities.push({ indicator: row.indicator.id, year: row.year, denominator: row.denominator });
        plan.story.forEach((step) => { step.density = null; });
        ftz.publish.keep();
      } });
      return ftz.el("div", { class: "fields" }, ftz.el("label", { class: "tick", for: box.id }, box, `${ftz.named(row.indicator.name)} ${row.year} · ${ftz.text("denominators", row.denominator)}`));
    })));
};

ftz.publish.showWords = function () {
  const { plan } = ftz.publish, { field, both } = ftz.publish;
  const draft = ftz.el("input", { type: "checkbox", id: "publish-draft", checked: plan.draft, onchange: () => { plan.draft = draft.checked; ftz.publish.keep(); } });
  const prints = ftz.el("input", { type: "checkbox", id: "publish-prints", checked: plan.prints, onchange: () => { plan.prints = prints.checked; ftz.publish.keep(); } });
  ftz.show(ftz.byId("publish-words"),
    field(ftz.ui("publish_id"), plan.id, (text) => { plan.id = text; }, { pattern: "[a-z][a-z0-9_\\-]*" }),
    both("publish_title", plan.title), both("publish_maker", plan.maker), both("publish_disclaimer", plan.disclaimer, { area: true }),
    field(ftz.ui("publish_data_date"), plan.data_date, (text) => { plan.data_date = text; }, { type: "date" }),
    field(ftz.ui("publish_review_number"), plan.review_number, (text) => { plan.review_number = text.trim() || null; }, { placeholder: "云S(2026)12号" }),
    ftz.el("label", { class: "tick", for: draft.id }, draft, ftz.ui("publish_draft")),
    ftz.el("label", { class: "tick", for: prints.id }, prints, ftz.ui("publish_prints")));
};

ftz.publish.showStory = function () {
  const { plan, both } = ftz.publish;
  ftz.show(ftz.byId("publish-story"), plan.story.map((step, at) => {
    const look = ftz.el("button", { type: "button", class: "button", onclick: () => {
      const box = ftz.map.getBounds();
      step.bounds_lonlat = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((one) => Number(one.toFixed(5)));
      ftz.publish.keep();
      ftz.publish.showStory();
    } }, ftz.ui("publish_take_view"));
    const drop = ftz.el("button", { type: "button", class: "button", onclick: () => { plan.story.splice(at, 1); ftz.publish.keep(); ftz.publish.showStory(); } }, ftz.ui("publish_drop_step"));
    return ftz.el("div", { class: "publish-step fields" }, both("publish_heading", step.heading), both("publish_text", step.text, { area: true }),
      ftz.el("p", { class: "quiet" }, step.bounds_lonlat ? ftz.ui("publish_view", { view: step.bounds_lonlat.join(", ") }) : ftz.ui("publish_no_view")),
      ftz.el("div", { class: "row" }, look, " ", drop));
  }));
};

ftz.publish.showPlan = function () {
  ftz.publish.showLayers();
  ftz.publish.showDensities();
  ftz.publish.showWords();
  ftz.publish.showStory();
};

ftz.publish.fault = function ({ code, params }) {
  const words = { ...params };
  if (words.mark) words.mark = ftz.text("publish_marks", words.mark);
  if (words.status) words.status = ftz.text("statuses", words.status);
  return ftz.text("publish_faults", code, words);
};

ftz.publish.refusal = (problem) => ftz.el("div", { class: "problem", role: "alert" }, ftz.el("strong", {}, ftz.ui("publish_refused")), ftz.el("p", {}, problem.detail || ""),
  ftz.el("ul", { class: "faults" }, ((problem.params || {}).faults || []).map((fault) => ftz.el("li", {}, ftz.publish.fault(fault)))));

ftz.publish.build = async function () {
  const place = ftz.byId("publish-result");
  ftz.show(place);
  let task;
  try {
    task = await ftz.task("/api/v1/publications", { body: JSON.stringify(ftz.publish.plan), headers: { "content-type": "application/json" } }, ftz.byId("publish-progress"));
  } catch (problem) {
    ftz.show(place, ftz.publish.refusal(problem));
    return;
  }
  const bundle = task.result;
  const release = ftz.el("button", { type: "button", class: "primary", onclick: () => ftz.publish.release(bundle.id, bundle.sha256) }, ftz.ui("publish_release"));
  ftz.show(place,
    ftz.el("p", { class: "notice" }, ftz.ui(bundle.draft ? "publish_passed_draft" : "publish_passed")),
    ftz.table(ftz.ui("publish_layers_table"), [{ text: ftz.ui("publish_layer") }, { text: ftz.ui("publish_stated"), number: true }, { text: ftz.ui("publish_measured"), number: true }, { text: ftz.ui("publish_vanished"), number: true }],
      bundle.layers.map((layer) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, layer.id), ftz.el("td", { class: "number" }, ftz.number(layer.displacement_m, 0)),
        ftz.el("td", { class: "number" }, ftz.number(layer.moved_m, 1)), ftz.el("td", { class: "number" }, ftz.number(layer.vanished, 0))))),
    ftz.el("p", { class: "quiet" }, `sha256:${bundle.sha256}`),
    ftz.el("p", {}, bundle.files.map((name) => [ftz.el("a", { href: bundle.address.replace("index.html", name), target: "_blank", rel: "noopener" }, name), " "]).flat()),
    ftz.el("div", { class: "actions" }, ftz.el("a", { class: "button", href: bundle.address, target: "_blank", rel: "noopener" }, ftz.ui("publish_preview")), release));
};

ftz.publish.release = async function (id, sha256) {
  try {
    await ftz.ask(`/api/v1/publications/${id}/${sha256}/release`, { method: "POST" });
  } catch (problem) {
    ftz.show(ftz.byId("publish-result"), ftz.problem(problem));
    return;
  }
  ftz.publish.list();
};

ftz.publish.list = async function () {
  const place = ftz.byId("publish-list");
  let answer;
  try {
    answer = await ftz.ask("/api/v1/publications");
  } catch (problem) {
    ftz.show(place, ftz.problem(problem));
    return;
  }
  const known = answer.publications.filter((one) => one.releases.length);
  ftz.show(place, ftz.el("h2", {}, ftz.ui("publish_published")), known.length ? known.map(ftz.publish.row) : ftz.el("p", { class: "quiet" }, ftz.ui("publish_none")));
};

ftz.publish.row = function (one) {
  const withdraw = ftz.el("button", { type: "button", class: "button", onclick: async () => {
    if (withdraw.dataset.sure) {
      await ftz.ask(`/api/v1/publications/${one.id}/withdraw`, { method: "POST" }).catch(() => null);
      ftz.publish.list();
    } else {
      withdraw.dataset.sure = "yes";
      withdraw.textContent = ftz.ui("publish_withdraw_sure");
    }
  } }, ftz.ui("publish_withdraw"));
  const state = one.current ? ftz.el("a", { href: one.address, target: "_blank", rel: "noopener" }, ftz.ui("publish_open")) : ftz.el("span", { class: "quiet" }, ftz.ui("publish_withdrawn", { at: one.withdrawn_at }));
  const past = one.releases.filter((release) => release.sha256 !== one.current);
  return ftz.el("article", { class: "publication" }, ftz.el("div", { class: "row" }, ftz.el("strong", {}, one.title ? ftz.named(one.title) : one.id), one.draft ? ftz.el("span", { class: "badge demonstration" }, ftz.ui("publish_draft_badge")) : null, state, one.current ? withdraw : null),
    past.length ? ftz.el("details", { class: "declare" }, ftz.el("summary", {}, ftz.ui("publish_past", { count: past.length })), past.map((release) => ftz.el("p", {},
      ftz.el("span", { class: "quiet" }, `${release.released_at.slice(0, 16)} ${release.sha256.slice(0, 12)} `),
      ftz.el("button", { type: "button", class: "button", onclick: () => ftz.publish.release(one.id, release.sha256) }, ftz.ui("publish_restore"))))) : null);
};

ftz.publish.begin = async function () {
  ftz.publish.list();
  try {
    const [themes, layers, indicators] = await Promise.all([ftz.ask("/api/v1/publications/themes"), ftz.data.layers(), ftz.data.indicators()]);
    ftz.publish.least = themes.least_displacement_m;
    ftz.publish.layers = layers.layers.filter((layer) => layer.in_use);
    ftz.publish.indicators = indicators.indicators;
    const choice = ftz.byId("publish-theme");
    ftz.show(choice, themes.themes.map((theme) => ftz.el("option", { value: theme.id }, ftz.named(theme.title))));
    const propose = async () => {
      ftz.publish.plan = await ftz.ask(`/api/v1/publications/themes/${encodeURIComponent(choice.value)}`);
      ftz.publish.keep();
      ftz.publish.showPlan();
    };
    choice.addEventListener("change", propose);
    ftz.publish.plan = ftz.publish.keptPlan();
    if (ftz.publish.plan) ftz.publish.showPlan(); else await propose();
  } catch (problem) {
    ftz.show(ftz.byId("publish-result"), ftz.problem(problem));
  }
};

ftz.parts.push(function publishBegin() {
  if (!ftz.byId("view-publish")) return;
  let begun = false;
  ftz.tabs.watchers.publish = (on) => {
    if (on && !begun) { begun = true; ftz.publish.begin(); }
  };
  ftz.tabs.watchers.publish(ftz.state.tab === "publish");
  ftz.byId("publish-build").addEventListener("click", ftz.publish.build);
  ftz.byId("publish-add-step").addEventListener("click", () => {
    ftz.publish.plan.story.push({ heading: { zh: "", en: "" }, text: { zh: "", en: "" }, layers: [], density: null, bounds_lonlat: null });
    ftz.publish.keep();
    ftz.publish.showStory();
  });
});
