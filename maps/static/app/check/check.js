/* Check a site: draw or upload, verdict, findings, parts on the map. */

import {
  badge,
  basisNotices,
  byId,
  detailsById,
  el,
  fieldById,
  findById,
  inputById,
  problemBox,
  selectAll,
  selectById,
  setChildren,
} from "../core/elements.js";
import { hashState, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { ask, runTask } from "../core/server.js";
import { tr, ui } from "../core/words.js";
import * as certificate from "./certificate.js";
import * as findingCards from "./finding.js";
import { readRing } from "./pasted.js";
import * as headline from "./headline.js";
import * as intake from "./intake.js";
import * as land from "./land.js";
import * as natures from "./natures.js";
import * as siteParts from "./site_parts.js";
import { withdrawnNotices } from "../data/withdraw.js";
import * as mapMode from "../map/mode.js";
import * as sketch from "../map/sketch.js";
import * as frame from "../workbench/frame.js";

/** @type {{ last: (() => Promise<Answers.CheckResult>) | null, turn: number, nature: string | null }} */
const state = { last: null, turn: 0, nature: null };

/** @param {FormData} form */
export function addDeclared(form) {
  ["crs", "encoding", "layer", "datum", "length_unit"].forEach((name) => {
    const value = fieldById(`declare-${name.replace("_", "-")}`).value.trim();
    if (value) form.append(name, value);
  });
  if (inputById("declare-swap").checked) form.append("swap_axes", "true");
  return form;
}

/** @param {() => Promise<Answers.CheckResult>} send */
export async function runCheck(send) {
  const status = byId("check-status"),
    turn = (state.turn += 1);
  state.last = send;
  setChildren(status, el("p", { class: "busy" }, ui("checking")));
  try {
    const result = await send();
    if (turn !== state.turn) return;
    setChildren(status);
    presentResult(result);
  } catch (problem) {
    if (turn !== state.turn) return;
    setChildren(status, problemBox(problem), makeRemedies(problem));
    setChildren(byId("check-result"));
    siteParts.removeParts();
  }
}

function checkAddress() {
  const nature = fieldById("nature").value;
  return `api/v1/checks?geometry=true${nature ? `&nature=${encodeURIComponent(nature)}` : ""}`;
}
/** @param {App.Area} polygon */
const checkSite = (polygon) =>
  runCheck(() =>
    ask(checkAddress(), {
      method: "POST",
      headers: { "Content-Type": "application/geo+json" },
      body: JSON.stringify({
        type: "FeatureCollection",
        features: [{ type: "Feature", id: "1", properties: { name: ui("drawn_site") }, geometry: polygon }],
      }),
    }),
  );
/** @param {Iterable<File>} files */
export function checkFiles(files) {
  const list = [...files];
  if (!list.length) return;
  runCheck(() => {
    const form = addDeclared(new FormData());
    list.forEach((file) => form.append("file", file, file.name));
    return ask(checkAddress(), { method: "POST", body: form });
  });
}

/**
 * A list of boundary points, or GeoJSON.
 * @param {string} text
 */
function checkPasted(text) {
  let content = text.trim();
  if (!content.startsWith("{")) {
    const ring = readRing(content);
    if (!ring) {
      setChildren(byId("check-status"), problemBox({ title: ui("paste_title"), detail: ui("paste_too_few") }));
      return;
    }
    content = JSON.stringify({ type: "Polygon", coordinates: [ring] });
  }
  checkFiles([new File([content], "pasted.geojson")]);
}

/**
 * A refused file can often be read with one more word from the person.
 * @param {App.Problem} problem
 */
function makeRemedies(problem) {
  const offers = (problem.params && problem.params.proposals) || [];
  const again = () => {
    if (state.last) runCheck(state.last);
  };
  if (!problem.code)
    return el("div", { class: "remedies" }, el("button", { type: "button", onclick: again }, ui("retry")));
  if (intake.offersChoices(problem)) return intake.makeChoices(problem, again);
  if (!offers.length) {
    if (["geo.crs.missing", "geo.crs.outside", "layers.read.encoding"].includes(problem.code))
      detailsById("declare").open = true;
    return "";
  }
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
            detailsById("declare").open = true;
            again();
          },
        },
        `${offer.crs}${offer.place ? ` · ${offer.place}` : ""}`,
        el(
          "small",
          {},
          (offer.evidence || []).map((/** @type {string | null} */ code) => tr("evidence", code)).join("; "),
        ),
      ),
    ),
  );
}

/** @param {Answers.CheckResult} result */
function presentResult(result) {
  document.dispatchEvent(new CustomEvent("ftz:check", { detail: result }));
  hashState.check = result.id;
  state.nature = result.nature;
  fieldById("nature").value = result.nature || "";
  natures.showNeeds(result.nature || "");
  writeHash();
  setChildren(
    byId("check-result"),
    headline.makeLines(result.lines),
    el(
      "div",
      { class: `verdict ${result.verdict}`, id: "verdict", tabindex: "-1" },
      el("b", {}, tr("verdicts", result.verdict)),
      el("span", {}, ui(`verdict_${result.verdict}`)),
      result.reviewed_verdict
        ? el("span", { class: "overridden" }, ui("reviewed_as"), " ", badge("verdicts", result.reviewed_verdict))
        : null,
    ),
    headline.makeBeside(result, result.left_out.length > 0 || result.sites.some(headline.hasUntold)),
    result.ahead ? el("p", { class: "notice" }, tr("beside", "ahead", { date: result.checked_on })) : null,
    basisNotices(result.basis),
    withdrawnNotices(result.withdrawn),
    certificate.makeCertificate(result.sensitive),
    land.makeLand(result),
    makeActions(result),
    result.sites.map((site) => findingCards.makeSite(result, site, presentResult)),
    intake.makeReadReport(result.read_report),
    el(
      "p",
      { class: "source" },
      ui("check_id", { id: result.id, date: result.checked_on }),
      " ",
      el("a", { href: `api/v1/checks/${result.id}/evidence`, download: `evidence-${result.id}.zip` }, ui("evidence")),
    ),
  );
  siteParts.drawResult(result);
  byId("verdict").focus({ preventScroll: false });
}

/**
 * What a person does with a result: keep it, print it, put it away.
 * @param {Answers.CheckResult} result
 */
const makeActions = (result) =>
  el(
    "p",
    { class: "after" },
    el(
      "a",
      {
        href: `api/v1/checks/${encodeURIComponent(result.id)}?geometry=true`,
        download: `check-${result.id.slice(0, 12)}.json`,
      },
      ui("download"),
    ),
    makeReports(result),
    el("button", { type: "button", onclick: () => window.print() }, ui("print")),
    el("button", { type: "button", id: "clear-result", onclick: clearResult }, ui("clear_result")),
  );

/**
 * The report as a file; of many sites it takes a while, and becomes a task that keeps it.
 * @param {Answers.CheckResult} result
 */
function makeReports(result) {
  const status = el("span", { "aria-live": "polite" });
  const make = async (/** @type {string} */ address) => {
    try {
      const task = await runTask(address, {}, status);
      setChildren(
        status,
        ...task.files.map((name) =>
          el("a", { href: `api/v1/tasks/${task.id}/files/${encodeURIComponent(name)}`, download: name }, name),
        ),
      );
    } catch (problem) {
      setChildren(status, problemBox(problem));
    }
  };
  const forms = ["docx", "pdf", "html", "xlsx"].flatMap((form) => {
    const address = `api/v1/checks/${encodeURIComponent(result.id)}/report.${form}?lang=${page.config.lang}`;
    return [
      " ",
      result.sites.length > MANY
        ? el("button", { type: "button", onclick: () => make(address) }, form.toUpperCase())
        : el("a", { href: address, download: `report-${result.id.slice(0, 12)}.${form}` }, form.toUpperCase()),
    ];
  });
  return el("span", { class: "reports" }, ui("report"), forms, " ", status);
}
const MANY = 20;

function clearResult() {
  siteParts.removeParts();
  sketch.takePolygons([]);
  hashState.check = null;
  writeHash();
  setChildren(byId("check-status"));
  setChildren(byId("check-result"), el("p", { class: "quiet" }, ui("check_empty")));
  byId("draw").focus();
}

async function fillNatures() {
  const select = selectById("nature");
  await natures.fillChoice(select);
  select.value = state.nature || "";
  natures.showNeeds(select.value);
  select.addEventListener("change", () => {
    natures.showNeeds(select.value);
    if (state.last && hashState.check) runCheck(state.last);
  });
}

/**
 * What was drawn or edited is checked at once; nothing drawn, nothing to say.
 * @param {App.Area | null} geometry
 */
function checkSketch(geometry) {
  /* Drawn where sites for expansion are studied, it is one of these. */
  if (geometry && hashState.tab === "expand") return;
  if (geometry) {
    frame.openTab("check");
    checkSite(geometry);
    return;
  }
  siteParts.removeParts();
  hashState.check = null;
  setChildren(byId("check-status"));
  setChildren(byId("check-result"), el("p", { class: "quiet" }, ui("check_empty")));
  writeHash();
}
/* The button says whether a drawing is under way, and the help with it. */
function showDrawing() {
  const on = mapMode.state.name === "draw";
  byId("draw").textContent = ui(on ? "draw_cancel" : "draw");
  if (on) {
    siteParts.removeParts();
    sketch.hideShapes();
    setChildren(byId("check-status"), el("p", { class: "notice" }, ui("draw_help")));
  }
}

export function begin() {
  const button = findById("draw");
  if (!button) return;
  fillNatures();
  if (!page.map.getPane("result")) page.map.createPane("result").style.zIndex = "480";
  button.addEventListener("click", () => {
    sketch.toggleDraw();
    showDrawing();
  });
  mapMode.state.listeners.push(showDrawing);
  sketch.state.listeners.push(checkSketch);
  window.addEventListener("beforeprint", () =>
    selectAll("#check-result details").forEach((one) => one.setAttribute("open", "")),
  );
  byId("paste-check").addEventListener("click", () => checkPasted(fieldById("paste").value));
  const file = inputById("file");
  file.addEventListener("change", () => {
    checkFiles(file.files || []);
    file.value = "";
  });
  const { check } = hashState;
  if (check) runCheck(() => ask(`api/v1/checks/${encodeURIComponent(check)}?geometry=true`));
}
