/* Low-yield land to a decision, and promises of standard land against what was reached. */

import { markedText } from "../core/classes.js";
import { basisNotices, byId, el, fieldById, fillOptions, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { formatNumber, named, tr, ui } from "../core/words.js";
import { drawRoutes, markParcel } from "./low_land_map.js";
import { pagedTable } from "./paged_table.js";
import * as views from "./views.js";

const PLAN = "api/v1/low-land";
const LEDGER = "api/v1/standard-land";
const FORMS = ["docx", "pdf", "xlsx", "csv"];

/**
 * Send a form, and show what is made of the answer, or every row that does not fit.
 * @param {string} place
 * @param {string} address
 * @param {FormData} body
 * @param {(answer: any) => App.Children} make
 */
async function send(place, address, body, make) {
  setChildren(byId(place), views.busyLine());
  const options = { method: "POST", body };
  try {
    const answer = await ask(address, options);
    setChildren(
      byId(place),
      make(answer),
      views.downloadLine(...FORMS.map((form) => views.saveButton(address, options, form))),
    );
  } catch (problem) {
    setChildren(
      byId(place),
      views.refusalBox(/** @type {App.Problem} */ (problem), (nature) => {
        body.set("accept", "true");
        if (nature) body.set("nature", nature);
        void send(place, address, body, make);
      }),
    );
  }
}

/** @param {string[]} cells */
const tableRow = ([first, ...rest]) =>
  el(
    "tr",
    {},
    el("th", { scope: "row" }, first),
    rest.map((text) => el("td", {}, text)),
  );

/** @param {Answers.LowLandPlan} plan */
function makePlan(plan) {
  const names = new Map(plan.sums.map((one) => [one.route, named(one.name)]));
  const money = (/** @type {number} */ value) => formatNumber(value, 2);
  const unit = tr("routes", plan.aim === "land" ? "unit_mu" : "unit_money");
  return [
    ...basisNotices(plan.basis),
    el(
      "p",
      {},
      tr("routes", "summary", {
        budget: money(plan.budget),
        spent: money(plan.spent),
        freed: money(plan.freed_mu),
        money: money(plan.money),
      }),
    ),
    el("p", { class: "quiet" }, tr("routes", "proof", { gain: money(plan.gain), most: money(plan.most), unit })),
    plan.unpriced.length
      ? el("p", { class: "notice" }, tr("routes", "unpriced", { names: plan.unpriced.map(named) }))
      : null,
    pagedTable(
      tr("routes", "parcels_table"),
      ["firm", "land_mu", "route", "decision"].map((name) => tr("routes", name)),
      plan.parcels,
      (one) => {
        const row = tableRow([
          one.name,
          markedText(formatNumber(one.land_mu, 2), one.qualifiers),
          one.route ? names.get(one.route) || one.route : "—",
          tr("route_decisions", one.decision),
        ]);
        row.dataset.line = String(one.line);
        row.addEventListener("mouseenter", () => markParcel(one.line, true));
        row.addEventListener("mouseleave", () => markParcel(one.line, false));
        return row;
      },
    ),
    el("p", { class: "quiet" }, tr("routes", "kept", { count: plan.kept_firms })),
  ];
}

/** @param {Answers.LandLedger} ledger */
function makeLedger(ledger) {
  const alarms = ledger.rows.filter((one) => ["breach", "no_figure", "no_deadline"].includes(one.state));
  const soon = ledger.expiries.filter((one) => one.state !== "later");
  const breaches = alarms.filter((one) => one.state === "breach").length;
  const names = (/** @type {string} */ key, /** @type {string[]} */ found) =>
    found.length ? el("p", { class: "notice" }, tr("ledger_land", key, { names: found })) : null;
  return [
    el(
      "p",
      { class: "notice" },
      tr("ledger_land", "warnings", {
        breaches,
        missing: alarms.length - breaches,
        soon: soon.length,
        months: ledger.warn_months,
      }),
    ),
    names("without_term", ledger.without_term),
    names("unknown_parcels", ledger.unknown_parcels),
    names(
      "not_facts",
      ledger.left_out.map((one) => `${one.text} (${tr("periods", one.code)})`),
    ),
    names(
      "sums",
      ledger.sums.map((one) => `${one.text} (${one.line})`),
    ),
    pagedTable(
      tr("ledger_land", "alarms"),
      ["parcel", "promise", "year", "promised", "actual", "state"].map((name) => tr("ledger_land", name)),
      alarms,
      (one) =>
        tableRow([
          one.parcel,
          tr("promises", one.promise),
          one.year === null ? "—" : String(one.year),
          formatNumber(one.promised, 3),
          formatNumber(one.actual, 3),
          tr("promise_states", one.state),
        ]),
    ),
    pagedTable(
      tr("ledger_land", "calendar"),
      ["ends_on", "parcel", "tenure", "state"].map((name) => tr("ledger_land", name)),
      ledger.expiries,
      (one) => tableRow([one.ends_on, one.parcel, one.tenure || "—", tr("expiry_states", one.state)]),
    ),
    el("p", { class: "quiet" }, tr("ledger_land", "rule")),
  ];
}

/** @param {string} id */
const fileOf = (id) => /** @type {HTMLInputElement} */ (byId(id)).files?.[0];

function runPlan() {
  const body = new FormData();
  body.append("scheme", fieldById("low-plan-scheme").value);
  body.append("budget_wan", fieldById("low-plan-budget").value);
  body.append("aim", fieldById("low-plan-aim").value);
  const prices = fieldById("low-plan-prices")
    .value.split(/[\s,，;；]+/u)
    .filter(Boolean);
  prices.forEach((one) => body.append("prices", one));
  const file = fileOf("low-plan-file"),
    parcels = fieldById("low-plan-parcels").value;
  if (file) body.append("file", file, file.name);
  if (parcels) body.append("parcels", parcels);
  body.append("geometry", "true");
  void send("low-plan-result", PLAN, body, (/** @type {Answers.LowLandPlan} */ plan) => {
    drawRoutes(plan);
    return makePlan(plan);
  });
}

function runLedger() {
  const body = new FormData();
  const [promises, figures] = [fileOf("standard-land-promises"), fileOf("standard-land-figures")];
  if (promises) body.append("file", promises, promises.name);
  if (figures) body.append("figures", figures, figures.name);
  if (/** @type {HTMLInputElement} */ (byId("standard-land-accept")).checked) body.append("accept", "true");
  void send("standard-land-result", LEDGER, body, makeLedger);
}

async function loadChoices() {
  const { schemes } = /** @type {Answers.SchemeList} */ (await ask("api/v1/permu/schemes"));
  fillOptions(
    byId("low-plan-scheme"),
    schemes.map((one) => [one.id, named(one.name)]),
  );
  const layers = await views.layersOfKinds(["parcel"]);
  fillOptions(byId("low-plan-parcels"), [
    ["", ui("permu_no_parcels")],
    ...layers.map((one) => /** @type {[string, string]} */ ([one.id, named(one.title)])),
  ]);
}

export function begin() {
  if (page.config.embedded) return;
  views.state.starts.decide = () => void loadChoices();
  byId("low-plan-form").addEventListener("submit", (event) => {
    event.preventDefault();
    runPlan();
  });
  byId("standard-land-form").addEventListener("submit", (event) => {
    event.preventDefault();
    runLedger();
  });
}
