/* The legend on the map: of what shows now, and no more. */
"use strict";

ftz.legend = { on: false };

ftz.legend.items = () => ftz.layers.order.map((id) => ftz.layers.entries.get(id)).filter((entry) => entry.on && entry.drawn && !ftz.layers.far(entry));
ftz.legend.list = () => ftz.el("ul", {}, ftz.legend.items().map((entry) => ftz.el("li", {},
  ftz.layers.swatch(entry.kind, entry.geometry_type), ftz.el("span", {}, ftz.named(entry.title)),
  entry.status === "official" || entry.status === "reference" ? null : ftz.badge("statuses", entry.status))));

ftz.legend.show = function () {
  const place = ftz.byId("map-legend");
  place.hidden = !ftz.legend.on;
  if (!ftz.legend.on) return;
  ftz.show(place, ftz.el("strong", {}, ftz.ui("legend")), ftz.legend.items().length ? ftz.legend.list() : ftz.el("p", { class: "quiet" }, ftz.ui("legend_none")));
};
ftz.legend.toggle = function () {
  ftz.legend.on = !ftz.legend.on;
  ftz.byId("tool-legend").setAttribute("aria-pressed", String(ftz.legend.on));
  ftz.legend.show();
  ftz.writeState();
};

ftz.parts.push(function legendBegin() {
  const buttons = [{ name: "legend", icon: "legend", word: "legend", key: "l", act: ftz.legend.toggle, toggles: true }];
  if (!ftz.config.embedded) buttons.push({ name: "print", icon: "print", word: "print_map", key: "p", act: () => ftz.sheet.open() });
  ftz.tools.group(buttons);
  ftz.layers.listeners.push(ftz.legend.show);
  ftz.remember("legend", () => (ftz.legend.on ? "1" : ""));
  if (ftz.state.given.get("legend")) ftz.legend.toggle();
});
