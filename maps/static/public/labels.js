/* Names on the map: none lies on another, on a point, or on what stands in the corners. */

import { byId, el, setChildren, selectAll } from "../app/core/elements.js";
import { page } from "../app/core/page.js";
import { ui } from "../app/core/words.js";
import { wantedOf } from "./fields.js";
import { isPoint, nameOf, styleOf } from "./looks.js";

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */
/** @typedef {{ name: string, at: L.LatLng, point: boolean }} Name */

/** From the middle of a name to its place, in widths and heights of it; the last with room for a point. */
const PLACES = [
  [0.5, 0, 1, 0],
  [-0.5, 0, -1, 0],
  [0, -0.5, 0, -1],
  [0, 0.5, 0, 1],
  [0.5, -0.5, 0.7, -0.7],
  [-0.5, -0.5, -0.7, -0.7],
  [0.5, 0.5, 0.7, 0.7],
  [-0.5, 0.5, -0.7, 0.7],
  [0.5, -1, 0.7, -1],
  [-0.5, -1, -0.7, -1],
  [0.5, 1, 0.7, 1],
  [-0.5, 1, -0.7, 1],
];
const POINT_PX = 11;
const FIXED = ".stage .leaflet-control, .review";

/**
 * @param {Box} a
 * @param {Box} b
 */
const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * @param {L.Point} at
 * @param {number} width
 * @param {number} height
 * @returns {Box}
 */
const boxAround = (at, width, height) => ({
  left: at.x - width / 2,
  top: at.y - height / 2,
  right: at.x + width / 2,
  bottom: at.y + height / 2,
});

/**
 * From a point to a box, in pixels.
 * @param {Box} box
 * @param {L.Point} at
 */
const farFrom = (box, at) =>
  Math.hypot(Math.max(box.left - at.x, 0, at.x - box.right), Math.max(box.top - at.y, 0, at.y - box.bottom));

/**
 * The names of the layers that are shown, those of what the map is about first.
 * @param {(layer: App.PublicLayer) => boolean} isShown
 * @returns {Name[]}
 */
function namesOf(isShown) {
  const { layers } = page.config.publication;
  return layers
    .filter((layer) => styleOf(layer.kind).names === "always" && isShown(layer))
    .sort((a, b) => Number(b.kind === "district") - Number(a.kind === "district"))
    .flatMap((layer) =>
      wantedOf(layer).map((feature) => ({
        name: nameOf(feature),
        at: L.geoJSON(feature).getBounds().getCenter(),
        point: isPoint(feature),
      })),
    )
    .filter(({ name }) => name);
}

/** Boxes of the corners, in pixels of the map's frame. */
function fixedBoxes() {
  const frame = page.map.getContainer().getBoundingClientRect();
  return selectAll(FIXED).map((one) => {
    const box = one.getBoundingClientRect();
    return {
      left: box.left - frame.left - 4,
      top: box.top - frame.top - 4,
      right: box.right - frame.left + 4,
      bottom: box.bottom - frame.top + 4,
    };
  });
}

/**
 * The size of a name in lines: its box is as wide as its longest line and no wider.
 * @param {HTMLElement} text
 */
function shrunkSize(text) {
  const lines = document.createRange();
  lines.selectNodeContents(text);
  text.style.width = `${Math.ceil(lines.getBoundingClientRect().width) + 1}px`;
  return { width: text.offsetWidth + 4, height: text.offsetHeight };
}

/**
 * Where a name finds room: in the middle of an area that holds it, or beside its place.
 * @param {L.Point} at
 * @param {number} width
 * @param {number} height
 * @param {Name} name
 */
const candidates = (at, width, height, name) => [
  ...(name.point ? [] : [at]),
  ...PLACES.map(([w, h, x, y]) => L.point(at.x + w * width + x * POINT_PX, at.y + h * height + y * POINT_PX)),
];

/**
 * Lay the names out anew. What finds no room is counted in words: nearer, it has room.
 * @param {(layer: App.PublicLayer) => boolean} isShown
 */
export function placeNames(isShown) {
  const pane = page.map.getPane("labels") || page.map.createPane("labels");
  const size = page.map.getSize();
  const names = namesOf(isShown).map((name) => ({ ...name, spot: page.map.latLngToContainerPoint(name.at) }));
  const seen = names.filter(({ spot }) => spot.x >= 0 && spot.y >= 0 && spot.x <= size.x && spot.y <= size.y);
  const taken = [...fixedBoxes(), ...seen.map(({ spot }) => boxAround(spot, POINT_PX * 1.4, POINT_PX * 1.4))];
  let hidden = 0;
  setChildren(pane);
  seen.forEach((name) => {
    const text = el("span", { class: "name" }, name.name);
    pane.append(text);
    const { width, height } = shrunkSize(text);
    const room = candidates(name.spot, width, height, name).find((at) => {
      const box = boxAround(at, width, height);
      const inside = box.left >= 2 && box.top >= 2 && box.right <= size.x - 2 && box.bottom <= size.y - 2;
      /* A name that is nearer to another place would be read as that one's. */
      const own = farFrom(box, name.spot);
      const misread = seen.some((other) => other !== name && farFrom(box, other.spot) <= own);
      return inside && !misread && !taken.some((other) => overlap(box, other));
    });
    if (!room) {
      text.remove();
      hidden += 1;
      return;
    }
    const box = boxAround(room, width, height);
    taken.push(box);
    L.DomUtil.setPosition(text, page.map.containerPointToLayerPoint(L.point(box.left + 2, box.top)));
  });
  byId("names-hidden").textContent = hidden ? ui("names_hidden", { count: hidden }) : "";
}
