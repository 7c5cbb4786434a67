/* Find a name or coordinates: a box with a list that the arrow keys walk. */
"use strict";

ftz.search = { found: [], at: -1, turn: 0, timer: 0 };
ftz.search.WAIT_MS = 200;

ftz.search.ask = async function () {
  const query = ftz.byId("search").value.trim(), turn = ftz.search.turn += 1;
  if (!query) { ftz.search.close(); return; }
  try {
    const answer = await ftz.ask(`/api/v1/places?${new URLSearchParams({ q: query })}`);
    if (turn === ftz.search.turn) ftz.search.list(answer);
  } catch (problem) {
    if (turn === ftz.search.turn) ftz.search.open([ftz.el("li", { class: "nothing", role: "presentation" }, problem.detail || ftz.ui("unreachable"))]);
  }
};

ftz.search.list = function ({ places, more }) {
  ftz.search.found = places;
  ftz.search.at = -1;
  const rows = places.map((place, at) => ftz.el("li", { role: "option", id: `found-${at}`, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); ftz.search.go(at); } },
    ftz.el("span", {}, ftz.named(place.name)),
    ftz.el("small", {}, place.kind === "coordinates" ? place.crs : place.kind === "layer" ? ftz.ui("tab_layers") : ftz.named(place.layer_title)),
    place.kind === "coordinates" ? ftz.el("span", { class: "below" }, place.evidence.map((code) => ftz.text("evidence", code)).join("; ")) : null));
  if (!rows.length) rows.push(ftz.el("li", { class: "nothing", role: "presentation" }, ftz.ui("search_nothing")));
  if (more) rows.push(ftz.el("li", { class: "nothing", role: "presentation" }, ftz.ui("more", { count: more })));
  const many = places.filter((place) => place.kind === "coordinates").length > 1;
  if (many) rows.unshift(ftz.el("li", { class: "nothing", role: "presentation" }, ftz.ui("search_choose")));
  ftz.search.open(rows);
  ftz.say(places.length ? ftz.ui("search_count", { count: places.length }) : ftz.ui("search_nothing"));
};
ftz.search.open = function (rows) {
  ftz.show(ftz.byId("search-found"), rows);
  ftz.byId("search-found").hidden = false;
  ftz.byId("search").setAttribute("aria-expanded", "true");
};
ftz.search.close = function () {
  ftz.search.turn += 1;
  ftz.search.found = [];
  ftz.byId("search-found").hidden = true;
  ftz.byId("search").setAttribute("aria-expanded", "false");
  ftz.byId("search").removeAttribute("aria-activedescendant");
};
ftz.search.mark = function (at) {
  const count = ftz.search.found.length;
  if (!count) return;
  ftz.search.at = (at + count) % count;
  ftz.search.found.forEach((_, one) => ftz.byId(`found-${one}`).setAttribute("aria-selected", String(one === ftz.search.at)));
  const chosen = ftz.byId(`found-${ftz.search.at}`);
  chosen.scrollIntoView({ block: "nearest" });
  ftz.byId("search").setAttribute("aria-activedescendant", chosen.id);
};

ftz.search.go = function (at) {
  const place = ftz.search.found[at];
  if (!place) return;
  ftz.byId("search").value = place.kind === "coordinates" ? ftz.byId("search").value : ftz.named(place.name);
  ftz.search.close();
  if (place.layer_id) ftz.layers.require(place.layer_id);
  if (place.kind === "coordinates") {
    ftz.map.setView([place.lat_deg, place.lon_deg], Math.max(ftz.map.getZoom(), 14));
    ftz.identify.at(place.lon_deg, place.lat_deg);
    return;
  }
  const [west, south, east, north] = place.bounds_lonlat;
  ftz.map.fitBounds([[south, west], [north, east]], { padding: [60, 60], maxZoom: 15 });
};

ftz.parts.push(function searchBegin() {
  const box = ftz.byId("search");
  if (!box) return;
  box.placeholder = ftz.ui("search_hint");
  box.addEventListener("input", () => { clearTimeout(ftz.search.timer); ftz.search.timer = setTimeout(ftz.search.ask, ftz.search.WAIT_MS); });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); ftz.search.mark(ftz.search.at < 0 && step < 0 ? -1 : ftz.search.at + step); }
    if (event.key === "Escape") { event.stopPropagation(); ftz.search.close(); }
  });
  box.addEventListener("blur", ftz.search.close);
  ftz.byId("search-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(ftz.search.timer);
    if (!ftz.search.found.length) await ftz.search.ask();
    const coordinates = ftz.search.found.filter((place) => place.kind === "coordinates");
    /* Of several meridians a person chooses; Enter takes only what is certain or marked. */
    if (ftz.search.at >= 0 || coordinates.length < 2) ftz.search.go(Math.max(0, ftz.search.at));
  });
  ftz.frame.keys.set("/", ["search_label", () => box.focus()]);
});
