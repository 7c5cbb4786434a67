/* Publishing step by step: theme, layers, words, story, gate and preview, release. */

import * as answers from "../core/answers.js";
import {
  badge,
  byId,
  el,
  faultNotes,
  findById,
  makeTable,
  problemBox,
  selectById,
  setChildren,
} from "../core/elements.js";
import { hashState } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { compareFromTop } from "../core/drawing_order.js";
import { makeKeeping, showChecklist, showPreviews } from "./before_release.js";
import { listOrders, listViews, orderText } from "./orders.js";
import { ask, fromPage, runTask } from "../core/server.js";
import { formatNumber, named, tr, ui } from "../core/words.js";
import { isWithdrawn, makeWithdrawal } from "../data/withdraw.js";
import * as tabs from "../workbench/tabs.js";

/**
 * @typedef {object} State
 * @property {App.PublicationPlan} plan
 * @property {Answers.LayerOut[]} layers
 * @property {Record<string, number | null>} least
 * @property {Answers.IndicatorOption[]} indicators
 */
/** @typedef {Record<string, App.Attribute>} FieldOptions */

/** @type {State} */
const state = { plan: /** @type {App.PublicationPlan} */ ({}), layers: [], least: {}, indicators: [] };
const KEPT = "ftz-publish";

/* The draft outlives a change of language and a reload. */
function keepPlan() {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(state.plan));
  } catch {
    /* Without storage it lasts as long as the page. */
  }
}
function keptPlan() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) || "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} text
 * @param {string | null} value
 * @param {(text: string) => void} change
 * @param {FieldOptions} [more]
 */
function makeField(text, value, change, more) {
  const { area, ...attributes } = more || {};
  const input = area ? el("textarea", { rows: 3, ...attributes }) : el("input", { autocomplete: "off", ...attributes });
  input.value = value || "";
  input.addEventListener("input", () => {
    change(input.value);
    keepPlan();
  });
  return el("label", {}, text, input);
}
/**
 * @param {string} key
 * @param {Answers.Title} value
 * @param {FieldOptions} [more]
 */
const makeFields = (key, value, more) =>
  /** @type {("zh" | "en")[]} */ (["zh", "en"]).map((lang) =>
    makeField(
      ui("publish_in", { name: ui(key), lang: lang === "zh" ? ui("publish_zh") : ui("publish_en") }),
      value[lang],
      (text) => {
        value[lang] = text;
      },
      more,
    ),
  );

function showLayers() {
  const { plan } = state;
  setChildren(
    byId("publish-layers"),
    state.layers.map((layer) => {
      const least = state.least[layer.sensitivity];
      const planned = plan.layers.find((one) => one.id === layer.id);
      const box = el("input", {
        type: "checkbox",
        id: `publish-${layer.id}`,
        checked: Boolean(planned),
        disabled: least === null,
      });
      const metres = el("input", {
        type: "number",
        min: least || 0,
        max: 10000,
        step: 10,
        "aria-label": ui("publish_displacement", { layer: named(layer.title) }),
      });
      metres.value = String(planned ? planned.displacement_m : least || 0);
      const change = () => {
        plan.layers = plan.layers.filter((one) => one.id !== layer.id);
        if (box.checked) plan.layers.push({ id: layer.id, displacement_m: Number(metres.value) });
        keepPlan();
      };
      box.addEventListener("change", change);
      metres.addEventListener("input", change);
      return el(
        "div",
        { class: "publish-layer" },
        box,
        el("label", { for: box.id }, named(layer.title), " ", badge("statuses", layer.status)),
        metres,
        least === null
          ? el("span", { class: "quiet" }, ui("publish_never"))
          : least > 0
            ? el("span", { class: "quiet" }, ui("publish_least", { m: least }))
            : null,
      );
    }),
  );
}

function showDensities() {
  const { plan } = state,
    offered = state.indicators || [];
  const rows = offered.flatMap((indicator) =>
    indicator.years.flatMap((year) =>
      year.denominators.map((denominator) => ({ indicator, year: year.year, nature: year.nature, denominator })),
    ),
  );
  const same = (
    /** @type {App.PublicationPlan["densities"][number]} */ one,
    /** @type {{ indicator: Answers.IndicatorOption, year: number, nature: string, denominator: string }} */ row,
  ) => one.indicator === row.indicator.id && one.year === row.year && one.denominator === row.denominator;
  setChildren(
    byId("publish-densities"),
    el(
      "details",
      { class: "declare" },
      el("summary", {}, ui("publish_densities", { count: plan.densities.length })),
      rows.map((row, at) => {
        const box = el("input", {
          type: "checkbox",
          id: `publish-density-${at}`,
          checked: plan.densities.some((one) => same(one, row)),
          onchange: () => {
            plan.densities = plan.densities.filter((one) => !same(one, row));
            if (box.checked)
              plan.densities.push({
                indicator: row.indicator.id,
                year: row.year,
                denominator: row.denominator,
                nature: row.nature,
              });
            plan.story.forEach((step) => {
              step.density = null;
            });
            keepPlan();
          },
        });
        return el(
          "div",
          { class: "fields" },
          el(
            "label",
            { class: "tick", for: box.id },
            box,
            [
              `${named(row.indicator.name)} ${row.year}`,
              row.nature === "fact" ? null : tr("periods", row.nature),
              tr("denominators", row.denominator),
            ]
              .filter(Boolean)
              .join(" · "),
          ),
        );
      }),
    ),
  );
}

function showWords() {
  const { plan } = state;
  const draft = el("input", {
    type: "checkbox",
    id: "publish-draft",
    checked: plan.draft,
    onchange: () => {
      plan.draft = draft.checked;
      keepPlan();
    },
  });
  const prints = el("input", {
    type: "checkbox",
    id: "publish-prints",
    checked: plan.prints,
    onchange: () => {
      plan.prints = prints.checked;
      keepPlan();
    },
  });
  setChildren(
    byId("publish-words"),
    makeField(
      ui("publish_id"),
      plan.id,
      (text) => {
        plan.id = text;
      },
      { pattern: "[a-z][a-z0-9_\\-]*" },
    ),
    makeFields("publish_title", plan.title),
    makeFields("publish_maker", plan.maker),
    makeFields("publish_disclaimer", plan.disclaimer, { area: true }),
    makeField(
      ui("publish_data_date"),
      plan.data_date,
      (text) => {
        plan.data_date = text;
      },
      { type: "date" },
    ),
    makeField(
      ui("publish_review_number"),
      plan.review_number,
      (text) => {
        plan.review_number = text.trim() || null;
      },
      { placeholder: "云S(2026)12号" },
    ),
    el("label", { class: "tick", for: draft.id }, draft, ui("publish_draft")),
    el("label", { class: "tick", for: prints.id }, prints, ui("publish_prints")),
  );
}

function showStory() {
  const { plan } = state;
  setChildren(
    byId("publish-story"),
    plan.story.map((step, at) => {
      const look = el(
        "button",
        {
          type: "button",
          class: "button",
          onclick: () => {
            const box = page.map.getBounds();
            const edges = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
            step.bounds_lonlat = /** @type {App.Bounds} */ (edges.map((one) => Number(one.toFixed(5))));
            keepPlan();
            showStory();
          },
        },
        ui("publish_take_view"),
      );
      const drop = el(
        "button",
        {
          type: "button",
          class: "button",
          onclick: () => {
            plan.story.splice(at, 1);
            keepPlan();
            showStory();
          },
        },
        ui("publish_drop_step"),
      );
      return el(
        "div",
        { class: "publish-step fields" },
        makeFields("publish_heading", step.heading),
        makeFields("publish_text", step.text, { area: true }),
        el(
          "p",
          { class: "quiet" },
          step.bounds_lonlat ? ui("publish_view", { view: step.bounds_lonlat.join(", ") }) : ui("publish_no_view"),
        ),
        el("div", { class: "row" }, look, " ", drop),
      );
    }),
  );
}

function showPlan() {
  showLayers();
  showDensities();
  showWords();
  showStory();
}

/** @param {Answers.PublishFault} fault */
function faultText({ code, params }) {
  const words = { ...params };
  if (words.mark) words.mark = tr("publish_marks", words.mark);
  if (words.status) words.status = tr("statuses", words.status);
  return tr("publish_faults", code, words);
}

/** @param {App.Problem} problem */
const refusalBox = (problem) =>
  el(
    "div",
    { class: "problem", role: "alert" },
    el("strong", {}, ui("publish_refused")),
    el("p", {}, problem.detail || ""),
    el(
      "ul",
      { class: "faults" },
      ((problem.params || {}).faults || []).map((/** @type {Answers.PublishFault} */ fault) =>
        el("li", {}, faultText(fault)),
      ),
    ),
  );

async function buildBundle() {
  const place = byId("publish-result");
  setChildren(place);
  let task;
  try {
    task = await runTask(
      "api/v1/publications",
      { body: JSON.stringify({ plan: state.plan }), headers: { "content-type": "application/json" } },
      byId("publish-progress"),
    );
  } catch (problem) {
    setChildren(place, refusalBox(problem));
    return;
  }
  const bundle = task.result;
  const due = el("input", { type: "datetime-local", id: "publish-due" });
  const release = el(
    "button",
    { type: "button", class: "primary", onclick: () => releaseBundle(bundle.id, bundle.sha256, due.value) },
    ui("publish_release"),
  );
  setChildren(
    place,
    el("p", { class: "notice" }, ui(bundle.draft ? "publish_passed_draft" : "publish_passed")),
    makeTable(
      ui("publish_layers_table"),
      [
        { text: ui("publish_layer") },
        { text: ui("publish_stated"), number: true },
        { text: ui("publish_measured"), number: true },
        { text: ui("publish_vanished"), number: true },
      ],
      bundle.layers.map((/** @type {Answers.PublishedLayer} */ layer) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, layer.id),
          el("td", { class: "number" }, formatNumber(layer.displacement_m, 0)),
          el("td", { class: "number" }, formatNumber(layer.moved_m, 1)),
          el("td", { class: "number" }, formatNumber(layer.vanished, 0)),
        ),
      ),
    ),
    el("p", { class: "quiet" }, `sha256:${bundle.sha256}`),
    el(
      "p",
      {},
      bundle.files
        .map((/** @type {string} */ name) => [
          el(
            "a",
            { href: fromPage(bundle.address.replace("index.html", name)), target: "_blank", rel: "noopener" },
            name,
          ),
          " ",
        ])
        .flat(),
    ),
    el(
      "div",
      { class: "actions" },
      el(
        "a",
        { class: "button", href: fromPage(bundle.address), target: "_blank", rel: "noopener" },
        ui("publish_preview"),
      ),
      release,
    ),
    el("div", { class: "fields" }, el("label", { for: due.id }, ui("publish_due"), due)),
    showPreviews(fromPage(bundle.address)),
    showChecklist(bundle.checklist),
    makeKeeping(() => state.plan),
  );
}

/**
 * @param {string} id
 * @param {string} sha256
 * @param {string} [due] at which time in China; at once without one
 */
async function releaseBundle(id, sha256, due) {
  const place = byId("publish-result");
  try {
    const body = due ? { body: JSON.stringify({ due_at: due }), headers: { "content-type": "application/json" } } : {};
    const { order } = await ask(`api/v1/publications/${id}/${sha256}/release`, { method: "POST", ...body });
    if (order) place.prepend(el("p", { class: "notice", role: "status" }, orderText(order)));
  } catch (problem) {
    setChildren(place, problemBox(problem));
    return;
  }
  listPublications();
}

async function listPublications() {
  const place = byId("publish-list");
  let answer;
  try {
    answer = await ask("api/v1/publications");
  } catch (problem) {
    setChildren(place, problemBox(problem));
    return;
  }
  const known = answer.publications.filter((/** @type {Answers.PublicationOut} */ one) => one.releases.length);
  setChildren(
    place,
    el("h2", {}, ui("publish_published")),
    faultNotes(answer),
    known.length ? known.map(makeRow) : el("p", { class: "quiet" }, ui("publish_none")),
    await listOrders(listPublications),
    await listViews(),
  );
}

/** @param {Answers.PublicationOut} one */
function makeRow(one) {
  const address = `api/v1/publications/${one.id}`;
  const label = one.title ? named(one.title) : one.id;
  const shown = one.current
    ? el("a", { href: fromPage(one.address || ""), target: "_blank", rel: "noopener" }, ui("publish_open"))
    : el("span", { class: "quiet" }, ui("publish_withdrawn", { at: one.withdrawn_at }));
  /* As a whole it is withdrawn at once; versions one by one below. */
  const steps = one.current ? [] : one.releases[one.releases.length - 1].withdrawals;
  return el(
    "article",
    { class: "publication" },
    el(
      "div",
      { class: "row" },
      el("strong", {}, label),
      one.draft ? el("span", { class: "badge demonstration" }, ui("publish_draft_badge")) : null,
      shown,
    ),
    makeWithdrawal({ address, label, steps, refresh: listPublications }),
    el(
      "details",
      { class: "declare" },
      el("summary", {}, ui("publish_past", { count: one.releases.length })),
      one.releases.map((release) => makeRelease(one, release)),
    ),
  );
}

/**
 * @param {Answers.PublicationOut} one
 * @param {Answers.ReleaseOut} release
 */
function makeRelease(one, release) {
  const { sha256, withdrawals } = release;
  const line = `${release.released_at.slice(0, 16)} ${sha256.slice(0, 12)} `;
  const again =
    sha256 === one.current || isWithdrawn(withdrawals)
      ? null
      : el(
          "button",
          { type: "button", class: "button small", onclick: () => releaseBundle(one.id, sha256) },
          ui("publish_restore"),
        );
  return el(
    "div",
    { class: "release" },
    el("span", { class: "quiet" }, line),
    again,
    makeWithdrawal({
      address: `api/v1/publications/${one.id}/versions/${sha256}`,
      label: sha256.slice(0, 12),
      steps: withdrawals,
      refresh: listPublications,
    }),
  );
}

async function startPublishing() {
  listPublications();
  try {
    const [themes, layers, indicators] = await Promise.all([
      ask("api/v1/publications/themes"),
      answers.layers(),
      answers.indicators(),
    ]);
    state.least = themes.least_displacement_m;
    state.layers = layers.layers.filter((layer) => layer.in_use).sort(compareFromTop);
    state.indicators = indicators.indicators;
    const choice = selectById("publish-theme");
    setChildren(
      choice,
      themes.themes.map((/** @type {Answers.ThemeOut} */ theme) =>
        el("option", { value: theme.id }, theme.own ? ui("publish_own", { name: theme.id }) : named(theme.title)),
      ),
    );
    const propose = async () => {
      try {
        state.plan = await ask(`api/v1/publications/themes/${encodeURIComponent(choice.value)}`);
      } catch (problem) {
        setChildren(byId("publish-result"), problemBox(problem));
        byId("publish-result").scrollIntoView({ block: "center" });
        return;
      }
      setChildren(byId("publish-result"));
      keepPlan();
      showPlan();
    };
    choice.addEventListener("change", propose);
    state.plan = keptPlan();
    if (state.plan) showPlan();
    else await propose();
  } catch (problem) {
    setChildren(byId("publish-result"), problemBox(problem));
  }
}

export function begin() {
  if (!findById("view-publish")) return;
  let begun = false;
  tabs.watchers.publish = (on) => {
    if (on && !begun) {
      begun = true;
      startPublishing();
    }
  };
  tabs.watchers.publish(hashState.tab === "publish");
  byId("publish-build").addEventListener("click", buildBundle);
  byId("publish-add-step").addEventListener("click", () => {
    state.plan.story.push({
      heading: { zh: "", en: "" },
      text: { zh: "", en: "" },
      layers: [],
      density: null,
      bounds_lonlat: null,
    });
    keepPlan();
    showStory();
  });
}
