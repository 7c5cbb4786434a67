/* To take along: a link to this view, a frame for another site, the data, a sheet of paper. */

import { buttonById, byId, fieldById, inputById, selectById } from "../app/core/elements.js";
import { page } from "../app/core/page.js";
import { named, ui } from "../app/core/words.js";
import { placeOfLink } from "./view.js";

/** @typedef {() => Record<string, string>} Chosen */

/**
 * The address of this view: language, place, layers that are switched off, density.
 * @param {Record<string, string>} said
 */
const addressOf = (said) =>
  `${location.href.split("#")[0]}#${new URLSearchParams(said).toString().replaceAll("%2C", ",")}`;

/** @param {string} text */
const quoted = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** @param {Chosen} chosen */
function writeSnippets(chosen) {
  const said = { lang: page.config.lang, at: placeOfLink(), ...chosen() };
  const height = Math.min(2000, Math.max(240, Number(inputById("embed-height").value) || 640));
  const address = addressOf({ ...said, lang: selectById("embed-lang").value || said.lang });
  fieldById("link").value = addressOf(said);
  fieldById("embed").value =
    `<iframe src="${quoted(address)}" title="${quoted(named(page.config.publication.title))}" width="100%" ` +
    `height="${height}" loading="lazy" sandbox="allow-scripts allow-same-origin allow-downloads"></iframe>`;
}

/** Everything that the map shows as one file, with what must be said of it. */
function dataText() {
  const { publication } = page.config;
  const { title, maker, disclaimer, data_date, law_on, review_number, draft, crs } = publication;
  return JSON.stringify({
    type: "FeatureCollection",
    about: { title, maker, disclaimer, data_date, law_on, review_number, draft, crs },
    layers: publication.layers.map(({ features: _, protections: __, ...said }) => said),
    features: publication.layers.flatMap((layer) =>
      layer.features.features.map((feature) => ({
        ...feature,
        properties: {
          ...feature.properties,
          layer: layer.id,
          status: layer.status,
          source: layer.source,
          licence: layer.licence,
          displacement_m: layer.displacement_m,
        },
      })),
    ),
  });
}

function saveData() {
  const address = URL.createObjectURL(new Blob([dataText()], { type: "application/geo+json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${page.config.publication.id}.geojson`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** @param {HTMLInputElement | HTMLTextAreaElement} field */
async function copy(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    byId("copied").textContent = ui("copied");
  } catch {
    /* A file from a disk may not write there: it is selected, and the reader's keys copy it. */
    byId("copied").textContent = ui("copy_by_hand");
  }
}

/* A server of ours has a page of all versions; a copy on another server has none. */
function showWayToVersions() {
  const found = /^(.*\/public\/[a-z][a-z0-9_-]*\/)(?:[0-9a-f]{64}\/index\.html)?$/.exec(location.pathname);
  byId("to-versions").hidden = !found;
  if (found) byId("versions").setAttribute("href", `${found[1]}versions?lang=${page.config.lang}`);
}

/** @param {Chosen} chosen */
export function beginTake(chosen) {
  const write = () => writeSnippets(chosen);
  page.map.on("moveend", write);
  ["embed-height", "embed-lang"].forEach((id) => fieldById(id).addEventListener("input", write));
  buttonById("copy-link").addEventListener("click", () => copy(inputById("link")));
  buttonById("copy-embed").addEventListener("click", () =>
    copy(/** @type {HTMLTextAreaElement} */ (fieldById("embed"))),
  );
  buttonById("save-data").addEventListener("click", saveData);
  buttonById("print").addEventListener("click", () => window.print());
  /* They lie beside the page; whoever has only the page has the first button. */
  showWayToVersions();
  byId("files-beside").hidden = !location.protocol.startsWith("http");
  write();
  return write;
}

/**
 * Keep the address of the window in step, so that what is copied from there shows the same.
 * @param {Chosen} chosen
 */
export function keepAddress(chosen) {
  try {
    history.replaceState(null, "", addressOf({ lang: page.config.lang, at: placeOfLink(), ...chosen() }));
  } catch {
    /* A frame without an origin of its own has no address to write. */
  }
}
