/* Places by name: in Chinese, by pinyin or its first letters, in English. All names are in the page. */

import { byId, el, inputById, setChildren } from "../app/core/elements.js";
import { page } from "../app/core/page.js";
import { named, tr, ui } from "../app/core/words.js";
import { boundsOf } from "./insets.js";
import { nameOf } from "./looks.js";
import { goTo } from "./view.js";

/** @typedef {{ kind: string, zh: string, en: string, pinyin: string, bounds: App.Bounds, county: string }} Place */

const MOST = 8;
/** How near a place without extent is shown. */
const NEAR_ZOOM = 13;
/** Found as the county in which they lie: no open data has their position. */
const BY_COUNTY = ["port", "airport"];

/** @param {string} text */
export const plainText = (text) =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\p{M}\s'’·.,()（）—–-]/gu, "");

/** @returns {Place[]} */
function placesOfLayers() {
  return page.config.publication.layers.flatMap((layer) =>
    layer.features.features
      .filter((feature) => nameOf(feature))
      .map((feature) => {
        const own = feature.properties;
        const zh = own.name_zh || own.name || "";
        return { kind: layer.kind, zh, en: own.name_en || zh, pinyin: "", bounds: boundsOf(feature), county: "" };
      }),
  );
}

/** @returns {Place[]} */
function allPlaces() {
  const listed = page.config.places.map(([kind, zh, en, pinyin, west, south, east, north, county]) => ({
    kind: String(kind),
    zh: String(zh),
    en: String(en),
    pinyin: String(pinyin),
    bounds: /** @type {App.Bounds} */ ([west, south, east, north].map(Number)),
    county: String(county || ""),
  }));
  const known = new Set(listed.map((one) => `${one.kind} ${one.zh}`));
  return [...listed, ...placesOfLayers().filter((one) => !known.has(`${one.kind} ${one.zh}`))];
}

/**
 * How well a place fits what is asked: the lower the better, null if not at all.
 * @param {Place} place
 * @param {string} asked
 */
export function fitOf(place, asked) {
  const syllables = place.pinyin.split(" ");
  const spelled = [place.zh, place.en, syllables.join("")].map(plainText);
  if (spelled.includes(asked)) return 0;
  if (spelled.some((one) => one.startsWith(asked))) return 1;
  if (
    place.pinyin &&
    syllables
      .map((one) => one[0])
      .join("")
      .startsWith(asked)
  )
    return 2;
  if (plainText(place.zh).includes(asked) || plainText(place.en).includes(asked)) return 3;
  /* From any syllable on, not from the first alone. */
  return syllables.some((_, at) => syllables.slice(at).join("").startsWith(asked)) ? 4 : null;
}

/** @param {string} text */
function find(text) {
  const asked = plainText(text);
  if (!asked) return [];
  return allPlaces()
    .map((place) => ({ place, fit: fitOf(place, asked) }))
    .filter(({ fit }) => fit !== null)
    .sort((a, b) => Number(a.fit) - Number(b.fit) || a.place.zh.length - b.place.zh.length)
    .map(({ place }) => place);
}

/** @param {Place} place */
function describe(place) {
  const kind = tr("place_kinds", place.kind);
  const lies = place.county && place.county !== place.zh ? ` · ${countyName(place.county)}` : "";
  const said = BY_COUNTY.includes(place.kind) ? ` · ${ui("by_county")}` : "";
  return `${kind}${lies}${said}`;
}

/** @param {string} zh */
function countyName(zh) {
  const found = page.config.places.find(([kind, name]) => kind === "county" && name === zh);
  return found ? named({ zh, en: String(found[2]) }) : zh;
}

/** @param {(at: L.LatLng, heading: string) => void} tell what is at a place, once it is shown */
export function beginSearch(tell) {
  const field = inputById("search"),
    list = byId("found");
  const choose = (/** @type {Place} */ place) => {
    const [west, south, east, north] = place.bounds;
    goTo(place.bounds, NEAR_ZOOM);
    close();
    if (west === east && south === north) tell(L.latLng(south, west), named({ zh: place.zh, en: place.en }));
  };
  const close = () => {
    setChildren(list);
    list.hidden = true;
    byId("found-said").textContent = "";
  };
  const show = () => {
    const all = find(field.value);
    list.hidden = !field.value.trim();
    byId("found-said").textContent = field.value.trim() ? ui("places_found", { count: all.length }) : "";
    setChildren(
      list,
      all
        .slice(0, MOST)
        .map((place) =>
          el(
            "li",
            {},
            el(
              "button",
              { type: "button", class: "place", onclick: () => choose(place) },
              el("strong", {}, named({ zh: place.zh, en: place.en })),
              el("span", {}, describe(place)),
            ),
          ),
        ),
      all.length ? null : el("li", { class: "quiet" }, ui("place_unknown")),
      all.length > MOST ? el("li", { class: "quiet" }, ui("places_more", { count: all.length - MOST })) : null,
    );
  };
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter") {
      event.preventDefault();
      const [first] = find(field.value);
      if (first) choose(first);
    }
  });
}
