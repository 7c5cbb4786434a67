/* Answers that come from the server, or from the file itself if it stands alone. */

import { page } from "./page.js";
import { ask } from "./server.js";

/** @typedef {{ indicator: string, year: string | number, denominator: string }} DensityQuery */

/** @returns {Promise<Answers.LayerList>} */
export const layers = async () => (page.config.embedded ? page.config.embedded.layers : ask("api/v1/layers"));

/** @param {string} id @returns {Promise<App.Collection>} */
export const features = async (id) =>
  page.config.embedded ? page.config.embedded.features[id] : ask(`api/v1/layers/${encodeURIComponent(id)}/features`);

/** @returns {Promise<Answers.IndicatorList>} */
export const indicators = async () =>
  page.config.embedded ? page.config.embedded.indicators : ask("api/v1/indicators");

/** @param {DensityQuery} query */
export const densityAddress = ({ indicator, year, denominator }) =>
  `api/v1/density?${new URLSearchParams({ indicator, year: String(year), denominator })}`;

/** @param {DensityQuery} query @returns {Promise<Answers.DensityTable>} */
export async function density(query) {
  const { embedded } = page.config;
  if (!embedded) return ask(densityAddress(query));
  const fits = (/** @type {Answers.DensityTable} */ table) =>
    table.indicator === query.indicator && table.year === Number(query.year) && table.denominator === query.denominator;
  return /** @type {Answers.DensityTable} */ (embedded.densities.find(fits));
}

/** @param {DensityQuery} query @returns {Promise<Answers.DensityYears | undefined>} */
export async function densityYears({ indicator, denominator }) {
  const { embedded } = page.config;
  if (!embedded) return ask(`api/v1/density/years?${new URLSearchParams({ indicator, denominator })}`);
  return (embedded.density_years || []).find((one) => one.indicator === indicator && one.denominator === denominator);
}

/** @returns {Promise<Answers.PlanMonitor>} */
export const plan = async () => (page.config.embedded ? page.config.embedded.plan : ask("api/v1/plan"));
