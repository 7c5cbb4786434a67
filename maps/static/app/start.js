/* The frame: state from the address, tabs, panel, scheme, map controls. Runs before the parts. */
"use strict";

ftz.frame = {};

/* Short of room, the panel makes way for the map; a tab brings it back. */
ftz.frame.fold = function (on) {
  document.body.classList.toggle("folded", on);
  ftz.byId("fold-button").setAttribute("aria-expanded", String(!on));
  ftz.map.invalidateSize({ animate: false });
  ftz.writeState();
};
ftz.frame.folded = () => document.body.classList.contains("folded");

ftz.frame.tab = function (name) {
  if (name === ftz.state.tab && !ftz.frame.folded()) return;
  if (ftz.frame.folded()) ftz.frame.fold(false);
  ftz.tabs.open(name);
};

ftz.frame.scheme = function () {
  const button = ftz.byId("theme-button");
  const words = () => { button.title = `${ftz.ui("theme")}: ${ftz.ui(`theme_${ftzTheme.chosen()}`)}`; button.setAttribute("aria-label", button.title); };
  button.addEventListener("click", () => { ftzTheme.next(); words(); ftz.say(button.title); });
  words();
};

ftz.frame.language = function () {
  const other = ftz.byId("lang-switch");
  if (!ftz.config.embedded) return;
  other.addEventListener("click", (event) => {
    event.preventDefault();
    ftz.config.lang = ftz.ui("other_lang");
    ftz.writeState();
    location.reload();
  });
};

/* Keys that work anywhere but in a field. Parts add their own: key -> [word, action]. */
ftz.frame.keys = new Map();
ftz.frame.typing = (element) => element.matches("input, textarea, select, [contenteditable]");
ftz.frame.showKeys = function () {
  const dialog = ftz.byId("keys");
  const rows = [...ftz.frame.keys].map(([key, [word]]) => [key.length === 1 ? key.toUpperCase() : key, word])
    .concat([["Enter", "key_enter"], ["Esc", "key_escape"]]);
  ftz.show(dialog, ftz.el("h2", {}, ftz.ui("keys")),
    ftz.el("p", { class: "quiet" }, ftz.ui("keys_map")),
    ftz.el("table", {}, ftz.el("tbody", {}, rows.map(([key, word]) =>
      ftz.el("tr", {}, ftz.el("td", {}, ftz.el("kbd", {}, key)), ftz.el("td", {}, ftz.ui(word)))))),
    ftz.el("form", { method: "dialog" }, ftz.el("p", {}, ftz.el("button", { class: "primary" }, ftz.ui("close")))));
  dialog.showModal();
};
ftz.frame.key = function (event) {
  if (event.ctrlKey || event.metaKey || event.altKey || ftz.frame.typing(event.target) || ftz.byId("keys").open) return;
  const known = ftz.frame.keys.get(event.key.toLowerCase());
  if (!known) return;
  event.preventDefault();
  known[1]();
};

ftz.parts.unshift(function frameBegin() {
  const map = ftz.map;
  map.attributionControl.setPrefix(false);
  map.getContainer().setAttribute("aria-label", ftz.ui("map_keys"));
  map.getContainer().setAttribute("role", "application");
  L.control.zoom({ position: "topright", zoomInTitle: ftz.ui("zoom_in"), zoomOutTitle: ftz.ui("zoom_out") }).addTo(map);
  L.control.scale({ position: "bottomleft", imperial: false }).addTo(map);
  ftz.readState();
  ftz.tabs.names().forEach((name) => {
    const tab = ftz.byId(`tab-${name}`);
    tab.addEventListener("click", () => ftz.frame.tab(name));
    tab.addEventListener("keydown", ftz.tabs.move);
  });
  const narrow = matchMedia("(max-width: 820px)");
  const turn = () => document.querySelector(".tabs").setAttribute("aria-orientation", narrow.matches ? "horizontal" : "vertical");
  narrow.addEventListener("change", turn);
  turn();
  ftz.tabs.open(ftz.state.tab);
  ftz.remember("fold", () => (ftz.frame.folded() ? "1" : ""));
  ftz.byId("fold-button").addEventListener("click", () => ftz.frame.fold(!ftz.frame.folded()));
  if (ftz.state.given.get("fold")) ftz.frame.fold(true);
  ftz.byId("keys-button").addEventListener("click", ftz.frame.showKeys);
  ftz.frame.keys.set("?", ["keys", ftz.frame.showKeys]);
  document.addEventListener("keydown", ftz.frame.key);
  ftz.frame.scheme();
  ftz.frame.language();
  map.on("moveend", ftz.writeState);
  const room = () => {
    map.getContainer().classList.toggle("room-for-counties", map.getZoom() >= 10);
    map.getContainer().classList.toggle("room-for-places", map.getZoom() >= 7);
  };
  map.on("zoomend", room);
  room();
  map.on("mousemove", ({ latlng }) => {
    ftz.byId("readout").textContent = `${latlng.lng.toFixed(5)}°E  ${latlng.lat.toFixed(5)}°N`;
  });
});
