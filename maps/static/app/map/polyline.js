/* Points as text for the address: the polyline algorithm at seven decimals, as a drawing has them. */

/**
 * Points as Leaflet has them, latitude first.
 * @param {App.LonLat[]} points
 */
export const latLngs = (points) => points.map(([lon, lat]) => L.latLng(lat, lon));

/** @param {App.LonLat[]} points */
export function writePoints(points) {
  let last = [0, 0],
    text = "";
  const push = (/** @type {number} */ value) => {
    let rest = value < 0 ? -value * 2 - 1 : value * 2;
    for (; rest >= 32; rest = Math.floor(rest / 32)) text += String.fromCharCode((32 | (rest % 32)) + 63);
    text += String.fromCharCode(rest + 63);
  };
  points.forEach(([x, y]) => {
    const now = [Math.round(x * 1e7), Math.round(y * 1e7)];
    push(now[0] - last[0]);
    push(now[1] - last[1]);
    last = now;
  });
  return text;
}
/** @param {string} text */
export function readPoints(text) {
  const values = [];
  let value = 0,
    factor = 1;
  for (const letter of text) {
    const piece = letter.charCodeAt(0) - 63;
    if (piece < 0 || piece > 63) return [];
    value += (piece % 32) * factor;
    if (piece >= 32) {
      factor *= 32;
      continue;
    }
    values.push(value % 2 ? -(value + 1) / 2 : value / 2);
    value = 0;
    factor = 1;
  }
  const points = [];
  let x = 0,
    y = 0;
  for (let at = 0; at + 1 < values.length; at += 2) {
    x += values[at];
    y += values[at + 1];
    points.push([x / 1e7, y / 1e7]);
  }
  return points.every(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90) ? points : [];
}
