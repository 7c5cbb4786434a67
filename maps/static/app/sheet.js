/* A sheet to print: the map at a true scale on A4 or A3, with legend, sources and marks. */
"use strict";

ftz.sheet = { paper: "a4", turned: "landscape", scale: 0, home: null };
ftz.sheet.SCALES = [5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 5000000];
/* A pixel of the page is 1/96 inch on paper. */
ftz.sheet.METRES_PER_PX = 0.0254 / 96;

ftz.sheet.zoomOf = (scale, lat) => Math.log2((40075016.686 * Math.cos((lat * Math.PI) / 180)) / (256 * scale * ftz.sheet.METRES_PER_PX));
ftz.sheet.scaleNow = () => (40075016.686 * Math.cos((ftz.map.getCenter().lat * Math.PI) / 180)) / (256 * 2 ** ftz.map.getZoom() * ftz.sheet.METRES_PER_PX);

ftz.sheet.open = function () {
  if (ftz.byId("sheet")) return;
  ftz.mode.stop();
  ftz.card.close();
  const box = ftz.map.getContainer();
  ftz.sheet.home = { parent: box.parentNode, next: box.nextSibling, centre: ftz.map.getCenter(), zoom: ftz.map.getZoom(), snap: ftz.map.options.zoomSnap, bounds: ftz.map.getBounds() };
  ftz.map.options.zoomSnap = 0;
  document.documentElement.dataset.theme = "light";
  document.dispatchEvent(new Event("ftz:theme"));
  document.body.classList.add("on-sheet");
  document.body.append(ftz.el("div", { id: "sheet", role: "dialog", "aria-label": ftz.ui("print_map") }, ftz.sheet.bar(), ftz.sheet.page()));
  ftz.byId("sheet-map").append(box);
  ftz.sheet.lay();
  ftz.layers.listeners.push(ftz.sheet.side);
  ftz.map.on("moveend", ftz.sheet.side);
  ftz.byId("sheet-title").focus();
};

ftz.sheet.close = function () {
  const { home } = ftz.sheet, box = ftz.map.getContainer();
  ftz.layers.listeners = ftz.layers.listeners.filter((one) => one !== ftz.sheet.side);
  ftz.map.off("moveend", ftz.sheet.side);
  home.parent.insertBefore(box, home.next);
  ftz.byId("sheet").remove();
  document.body.classList.remove("on-sheet");
  ftzTheme.apply();
  ftz.map.options.zoomSnap = home.snap;
  ftz.map.invalidateSize({ animate: false });
  ftz.map.setView(home.centre, home.zoom, { animate: false });
  ftz.byId("tool-print").focus();
};

ftz.sheet.bar = function () {
  const pick = (id, word, options, chosen, set) => {
    const select = ftz.el("select", { id, onchange: () => { set(select.value); ftz.sheet.lay(); } }, options.map(([value, text]) => ftz.el("option", { value, selected: value === chosen }, text)));
    return ftz.el("label", {}, ftz.ui(word), select);
  };
  return ftz.el("div", { class: "sheet-bar fields" },
    ftz.el("label", { class: "grow" }, ftz.ui("sheet_title"), ftz.el("input", { id: "sheet-title", maxlength: "80", value: ftz.ui("title"), oninput: () => ftz.sheet.side() })),
    pick("sheet-paper", "sheet_paper", [["a4", "A4"], ["a3", "A3"]], ftz.sheet.paper, (value) => { ftz.sheet.paper = value; }),
    pick("sheet-turned", "sheet_turned", [["landscape", ftz.ui("sheet_landscape")], ["portrait", ftz.ui("sheet_portrait")]], ftz.sheet.turned, (value) => { ftz.sheet.turned = value; }),
    pick("sheet-scale", "sheet_scale", [["0", ftz.ui("sheet_fit")], ...ftz.sheet.SCALES.map((one) => [String(one), `1:${ftz.number(one, 0)}`])], String(ftz.sheet.scale), (value) => { ftz.sheet.scale = Number(value); }),
    ftz.el("button", { type: "button", class: "primary", onclick: () => window.print() }, ftz.ui("print")),
    ftz.el("button", { type: "button", class: "button", id: "sheet-close", onclick: ftz.sheet.close }, ftz.ui("close")));
};

ftz.sheet.page = () => ftz.el("div", { class: "page", id: "sheet-page" },
  ftz.el("header", {}, ftz.el("h2", { id: "sheet-name" }), ftz.svg("svg", { class: "north", viewBox: "0 0 24 34", "aria-label": ftz.ui("north"), role: "img" },
    ftz.svg("path", { d: "M12 2 20 30 12 24 4 30z", fill: "none", stroke: "currentColor", "stroke-width": 1.5 }), ftz.svg("path", { d: "M12 2 20 30 12 24z", fill: "currentColor" }))),
  ftz.el("div", { id: "sheet-map" }),
  ftz.el("aside", { id: "sheet-side" }),
  ftz.el("footer", { id: "sheet-notes" }));

ftz.sheet.lay = function () {
  ftz.byId("sheet-page").className = `page ${ftz.sheet.paper} ${ftz.sheet.turned}`;
  const { map } = ftz, { home, scale } = ftz.sheet;
  map.invalidateSize({ animate: false });
  if (scale) map.setView(home.centre, ftz.sheet.zoomOf(scale, home.centre.lat), { animate: false });
  else map.fitBounds(home.bounds, { animate: false });
  ftz.sheet.side();
};

ftz.sheet.side = function () {
  const shown = ftz.legend.items(), unsure = ["demonstration", "indicative"].filter((status) => shown.some((entry) => entry.status === status));
  const density = ftz.byId("legend"), now = ftz.sheet.scaleNow();
  const exact = ftz.sheet.scale && Math.abs(now / ftz.sheet.scale - 1) < 0.001 ? ftz.sheet.scale : Math.round(now / 100) * 100;
  ftz.byId("sheet-name").textContent = ftz.byId("sheet-title").value;
  ftz.show(ftz.byId("sheet-side"), ftz.el("h3", {}, ftz.ui("legend")),
    density.hidden ? null : ftz.el("div", { class: "density" }, [...density.children].map((one) => one.cloneNode(true))),
    ftz.legend.list(),
    ftz.state.check && ftz.byId("verdict") ? ftz.el("p", { class: "result" }, ftz.byId("verdict").textContent) : null);
  ftz.show(ftz.byId("sheet-notes"),
    ftz.el("p", {}, ftz.el("b", {}, `1:${ftz.number(exact, 0)}`), ` ${ftz.ui("sheet_scale_note", { paper: ftz.sheet.paper.toUpperCase() })} · CGCS2000 (EPSG:4490) · ${new Date().toISOString().slice(0, 10)}`),
    unsure.map((status) => ftz.el("p", { class: "unsure" }, ftz.text("basis", status))),
    ftz.el("p", {}, `${ftz.ui("source")}: ${[...new Set(shown.map((entry) => entry.source))].join("; ")}`),
    ftz.state.check ? ftz.el("p", {}, ftz.ui("check_id", { id: ftz.state.check, date: "" }).split(/[,，]/)[0]) : null);
};

ftz.parts.push(function sheetBegin() {
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && ftz.byId("sheet")) ftz.sheet.close(); });
});
