/* Check a site: draw or upload, verdict, findings, parts on the map. */
"use strict";

ftz.check = { shown: null, spots: new Map(), last: null, turn: 0 };

ftz.check.options = function (form) {
  ["crs", "encoding", "layer", "datum"].forEach((name) => {
    const value = ftz.byId(`declare-${name}`).value.trim();
    if (value) form.append(name, value);
  });
  if (ftz.byId("declare-swap").checked) form.append("swap_axes", "true");
  return form;
};

ftz.check.run = async function (send) {
  const status = ftz.byId("check-status"), turn = ftz.check.turn += 1;
  ftz.check.last = send;
  ftz.show(status, ftz.el("p", { class: "busy" }, ftz.ui("checking")));
  try {
    const result = await send();
    if (turn !== ftz.check.turn) return;
    ftz.show(status);
    ftz.check.present(result);
  } catch (problem) {
    if (turn !== ftz.check.turn) return;
    ftz.show(status, ftz.problem(problem), ftz.check.remedies(problem));
    ftz.show(ftz.byId("check-result"));
    ftz.check.unshow();
  }
};

ftz.check.address = function () {
  const nature = ftz.byId("nature").value;
  return `/api/v1/checks?geometry=true${nature ? `&nature=${encodeURIComponent(nature)}` : ""}`;
};
ftz.check.site = (polygon) => ftz.check.run(() => ftz.ask(ftz.check.address(), {
  method: "POST", headers: { "Content-Type": "application/geo+json" },
  body: JSON.stringify({ type: "FeatureCollection", features: [{ type: "Feature", id: "1", properties: { name: ftz.ui("drawn_site") }, geometry: polygon }] }),
}));
ftz.check.files = function (files) {
  const list = [...files];
  if (!list.length) return;
  ftz.check.run(() => {
    const form = ftz.check.options(new FormData());
    list.forEach((file) => form.append("file", file, file.name));
    return ftz.ask(ftz.check.address(), { method: "POST", body: form });
  });
};

/* A list of boundary points, one a line, the last two numbers of each counting; or GeoJSON. */
ftz.check.pasted = function (text) {
  let content = text.trim();
  if (!content.startsWith("{")) {
    const ring = content.split("\n")
      .map((line) => line.split(/[\s,;，；、]+/).filter(Boolean).map(Number).filter(Number.isFinite).slice(-2))
      .filter((pair) => pair.length === 2);
    if (ring.length < 3) {
      ftz.show(ftz.byId("check-status"), ftz.problem({ title: ftz.ui("paste_title"), detail: ftz.ui("paste_too_few") }));
      return;
    }
    content = JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
  }
  ftz.check.files([new File([content], "pasted.geojson")]);
};

/* A refused file can often be read with one more word from the person. */
ftz.check.remedies = function (problem) {
  const offers = (problem.params && problem.params.proposals) || [];
  const again = () => ftz.check.run(ftz.check.last);
  if (!problem.code) return ftz.el("div", { class: "remedies" }, ftz.el("button", { type: "button", onclick: again }, ftz.ui("retry")));
  if (problem.code === "layers.read.ambiguous") return ftz.intake.choices(problem, again);
  if (!offers.length) {
    if (["geo.crs.missing", "geo.crs.outside", "layers.read.encoding"].includes(problem.code)) ftz.byId("declare").open = true;
    return "";
  }
  return ftz.el("div", { class: "remedies" }, ftz.el("p", {}, ftz.ui("proposals")), offers.map((offer) =>
    ftz.el("button", { type: "button", onclick: () => {
      ftz.byId("declare-crs").value = offer.crs;
      ftz.byId("declare-swap").checked = Boolean(offer.swap_axes);
      ftz.byId("declare").open = true;
      again();
    } }, `${offer.crs}${offer.place ? " · " + offer.place : ""}`,
    ftz.el("small", {}, (offer.evidence || []).map((code) => ftz.text("evidence", code)).join("; ")))));
};

ftz.check.present = function (result) {
  ftz.state.check = result.id;
  ftz.check.nature = result.nature;
  ftz.byId("nature").value = result.nature || "";
  ftz.writeState();
  ftz.show(ftz.byId("check-result"),
    ftz.el("div", { class: `verdict ${result.verdict}`, id: "verdict", tabindex: "-1" },
      ftz.el("b", {}, ftz.text("verdicts", result.verdict)), ftz.el("span", {}, ftz.ui(`verdict_${result.verdict}`))),
    ftz.basis(result.basis),
    ftz.check.after(result),
    result.sites.map((site) => ftz.finding.site(result, site)),
    ftz.intake.report(result.read_report),
    ftz.el("p", { class: "source" }, ftz.ui("check_id", { id: result.id, date: result.checked_on }), " ",
      ftz.el("a", { href: `/api/v1/checks/${result.id}/evidence`, download: `evidence-${result.id}.zip` }, ftz.ui("evidence"))));
  ftz.check.draw(result);
  ftz.byId("verdict").focus({ preventScroll: false });
};

/* What a person does with a result: keep it, print it, put it away. */
ftz.check.after = (result) => ftz.el("p", { class: "after" },
  ftz.el("a", { href: `/api/v1/checks/${encodeURIComponent(result.id)}?geometry=true`, download: `check-${result.id.slice(0, 12)}.json` }, ftz.ui("download")),
  ftz.check.reports(result),
  ftz.el("button", { type: "button", onclick: () => window.print() }, ftz.ui("print")),
  ftz.el("button", { type: "button", id: "clear-result", onclick: ftz.check.clear }, ftz.ui("clear_result")));

/* The report as a file; of many sites it takes a while, and becomes a task that keeps it. */
ftz.check.reports = function (result) {
  const status = ftz.el("span", { "aria-live": "polite" });
  const make = async (address) => {
    try {
      const task = await ftz.task(address, {}, status);
      ftz.show(status, ...task.files.map((name) => ftz.el("a", { href: `/api/v1/tasks/${task.id}/files/${encodeURIComponent(name)}`, download: name }, name)));
    } catch (problem) { ftz.show(status, ftz.problem(problem)); }
  };
  const forms = ["docx", "pdf", "html", "xlsx"].flatMap((form) => {
    const address = `/api/v1/checks/${encodeURIComponent(result.id)}/report.${form}?lang=${ftz.config.lang}`;
    return [" ", result.sites.length > ftz.check.MANY
      ? ftz.el("button", { type: "button", onclick: () => make(address) }, form.toUpperCase())
      : ftz.el("a", { href: address, download: `report-${result.id.slice(0, 12)}.${form}` }, form.toUpperCase())];
  });
  return ftz.el("span", { class: "reports" }, ftz.ui("report"), forms, " ", status);
};
ftz.check.MANY = 20;

ftz.check.clear = function () {
  ftz.check.unshow();
  ftz.sketch.take([]);
  ftz.state.check = null;
  ftz.writeState();
  ftz.show(ftz.byId("check-status"));
  ftz.show(ftz.byId("check-result"), ftz.el("p", { class: "quiet" }, ftz.ui("check_empty")));
  ftz.byId("draw").focus();
};

ftz.check.natures = async function () {
  const select = ftz.byId("nature");
  const offered = await ftz.ask("/api/v1/natures").then((answer) => answer.natures, () => []);
  offered.forEach((one) => select.append(ftz.el("option", { value: one.id }, ftz.named(one.name))));
  select.value = ftz.check.nature || "";
  select.addEventListener("change", () => { if (ftz.check.last && ftz.state.check) ftz.check.run(ftz.check.last); });
};

ftz.check.unshow = function () {
  if (ftz.check.shown) ftz.check.shown.remove();
  ftz.check.shown = null;
  ftz.check.spots.clear();
};
ftz.check.fit = (group) => ftz.map.fitBounds(group.getBounds(), { padding: [48, 48], maxZoom: 16 });

/* The parts of one finding stand out while its card is under the pointer or in focus. */
ftz.check.point = function (finding) {
  ftz.check.spots.forEach((group, other) => {
    const back = finding && other !== finding;
    group.setStyle({ opacity: back ? 0.15 : 1, fillOpacity: back ? 0.04 : group.fillOpacity });
  });
};

/* What lies outside a boundary is hatched; what lies on a protected area is filled. */
ftz.check.partStyle = function (finding) {
  const colour = ftz.config.styles.result[finding.verdict];
  return finding.relation === "must_be_inside"
    ? { color: ftz.layers.style(finding.kind).stroke, weight: 1.6, dashArray: "6 4", fillColor: "url(#pattern-outside)", fillOpacity: 1 }
    : { color: colour, weight: 2, fillColor: colour, fillOpacity: 0.45 };
};

ftz.check.spot = function (finding) {
  const style = ftz.check.partStyle(finding);
  const group = L.featureGroup([], { pmIgnore: true });
  group.fillOpacity = style.fillOpacity;
  finding.parts.filter((part) => part.geometry).forEach((part) => L.geoJSON(part.geometry, { pane: "result", pmIgnore: true, style })
    .bindTooltip(() => ftz.el("div", { class: "tip" }, ftz.el("strong", {}, ftz.named(finding.title)), ftz.el("span", {}, `${ftz.finding.partName(part.feature_id)} · ${ftz.number(part.area_m2, 2)} m²`)), { sticky: true, className: "plain" })
    .addTo(group));
  ftz.check.spots.set(finding, group);
  return group;
};

ftz.check.draw = function (result) {
  ftz.check.unshow();
  const looks = ftz.config.styles.result;
  const group = L.featureGroup([], { pmIgnore: true });
  result.sites.forEach((site) => {
    L.geoJSON(site.geometry, { pane: "result", pmIgnore: true, interactive: false, style: { color: "#ffffff", weight: 6, fill: false } }).addTo(group);
    L.geoJSON(site.geometry, { pane: "result", pmIgnore: true, interactive: false, style: { color: looks.site, weight: 2.4, fill: false } }).addTo(group);
    /* Outside-a-boundary ground is wide: it lies below what is narrow. */
    [...site.findings].sort((one, other) => (other.relation === "must_be_inside") - (one.relation === "must_be_inside"))
      .filter((finding) => finding.parts.length).forEach((finding) => ftz.check.spot(finding).addTo(group));
  });
  ftz.check.shown = group.addTo(ftz.map);
  ftz.sketch.hide();
  ftz.check.fit(group);
};

/* What was drawn or edited is checked at once; nothing drawn, nothing to say. */
ftz.check.sketched = function (geometry) {
  /* Drawn where sites for expansion are studied, it is one of these. */
  if (geometry && ftz.state.tab === "expand") return;
  if (geometry) { ftz.frame.tab("check"); ftz.check.site(geometry); return; }
  ftz.check.unshow();
  ftz.state.check = null;
  ftz.show(ftz.byId("check-status"));
  ftz.show(ftz.byId("check-result"), ftz.el("p", { class: "quiet" }, ftz.ui("check_empty")));
  ftz.writeState();
};
/* The button says whether a drawing is under way, and the help with it. */
ftz.check.drawing = function () {
  const on = ftz.mode.name === "draw";
  ftz.byId("draw").textContent = ftz.ui(on ? "draw_cancel" : "draw");
  if (on) { ftz.check.unshow(); ftz.sketch.hide(); ftz.show(ftz.byId("check-status"), ftz.el("p", { class: "notice" }, ftz.ui("draw_help"))); }
};

ftz.parts.push(function checkBegin() {
  const button = ftz.byId("draw");
  if (!button) return;
  ftz.check.natures();
  if (!ftz.map.getPane("result")) ftz.map.createPane("result").style.zIndex = 480;
  button.addEventListener("click", () => { ftz.sketch.draw(); ftz.check.drawing(); });
  ftz.mode.listeners.push(ftz.check.drawing);
  ftz.sketch.listeners.push(ftz.check.sketched);
  window.addEventListener("beforeprint", () => document.querySelectorAll("#check-result details").forEach((one) => { one.open = true; }));
  ftz.byId("paste-check").addEventListener("click", () => ftz.check.pasted(ftz.byId("paste").value));
  const file = ftz.byId("file");
  file.addEventListener("change", () => { ftz.check.files(file.files); file.value = ""; });
  const drop = ftz.byId("drop");
  const stop = (event) => { event.preventDefault(); drop.classList.toggle("over", event.type === "dragover"); };
  ["dragover", "dragleave", "drop"].forEach((name) => document.addEventListener(name, stop));
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer || !event.dataTransfer.files.length) return;
    if (ftz.state.tab === "expand") { ftz.expand.takeFiles(event.dataTransfer.files); return; }
    ftz.tabs.open("check");
    ftz.check.files(event.dataTransfer.files);
  });
  if (ftz.state.check) ftz.check.run(() => ftz.ask(`/api/v1/checks/${encodeURIComponent(ftz.state.check)}?geometry=true`));
});
