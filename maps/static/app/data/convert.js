/* A file of sites in another format and reference system, as the server reads and writes it. */

import { byId, el, fieldById, findById, inputById, problemBox, setChildren } from "../core/elements.js";
import { saveFile } from "../core/server.js";
import { ui } from "../core/words.js";
import * as siteCheck from "../check/check.js";
import * as intake from "../check/intake.js";
import * as sketch from "../map/sketch.js";

/* Forms of several files come packed into one.
 * @type {Record<string, string>} */
/** @type {Record<string, string>} */
const PACKED = { shp: "zip", gdb: "gdb.zip" };

/** @param {File[]} files */
async function convertFiles(files) {
  const status = byId("convert-status"),
    to = fieldById("convert-to").value,
    crs = fieldById("convert-crs").value.trim();
  const form = siteCheck.addDeclared(new FormData());
  files.forEach((file) => form.append("file", file, file.name));
  const query = new URLSearchParams(crs ? { format: to, to_crs: crs } : { format: to });
  const stem = files[0].name.replace(/\.[^.]*$/, "");
  setChildren(status, el("p", { class: "busy" }, ui("converting")));
  try {
    await saveFile(`api/v1/convert?${query}`, { method: "POST", body: form }, `${stem}.${PACKED[to] || to}`);
    setChildren(status, el("p", {}, ui("converted")));
  } catch (problem) {
    const again = () => convertFiles(files);
    setChildren(
      status,
      problemBox(problem),
      intake.offersChoices(problem) ? intake.makeChoices(problem, again) : makeProposals(problem, again),
    );
  }
}

/**
 * Without a reference system the server proposes those that fit: a click tries one.
 * @param {App.Problem} problem
 * @param {() => void} again
 */
function makeProposals(problem, again) {
  const offers = (problem.params && problem.params.proposals) || [];
  if (!offers.length) return "";
  return el(
    "div",
    { class: "remedies" },
    el("p", {}, ui("proposals")),
    offers.map((/** @type {App.JsonObject} */ offer) =>
      el(
        "button",
        {
          type: "button",
          onclick: () => {
            fieldById("declare-crs").value = offer.crs;
            inputById("declare-swap").checked = Boolean(offer.swap_axes);
            fieldById("declare-length-unit").value = offer.unit || "m";
            again();
          },
        },
        offer.crs,
      ),
    ),
  );
}

export function begin() {
  const file = /** @type {HTMLInputElement | null} */ (findById("convert-file"));
  if (!file) return;
  file.addEventListener("change", () => {
    const chosen = [...(file.files || [])];
    if (chosen.length) convertFiles(chosen);
    file.value = "";
  });
  byId("convert-drawn").addEventListener("click", () => {
    const geometry = sketch.drawnGeometry();
    if (!geometry) {
      setChildren(byId("convert-status"), problemBox({ title: ui("convert"), detail: ui("ground_draw_first") }));
      return;
    }
    const feature = { type: "Feature", properties: { name: ui("drawn_site") }, geometry };
    convertFiles([new File([JSON.stringify({ type: "FeatureCollection", features: [feature] })], "drawn.geojson")]);
  });
}
