/* One mode of the map at a time: drawing, measuring, editing. */

/**
 * A mode takes the clicks of the map until it is stopped; without one a click identifies.
 * @type {{ name: string | null, stopCurrent: (() => void) | null, listeners: (() => void)[] }}
 */
export const state = { name: null, stopCurrent: null, listeners: [] };
/**
 * @param {string} name
 * @param {() => void} stop
 */
export function startMode(name, stop) {
  stopMode();
  state.name = name;
  state.stopCurrent = stop;
  noteChange();
}
function noteChange() {
  state.listeners.forEach((heard) => heard());
}
export function stopMode() {
  const stop = state.stopCurrent;
  state.name = state.stopCurrent = null;
  if (!stop) return;
  stop();
  noteChange();
}
