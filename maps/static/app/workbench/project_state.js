/* What the page shows, as a project keeps it; and the page as a project has it. */

import { fieldById } from "../core/elements.js";
import { hashState, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { ui } from "../core/words.js";
import * as siteTerms from "../expansion/site_terms.js";
import * as sketch from "../map/sketch.js";
import * as keep from "./keep.js";
import * as projectFiles from "./project_files.js";

/**
 * What is kept beside what the page shows.
 * @type {{ content: Answers.ProjectContent | null, names: string[] }}
 */
export const state = { content: null, names: [] };

const DRAWN = "drawn-";

/** The drawn polygons as sites, each with its name. @returns {Answers.ProjectSite[]} */
const drawnSites = () =>
  sketch.state.polygons.map((rings, at) => ({
    id: `${DRAWN}${at + 1}`,
    name: state.names[at] || ui("project_site", { number: at + 1 }),
    geometry: { type: "Polygon", coordinates: rings.map((ring) => [...ring, ring[0]]) },
  }));

/**
 * @param {Answers.ProjectContent["area"]} before what holds until the list of counties is there
 * @returns {Answers.ProjectContent["area"]}
 */
function searchedArea(before) {
  const county = /** @type {HTMLSelectElement} */ (fieldById("siting-county"));
  if (county.options.length < 2 && before?.county) return before;
  if (county.value) return { name: county.selectedOptions[0]?.textContent || "", county: county.value, geometry: null };
  return { name: "", county: null, geometry: sketch.drawnGeometry() };
}

/**
 * All that the project keeps now.
 * @param {Answers.ProjectContent} content as it was last kept
 * @returns {Answers.ProjectContent}
 */
export function collect(content) {
  writeHash();
  const view = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const stays = content.sites.filter((site) => !site.id.startsWith(DRAWN));
  return {
    ...content,
    area: searchedArea(content.area),
    sites: [...stays, ...drawnSites()],
    layers: hashState.layers || [],
    view,
    weights: siteTerms.ownWeights(),
    fields: keep.filledFields(content.fields),
    files: projectFiles.keptFiles(),
  };
}

/** Where the map stands and which tab is open makes no version of its own. @param {Answers.ProjectContent} content */
export function essence(content) {
  const view = Object.entries(content.view).filter(([name]) => !["at", "tab", "fold"].includes(name));
  return JSON.stringify({ ...content, view });
}

/**
 * Before the parts begin: the address is that of the project, so that each finds what it remembers.
 * @param {Answers.ProjectContent} content
 */
export function applyAddress(content) {
  state.content = content;
  state.names = content.sites.filter((site) => site.id.startsWith(DRAWN)).map((site) => site.name);
  if (!location.hash) history.replaceState(null, "", `#${new URLSearchParams(content.view)}`);
}

/** After the parts have begun. @param {Answers.ProjectContent} content */
export function applyFields(content) {
  keep.fillFields({ ...content.fields, ...siteTerms.weightFields(content.weights) });
  projectFiles.takeFiles(content.files);
}

/**
 * An alternative's sites are drawn, and the map goes there.
 * @param {Answers.ProjectSite[]} sites
 */
export function drawSites(sites) {
  state.names = sites.map((site) => site.name);
  const rings = sites.flatMap(({ geometry }) =>
    geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [],
  );
  sketch.takePolygons(rings.map((one) => one.map((/** @type {App.Ring} */ ring) => ring.slice(0, -1))));
  if (sketch.state.group) page.map.fitBounds(sketch.state.group.getBounds(), { padding: [60, 60], maxZoom: 16 });
}
