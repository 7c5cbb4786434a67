/* The views of the density tab: one at a time, remembered in the address; what they draw on the
   map goes and comes with them. */
"use strict";

ftz.views = { open: "density", wide: false, drawn: new Map(), begun: new Set(), begin: {} };

ftz.views.show = function (name) {
  const buttons = [...ftz.byId("density-views").querySelectorAll("[data-view]")];
  const known = buttons.map((button) => button.dataset.view);
  const chosen = known.includes(name) ? name : "density";
  ftz.views.open = chosen;
  buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.view === chosen)));
  known.forEach((one) => { ftz.byId(`density-view-${one}`).hidden = one !== chosen; });
  ftz.views.visible(ftz.state.tab === "density");
  if (ftz.state.tab === "density") ftz.views.start();
  ftz.writeState();
};
/* A view asks the server only when it is first looked at. */
ftz.views.start = function () {
  const name = ftz.views.open;
  if (ftz.views.begun.has(name)) return;
  ftz.views.begun.add(name);
  if (ftz.views.begin[name]) ftz.views.begin[name]();
};

/* What a view has on the map: a group of shapes, and the legend that explains them. */
ftz.views.put = function (name, group, legend) {
  ftz.views.remove(name);
  ftz.views.drawn.set(name, { group, legend });
  ftz.views.visible(ftz.state.tab === "density");
};
ftz.views.remove = function (name) {
  const before = ftz.views.drawn.get(name);
  if (before) before.group.remove();
  ftz.views.drawn.delete(name);
  if (ftz.views.open === name) ftz.byId("legend").hidden = true;
};
ftz.views.visible = function (on) {
  ftz.views.drawn.forEach(({ group }, name) => { if (!on || name !== ftz.views.open) group.remove(); });
  const now = on ? ftz.views.drawn.get(ftz.views.open) : undefined;
  ftz.map.getContainer().classList.toggle("reading-density", Boolean(now));
  ftz.byId("legend").hidden = !now;
  if (!now) return;
  now.group.addTo(ftz.map);
  ftz.show(ftz.byId("legend"), now.legend);
};
ftz.tabs.watchers.density = function (on) {
  ftz.views.visible(on);
  if (on) ftz.views.start();
  document.body.classList.toggle("wide-panel", on && ftz.views.wide);
};

ftz.views.widen = function (on) {
  ftz.views.wide = on;
  ftz.byId("density-widen").setAttribute("aria-pressed", String(on));
  document.body.classList.toggle("wide-panel", on && ftz.state.tab === "density");
  ftz.map.invalidateSize({ animate: false });
  ftz.writeState();
};

/* A download of the same answer: a link for GET, a request that is sent again for uploads. */
ftz.views.link = (address, form) => ftz.el("a", { href: `${address}${address.includes("?") ? "&" : "?"}format=${form}&lang=${ftz.config.lang}`, download: true }, form.toUpperCase());
ftz.views.save = (address, options, form) => ftz.el("button", { type: "button", onclick: () =>
  ftz.save(`${address}${address.includes("?") ? "&" : "?"}format=${form}`, options).catch(({ title }) => ftz.say(title)) }, form.toUpperCase());
ftz.views.downloads = (...links) => ftz.el("p", { class: "after" }, ftz.el("span", { class: "quiet" }, ftz.ui("save_as")), links);

/* Every row of a refused table that does not fit, in words. */
ftz.views.refusal = function (problem) {
  const rows = (problem.params || {}).problems;
  if (!rows) return ftz.problem(problem);
  const more = problem.params.count - rows.length;
  return ftz.el("div", {}, ftz.problem(problem),
    ftz.el("ul", { class: "faults" }, rows.map((row) => ftz.el("li", {},
      row.line ? ftz.el("b", {}, ftz.ui("fault_line", { line: row.line })) : null,
      row.column ? ftz.el("q", {}, row.column) : null,
      ftz.text("table_problems", row.code, { text: row.text })))),
    more > 0 ? ftz.el("p", { class: "quiet" }, ftz.ui("fault_more", { count: more })) : null);
};

ftz.views.upload = function (input, send) {
  input.addEventListener("change", () => {
    if (!input.files.length) return;
    const form = new FormData();
    [...input.files].forEach((file) => form.append("file", file, file.name));
    /* The same file again, after a correction, must be a change too. */
    input.value = "";
    send(form);
  });
};
ftz.views.busy = () => ftz.el("p", { class: "busy" }, ftz.ui("loading"));
ftz.views.options = (element, options, chosen) => ftz.show(element, options.map(([value, text]) => ftz.el("option", { value, selected: String(value) === String(chosen) }, text)));
/* From the catalogue itself: the list of the layers tab may not be there yet. */
ftz.views.layersOf = async (kinds) => (await ftz.data.layers().catch(() => ({ layers: [] }))).layers.filter((entry) => kinds.includes(entry.kind));

ftz.parts.push(function viewsBegin() {
  ftz.byId("density-views").querySelectorAll("[data-view]").forEach((button) =>
    button.addEventListener("click", () => ftz.views.show(button.dataset.view)));
  ftz.byId("density-widen").addEventListener("click", () => ftz.views.widen(!ftz.views.wide));
  ftz.remember("view", () => (ftz.views.open === "density" ? "" : ftz.views.open));
  ftz.remember("wide", () => (ftz.views.wide ? "1" : ""));
  if (ftz.state.given.get("wide")) ftz.views.widen(true);
  ftz.views.show(ftz.state.given.get("view") || "density");
});
