/* What qualifies a number stands beside it on the page. Oracle: the words that the answer carries. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { page } from "../../maps/static/app/core/page.js";

/* As much of a document as texts need. */
class Part {
  /** @param {string} tag */
  constructor(tag) {
    this.tag = tag;
    /** @type {(Part | string)[]} */
    this.children = [];
    this.className = "";
  }
  /** @param {...(Part | string)} more */
  append(...more) {
    this.children.push(...more);
  }
  setAttribute() {}
  addEventListener() {}
  /** @returns {string} */
  get textContent() {
    return this.children.map((one) => (typeof one === "string" ? one : one.textContent)).join("");
  }
  /** @param {string} tag @returns {Part[]} */
  all(tag) {
    const below = this.children.flatMap((one) => (typeof one === "string" ? [] : one.all(tag)));
    return this.tag === tag ? [this, ...below] : below;
  }
}

const MARK = { zh: "大于, 二手资料", en: "more than, secondary source" };
const SAID = /** @type {any} */ ({ mark: MARK, source: "S" });
const FACT = /** @type {any} */ ({ mark: null, source: "F" });

beforeEach(() => {
  const document = {
    createElement: (/** @type {string} */ tag) => new Part(tag),
    createElementNS: (/** @type {string} */ _, /** @type {string} */ tag) => new Part(tag),
    documentElement: { lang: "en" },
  };
  Object.assign(globalThis, { document, Node: Part });
  page.config = /** @type {any} */ ({
    lang: "en",
    texts: { en: { ui: {}, units: {}, siting: {}, reasons: {} } },
    styles: { choropleth: { stroke: "#000" } },
  });
});

test("a number is followed by what qualifies it, a plain fact by nothing", async () => {
  const { densityText, markedText, qualifiedRows, qualifierNotices } =
    await import("../../maps/static/app/core/classes.js");
  assert.equal(markedText("5.99", SAID), `5.99 (${MARK.en})`);
  assert.equal(markedText("5.99", FACT), "5.99");
  assert.equal(markedText("5.99", null), "5.99");
  const row = (/** @type {number | null} */ density, /** @type {any} */ qualifiers) =>
    /** @type {any} */ ({ name: { en: "A", zh: "甲" }, density, qualifiers, mark: qualifiers?.mark });
  assert.equal(densityText(row(5.9949, SAID)), `5.99 (${MARK.en})`);
  const legend = /** @type {any} */ (qualifiedRows([row(5.9949, SAID), row(1, FACT), row(null, SAID)]));
  assert.equal(legend.textContent, `A 5.99 (${MARK.en})`);
  assert.equal(qualifiedRows([row(1, FACT)]), null);
  const notices = /** @type {any[]} */ (qualifierNotices([SAID, FACT, SAID]));
  assert.deepEqual(
    notices.map((one) => one.textContent),
    [`S: ${MARK.en}`],
  );
});

test("a point of a chart says it where it is pointed at, and below the chart", async () => {
  const charts = await import("../../maps/static/app/density/charts.js");
  /** @type {import("../../maps/static/app/density/charts.js").Series[]} */
  const series = [
    {
      name: "A",
      kind: "value",
      points: [
        [2020, 5.5, ""],
        [2025, 22.324, MARK.en],
      ],
    },
  ];
  const chart = /** @type {any} */ (charts.lineChart("x", series));
  const titles = chart.all("title").map((/** @type {Part} */ one) => one.textContent);
  assert.deepEqual(titles, ["A 2020: 5.50", `A 2025: 22.32 (${MARK.en})`]);
  const below = /** @type {any} */ (charts.markedPoints(series));
  assert.equal(below.textContent, `A 2025: 22.32 (${MARK.en})`);
  assert.equal(charts.markedPoints([{ ...series[0], points: [[2020, 1, ""]] }]), null);
});

test("what a site must yield says what it follows from", async () => {
  const { economicsTable } = await import("../../maps/static/app/expansion/economics.js");
  const target = { mark: { zh: "规划目标", en: "target" }, source: "P" };
  const economics = {
    name: { en: "Trade", zh: "进出口" },
    year: 2024,
    denominator: "approved",
    unit: "亿元",
    available_ha: 100,
    density_now: 73.131,
    density_then: 22.324,
    value_of_new_land: 22.33,
    qualifiers: SAID,
    wanted_qualifiers: target,
    target_year: 2025,
    neighbours: [
      {
        unit_id: "k",
        name: { en: "K", zh: "昆" },
        distance_km: 1,
        density: 7.5,
        density_unit: "亿元/km²",
        qualifiers: SAID,
      },
    ],
    reason: null,
  };
  for (const count of [1, 9]) {
    const sites = Array.from({ length: count }, (_, at) => ({ site_id: `${at}`, name: null, economics }));
    const text = /** @type {any} */ (economicsTable(/** @type {any} */ ({ sites }))).textContent;
    for (const said of [`73.13 (${MARK.en})`, "22.32 (target)", "22.33 (target)", `7.50 亿元/km² (${MARK.en})`])
      assert.ok(text.includes(said), said);
    assert.ok(!text.includes("100.00 ("));
  }
});

test("rates of a zone and points of a firm say what their row says", async () => {
  page.config.texts.en = /** @type {any} */ ({ ...page.config.texts.en, quantities: {}, zone_types: {} });
  const { makeZone } = await import("../../maps/static/app/density/intensity.js");
  const rate = { id: "a", name: { en: "Built", zh: "建成" }, goal: "use", formula: "1 × (x) / (y)", missing: [] };
  const known = { ...rate, value: 90.909, unit: "%", ideal: null, realisation_pct: null, reason: null, stated: null };
  const zone = {
    name: "Z",
    zone_type: "other",
    type_agrees: null,
    area_warned: null,
    score: 55.55,
    judged_pct: 10,
    goals: [],
    potential: { expand_ha: 60, structure_ha: null, intensity_ha: null, management_ha: null },
    rates: [
      { ...known, qualifiers: SAID },
      { ...known, qualifiers: FACT },
    ],
    unread: [],
    qualifiers: SAID,
  };
  const text = /** @type {any} */ (makeZone(/** @type {any} */ (zone))).textContent;
  assert.equal(text.split(`90.91 % (${MARK.en})`).length, 2);
  assert.equal(text.split("90.91 %").length, 3);
  assert.ok(text.includes(`/ 100 (${MARK.en})`), text);
  const { taxText, totalText } = await import("../../maps/static/app/density/permu.js");
  assert.equal(totalText(/** @type {any} */ ({ total: 77.77, qualifiers: SAID })), `77.8 (${MARK.en})`);
  assert.equal(totalText(/** @type {any} */ ({ total: null, qualifiers: SAID })), "—");
  assert.equal(taxText(/** @type {any} */ ({ qualifiers: SAID }), 4), `4.00 (${MARK.en})`);
});
