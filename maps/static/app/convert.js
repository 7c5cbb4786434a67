/* A file of sites in another format and reference system, as the server reads and writes it. */
"use strict";

ftz.convert = {};

ftz.convert.file = async function (files) {
  const status = ftz.byId("convert-status"), to = ftz.byId("convert-to").value, crs = ftz.byId("convert-crs").value.trim();
  const form = ftz.check.options(new FormData());
  files.forEach((file) => form.append("file", file, file.name));
  const query = new URLSearchParams(crs ? { to, to_crs: crs } : { to });
  const stem = files[0].name.replace(/\.[^.]*$/, "");
  ftz.show(status, ftz.el("p", { class: "busy" }, ftz.ui("converting")));
  try {
    await ftz.save(`/api/v1/convert?${query}`, { method: "POST", body: form }, `${stem}.${to === "shp" ? "zip" : to}`);
    ftz.show(status, ftz.el("p", {}, ftz.ui("converted")));
  } catch (problem) {
    const again = () => ftz.convert.file(files);
    ftz.show(status, ftz.problem(problem), problem.code === "layers.read.ambiguous" ? ftz.intake.choices(problem, again) : ftz.convert.proposals(problem, again));
  }
};

/* Without a reference system the server proposes those that fit: a click tries one. */
ftz.convert.proposals = function (problem, again) {
  const offers = (problem.params && problem.params.proposals) || [];
  if (!offers.length) return "";
  return ftz.el("div", { class: "remedies" }, ftz.el("p", {}, ftz.ui("proposals")), offers.map((offer) =>
    ftz.el("button", { type: "button", onclick: () => {
      ftz.byId("declare-crs").value = offer.crs;
      ftz.byId("declare-swap").checked = Boolean(offer.swap_axes);
      again();
    } }, offer.crs)));
};

ftz.parts.push(function convertBegin() {
  const file = ftz.byId("convert-file");
  if (!file) return;
  file.addEventListener("change", () => {
    const chosen = [...file.files];
    if (chosen.length) ftz.convert.file(chosen);
    file.value = "";
  });
  ftz.byId("convert-drawn").addEventListener("click", () => {
    const geometry = ftz.sketch.geometry();
    if (!geometry) { ftz.show(ftz.byId("convert-status"), ftz.problem({ title: ftz.ui("convert"), detail: ftz.ui("ground_draw_first") })); return; }
    const feature = { type: "Feature", properties: { name: ftz.ui("drawn_site") }, geometry };
    ftz.convert.file([new File([JSON.stringify({ type: "FeatureCollection", features: [feature] })], "drawn.geojson")]);
  });
});
