/* Tabs: one for each panel of the template. */

import { byId, selectAll } from "../core/elements.js";
import { hashState, writeHash } from "../core/hash_state.js";

/** Called with whether their tab is open, by name of the tab. @type {Record<string, (on: boolean) => void>} */
export const watchers = {};

export const names = () => selectAll("[role=tab]").map((tab) => tab.id.slice("tab-".length));

/** @param {string} name */
export function open(name) {
  const known = names();
  const chosen = known.includes(name) ? name : "layers";
  known.forEach((one) => {
    const on = one === chosen;
    byId(`tab-${one}`).setAttribute("aria-selected", String(on));
    byId(`tab-${one}`).tabIndex = on ? 0 : -1;
    byId(`view-${one}`).hidden = !on;
  });
  hashState.tab = chosen;
  byId(`tab-${chosen}`).scrollIntoView({ block: "nearest", inline: "nearest" });
  Object.entries(watchers).forEach(([one, visible]) => visible(one === chosen));
  writeHash();
}

/** @param {KeyboardEvent} event */
export function move(event) {
  const known = names();
  const at = known.indexOf(hashState.tab);
  /** @type {Record<string, number>} */
  const steps = {
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    ArrowLeft: at - 1,
    ArrowUp: at - 1,
    Home: 0,
    End: known.length - 1,
  };
  const to = steps[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const name = known[(to + known.length) % known.length];
  open(name);
  byId(`tab-${name}`).focus();
}
