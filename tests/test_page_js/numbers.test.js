/* Numbers, words and names. Oracles: by hand, from the page's own rules of writing. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { axisSteps } from "../../maps/static/app/density/charts.js";
import { classAt, classColours, classCount, formatDensity } from "../../maps/static/app/core/classes.js";
import { page } from "../../maps/static/app/core/page.js";
import { articlesText } from "../../maps/static/app/core/law.js";
import { formatNumber, named, tr, ui, unitText } from "../../maps/static/app/core/words.js";

const RAMP = ["#1", "#2", "#3", "#4", "#5"];

beforeEach(() => {
  const words = { ui: { moved: "{title} at {place}" }, units: { 亿元: "100 m yuan" } };
  page.config = /** @type {any} */ ({ lang: "en", texts: { en: words, zh: { ui: {} } } });
});

test("a number has the decimals that are asked for, and none is a dash", () => {
  assert.equal(formatNumber(1234567.891, 2), "1,234,567.89");
  assert.equal(formatNumber(0, 2), "0.00");
  assert.equal(formatNumber(-0.5, 0), "-1");
  assert.deepEqual([formatNumber(null, 2), formatNumber(undefined, 0)], ["—", "—"]);
});

test("what nobody has seen of a law is said once, in the language of the page", () => {
  for (const [lang, word] of [
    ["en", "not verified"],
    ["zh", "未核实"],
  ]) {
    page.config = /** @type {any} */ ({ lang, texts: { [lang]: { certainty: { article_unseen: word } } } });
    assert.equal(articlesText({ number: "A-1", clause: null }), `A-1 ${word}`);
    assert.equal(articlesText({ number: null, clause: null }), word);
    assert.equal(articlesText({ number: "", clause: "" }), "");
  }
});

test("both languages write a number alike", () => {
  const english = formatNumber(119.86, 4);
  page.config.lang = "zh";
  assert.equal(formatNumber(119.86, 4), english);
});

test("a key without a text shows itself, a parameter without a value is a dash", () => {
  assert.equal(ui("nowhere"), "nowhere");
  assert.equal(tr("no_table", "key"), "key");
  assert.equal(ui("moved", { title: "A", place: 0 }), "A at 0");
  assert.equal(ui("moved", { title: ["A", "B"] }), "A, B at —");
});

test("each word of a unit is translated by itself", () => {
  assert.equal(unitText("亿元/km²"), "100 m yuan/km²");
  assert.equal(unitText(null), "");
});

test("a title is read in the language of the page", () => {
  assert.equal(named({ zh: "昆明", en: "Kunming" }), "Kunming");
});

test("a small density has more decimals", () => {
  assert.deepEqual([formatDensity(0.12345), formatDensity(12.345), formatDensity(null)], ["0.1235", "12.35", "—"]);
});

test("an axis has round steps that hold the greatest value", () => {
  assert.deepEqual(axisSteps(7, 3), [0, 5, 10]);
  assert.deepEqual(axisSteps(0.3, 3), [0, 0.1, 0.2, 0.30000000000000004]);
  assert.deepEqual(axisSteps(0, 3), [0, 1]);
  for (const most of [1, 9.99, 10, 119.86, 1e-7, 3.1e9]) {
    const steps = axisSteps(most, 3);
    assert.ok(steps[steps.length - 1] >= most * (1 - 1e-9), `${most}`);
  }
});

test("a limit belongs to the class below it", () => {
  const breaks = { method: "quantiles", edges: [0, 10, 20, 30] };
  assert.deepEqual(
    [0, 10, 10.1, 20, 30].map((value) => classAt(breaks, value)),
    [0, 0, 1, 1, 2],
  );
  const each = { method: "each_value", edges: [3, 7] };
  assert.deepEqual(
    [3, 7].map((value) => classAt(each, value)),
    [0, 1],
  );
});

test("colours are spread over the whole ramp, and a lone class takes its middle", () => {
  const colours = (/** @type {number} */ count) =>
    classColours({ method: "quantiles", edges: Array.from({ length: count + 1 }, (_, at) => at) }, RAMP);
  assert.deepEqual(colours(1), ["#3"]);
  assert.deepEqual(colours(2), ["#1", "#5"]);
  assert.deepEqual(colours(3), ["#1", "#3", "#5"]);
  assert.deepEqual(colours(5), RAMP);
  assert.equal(classCount({ method: "each_value", edges: [1, 2] }), 2);
});
