/* Configured base maps under everything, and the layer that sets GCJ-02 tiles right. */

import { byId, el, problemBox, setChildren } from "../core/elements.js";
import { hashState, remember, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { ask, fromPage } from "../core/server.js";
import { named, ui } from "../core/words.js";
import { shiftToGcj02 } from "./gcj02.js";

/** @type {{ chosen: string, layer: L.Layer | null, known: Answers.BasemapOut[] }} */
const state = { chosen: "", layer: null, known: [] };

/** @typedef {{ zoom: number, el: HTMLElement, origin: L.Point }} TileLevel */

/* The offset changes by a metre in a kilometre: that of the middle is right for a view. */
const Gcj02Layer = L.TileLayer.extend({
  _shift(/** @type {L.LatLng} */ centre, /** @type {number} */ zoom) {
    return this._map.project(shiftToGcj02(centre), zoom).subtract(this._map.project(centre, zoom));
  },
  _getTiledPixelBounds(/** @type {L.LatLng} */ centre) {
    return L.TileLayer.prototype._getTiledPixelBounds.call(this, shiftToGcj02(centre));
  },
  _place(
    /** @type {TileLevel} */ level,
    /** @type {L.Point} */ origin,
    /** @type {L.LatLng} */ centre,
    /** @type {number} */ zoom,
  ) {
    const scale = this._map.getZoomScale(zoom, level.zoom);
    L.DomUtil.setTransform(
      level.el,
      level.origin.multiplyBy(scale).subtract(origin).subtract(this._shift(centre, zoom)).round(),
      scale,
    );
  },
  _setZoomTransform(/** @type {TileLevel} */ level, /** @type {L.LatLng} */ centre, /** @type {number} */ zoom) {
    this._place(level, this._map._getNewPixelOrigin(centre, zoom), centre, zoom);
  },
  _onMoveEnd() {
    if (!this._map || this._map._animatingZoom) return;
    Object.values(this._levels).forEach((level) =>
      this._place(level, this._map.getPixelOrigin(), this._map.getCenter(), this._map.getZoom()),
    );
    L.TileLayer.prototype._onMoveEnd.call(this);
  },
});

/** @param {string} id */
function chooseBasemap(id) {
  if (state.layer) state.layer.remove();
  const one = state.known.find((known) => known.id === id);
  state.chosen = one ? id : "";
  state.layer = null;
  if (one) {
    const Layer = one.datum === "gcj02" ? Gcj02Layer : L.TileLayer;
    const attribution = document.createElement("span");
    attribution.textContent = one.attribution;
    state.layer = new Layer(fromPage(one.url), {
      pane: "basemap",
      maxNativeZoom: one.max_zoom,
      maxZoom: 22,
      attribution: attribution.innerHTML,
      pmIgnore: true,
    }).addTo(page.map);
  }
  /* Filled counties would hide it. */
  document.body.classList.toggle("with-basemap", Boolean(one));
  writeHash();
}

export async function begin() {
  if (page.config.embedded) return;
  page.map.createPane("basemap").style.zIndex = "150";
  remember("base", () => state.chosen);
  const answer = await ask("api/v1/basemaps").catch((problem) => ({ problem, basemaps: [] }));
  state.known = answer.basemaps;
  if (answer.problem) {
    setChildren(byId("basemap-list"), problemBox(answer.problem));
    return;
  }
  if (!answer.basemaps.length) return;
  const given = hashState.given.get("base") || "";
  const option = (/** @type {string} */ id, /** @type {App.Children[]} */ ...text) =>
    el(
      "label",
      { class: "tick" },
      el("input", {
        type: "radio",
        name: "basemap",
        id: `basemap-${id || "none"}`,
        checked: id === given,
        onchange: () => chooseBasemap(id),
      }),
      text,
    );
  setChildren(
    byId("basemap-list"),
    el(
      "fieldset",
      { class: "basemaps fields" },
      el("legend", {}, ui("basemap")),
      option("", ui("basemap_none")),
      answer.basemaps.map((/** @type {Answers.BasemapOut} */ one) =>
        option(
          one.id,
          named(one.title),
          one.datum === "gcj02" ? el("span", { class: "quiet" }, ui("basemap_gcj")) : null,
        ),
      ),
    ),
  );
  if (given) chooseBasemap(given);
}
