/* The layer tree: by group, with status, opacity, order, facts and versions. */
"use strict";

ftz.layers.groups = [
  ["group_control", (order) => order >= 30 && order < 40],
  ["group_zone", (order) => order >= 40],
  ["group_ground", (order) => order < 30],
];

ftz.layers.list = function (entries) {
  const order = (entry) => ftz.layers.style(entry.kind).order;
  if (!entries.length) { ftz.show(ftz.byId("layer-list"), ftz.el("p", { class: "quiet" }, ftz.ui("layers_none"))); return; }
  ftz.show(ftz.byId("layer-list"), ftz.layers.groups.map(([key, fits]) => {
    const mine = entries.filter((entry) => fits(order(entry)));
    if (!mine.length) return null;
    const rows = ftz.el("ul", { class: "layers" }, mine.map(ftz.layers.row));
    return ftz.el("section", {}, ftz.layers.groupHead(key, mine), rows);
  }).filter(Boolean));
};

ftz.layers.groupHead = function (key, mine) {
  const all = (on) => () => mine.filter((entry) => Boolean(entry.on) !== on).forEach((entry) => ftz.layers.toggle(entry, on));
  const act = (word, on) => ftz.el("button", { type: "button", class: "linklike", "aria-label": `${ftz.ui(key)}: ${ftz.ui(word)}`, onclick: all(on) }, ftz.ui(word));
  return ftz.el("div", { class: "group-head" }, ftz.el("h2", {}, ftz.ui(key)), act("show_all", true), act("show_none", false));
};

ftz.layers.row = function (entry) {
  const box = ftz.el("input", { type: "checkbox", id: `layer-${entry.id}`, onchange: () => ftz.layers.toggle(entry, box.checked) });
  entry.box = box;
  entry.swatch = ftz.layers.swatch(entry.kind, entry.geometry_type);
  entry.state = ftz.el("span", { class: "quiet state", role: "status" });
  entry.far = ftz.el("span", { class: "quiet", hidden: true }, ftz.ui("closer"));
  const facts = ftz.el("div", { class: "facts", id: `facts-${entry.id}`, hidden: true });
  const about = ftz.el("button", { type: "button", class: "about", "aria-expanded": "false", "aria-controls": facts.id,
    "aria-label": `${ftz.ui("about")}: ${ftz.named(entry.title)}`, title: ftz.ui("about"),
    onclick: () => {
      if (!facts.firstChild) ftz.show(facts, ftz.layers.settings(entry));
      facts.hidden = !facts.hidden;
      about.setAttribute("aria-expanded", String(!facts.hidden));
    } }, "i");
  return ftz.el("li", { id: `row-${entry.id}`, class: entry.in_use ? "" : "replaced" },
    ftz.el("div", { class: "head" },
      ftz.el("label", { for: box.id }, box, entry.swatch, ftz.el("span", { class: "name" }, ftz.named(entry.title))),
      ftz.el("span", { class: "meta" }, entry.far, entry.in_use ? null : ftz.el("span", { class: "quiet" }, ftz.ui("replaced")), ftz.badge("statuses", entry.status))),
    about, entry.state, facts);
};

ftz.layers.settings = function (entry) {
  const title = ftz.named(entry.title);
  const opacity = ftz.el("input", { type: "range", min: 0, max: 100, step: 5, value: Math.round(entry.opacity * 100), "aria-label": `${ftz.ui("opacity")}: ${title}`,
    oninput: () => { entry.opacity = opacity.value / 100; shown.textContent = `${opacity.value} %`; ftz.layers.stack(); }, onchange: () => ftz.writeState() });
  const shown = ftz.el("output", {}, `${opacity.value} %`);
  const act = (word, onclick) => ftz.el("button", { type: "button", class: "button small", "aria-label": `${ftz.ui(word)}: ${title}`, onclick }, ftz.ui(word));
  return [
    ftz.el("div", { class: "opacity" }, ftz.el("span", {}, ftz.ui("opacity")), opacity, shown),
    ftz.el("div", { class: "row-actions" }, act("zoom_to", () => ftz.layers.zoomTo(entry)), act("move_up", () => ftz.layers.move(entry, -1)), act("move_down", () => ftz.layers.move(entry, 1)),
      ftz.config.embedded ? null : act("versions", () => ftz.versions.open(entry))),
    ftz.el("p", {}, `${ftz.ui("source")}: ${entry.source}`),
    ftz.el("p", {}, ftz.ui("layer_facts", { version: entry.version, count: entry.feature_count, crs: entry.crs })),
    ftz.el("p", {}, `${ftz.ui("licence")}: ${entry.licence}`),
    ftz.el("div", { class: "versions", id: `versions-${entry.id}` }),
  ];
};

ftz.layers.zoomTo = function (entry) {
  const [west, south, east, north] = entry.bounds_lonlat;
  ftz.map.fitBounds([[south, west], [north, east]], { padding: [40, 40] });
};

/* Up and down within the group: what lies above what is seen at once. */
ftz.layers.move = function (entry, step) {
  const row = ftz.byId(`row-${entry.id}`), other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(row); else other.after(row);
  ftz.layers.order = [...document.querySelectorAll("#layer-list .layers > li")].map((one) => one.id.slice("row-".length))
    .sort((a, b) => ftz.layers.rank(a) - ftz.layers.rank(b));
  ftz.layers.changed();
  ftz.say(ftz.ui("moved_to", { title: ftz.named(entry.title), place: [...row.parentNode.children].indexOf(row) + 1 }));
};
/* Zones lie over control lines, and these over the ground, whatever the order inside. */
ftz.layers.rank = function (id) {
  const { order } = ftz.layers.style(ftz.layers.entries.get(id).kind);
  return order >= 40 ? 0 : order >= 30 ? 1 : 2;
};
