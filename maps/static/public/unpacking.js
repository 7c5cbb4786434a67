/* Coordinates come as steps of a millionth of a degree (maps/publish/packing.py): here they are whole again. */

const PER_DEGREE = 1_000_000;

/** @param {any} steps nested as deep as its kind @returns {any} */
function cornersOf(steps) {
  if (Array.isArray(steps[0])) return steps.map(cornersOf);
  const corners = [];
  let [x, y] = [0, 0];
  for (let at = 0; at < steps.length; at += 2) {
    x += steps[at];
    y += steps[at + 1];
    corners.push([x / PER_DEGREE, y / PER_DEGREE]);
  }
  return corners;
}

/** @param {App.Publication} publication @returns {App.Publication} */
export const unpacked = (publication) => ({
  ...publication,
  layers: publication.layers.map((layer) => ({
    ...layer,
    features: {
      ...layer.features,
      features: layer.features.features.map((feature) => {
        const { type, steps } = /** @type {any} */ (feature.geometry);
        return steps ? { ...feature, geometry: { type, coordinates: cornersOf(steps) } } : feature;
      }),
    },
  })),
});
