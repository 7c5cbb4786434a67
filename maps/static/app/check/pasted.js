/* Boundary points as people paste them. */

/**
 * A closed ring from a list of points, one a line, the last two numbers of each counting;
 * null for fewer than three points.
 * @param {string} text
 */
export function readRing(text) {
  const ring = text
    .split("\n")
    .map((line) =>
      line
        .split(/[\s,;，；、]+/)
        .filter(Boolean)
        .map(Number)
        .filter(Number.isFinite)
        .slice(-2),
    )
    .filter((pair) => pair.length === 2);
  return ring.length < 3 ? null : [...ring, ring[0]];
}
