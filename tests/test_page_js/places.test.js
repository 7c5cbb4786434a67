/* Coordinates, rings and scales. Oracles: by hand, another program, round trips. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { readRing } from "../../maps/static/app/check/pasted.js";
import { page } from "../../maps/static/app/core/page.js";
import { parsePlace } from "../../maps/static/app/expansion/site_terms.js";
import { shiftToGcj02 } from "../../maps/static/app/map/gcj02.js";
import { formatMetres } from "../../maps/static/app/map/measure.js";
import { readPoints, writePoints } from "../../maps/static/app/map/polyline.js";
import { metresPerPixel, scaleOfZoom, zoomOfScale } from "../../maps/static/app/map/scale.js";
import { isWithin } from "../../maps/static/app/map/sketch.js";

beforeEach(() => {
  page.config = /** @type {any} */ ({ lang: "en", texts: {} });
});

/** Numbers from 0 to 1, the same each time. */
function* drawNumbers(seed = 1) {
  for (let state = seed; ; state = (state * 48271) % 2147483647) yield state / 2147483647;
}

test("points outlive the address to seven decimals", () => {
  const numbers = drawNumbers();
  const draw = () => /** @type {number} */ (numbers.next().value);
  for (let round = 0; round < 200; round += 1) {
    const points = Array.from({ length: round % 9 }, () => [draw() * 360 - 180, draw() * 180 - 90]);
    const rounded = points.map((pair) => pair.map((value) => Math.round(value * 1e7) / 1e7));
    const text = writePoints(points);
    assert.deepEqual(readPoints(text), rounded);
    assert.ok(!text.includes(" "), "a space stands between rings");
  }
});

test("text that is no list of points gives none", () => {
  for (const text of ["", " ", "é", "\u0000\u0001", "~~~~~~~~~~~~~~"]) assert.deepEqual(readPoints(text), []);
});

test("pasted lines count by their last two numbers", () => {
  const ring = [
    [102.1, 24.9],
    [102.2, 24.9],
    [102.2, 25],
    [102.1, 24.9],
  ];
  assert.deepEqual(readRing("J1 102.1 24.9\n2, 102.2，24.9\n\n3;102.2；25\n终点"), ring);
  assert.equal(readRing("102.1 24.9\n102.2 24.9\n25"), null);
});

test("a place is a name and a position", () => {
  assert.deepEqual(parsePlace("a=b=102.8,24.9"), { name: "a=b", lon: 102.8, lat: 24.9 });
  assert.deepEqual(parsePlace("102.8,24.9"), { name: "102.8,24.9", lon: 102.8, lat: 24.9 });
});

test("tiles on GCJ-02 are shifted as the server shifts them", () => {
  /* By geo.measure.gcj02.from_true. */
  for (const [lng, lat, seenLng, seenLat] of [
    [102.82, 24.95, 102.821437413, 24.946963865],
    [103.39, 23.37, 103.39204566, 23.367499447],
    [97.85, 24.01, 97.850183909, 24.007025192],
  ]) {
    const seen = shiftToGcj02({ lng, lat });
    assert.ok(Math.abs(seen.lng - seenLng) < 2e-9 && Math.abs(seen.lat - seenLat) < 2e-9, JSON.stringify(seen));
  }
});

test("a point is within a ring whichever way the ring runs", () => {
  const square = [
    [0, 0],
    [4, 0],
    [4, 4],
    [2, 1],
    [0, 4],
  ];
  for (const ring of [square, [...square].reverse()]) {
    assert.deepEqual(
      [
        [1, 1],
        [2, 2],
        [3, 2],
        [5, 1],
        [-1, 0],
      ].map((at) => isWithin(at, ring)),
      [true, false, true, false, false],
    );
  }
});

test("a scale has its zoom, and the zoom its scale", () => {
  /* By hand: a tile of 256 pixels spans the equator at zoom 0. */
  assert.ok(Math.abs(metresPerPixel(0, 0) - 156543.0339) < 1e-3);
  assert.ok(Math.abs(metresPerPixel(3, 60) - 156543.0339 / 16) < 1e-3);
  for (const lat of [0, 24.95, 60]) {
    for (const scale of [5000, 50000, 2500000]) {
      assert.ok(Math.abs(scaleOfZoom(zoomOfScale(scale, lat), lat) / scale - 1) < 1e-12);
    }
  }
});

test("lengths change to kilometres at ten of them", () => {
  assert.deepEqual([formatMetres(9999.99), formatMetres(10000)], ["9,999.99 m", "10.000 km"]);
});
