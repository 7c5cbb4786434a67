/* The offset that tiles on GCJ-02 carry. */

/**
 * Where tiles on GCJ-02 draw a place, as the package geo computes it.
 * @param {{ lat: number, lng: number }} at
 */
export function shiftToGcj02({ lat, lng }) {
  const a = 6378245,
    ee = 0.006693421622965943,
    x = lng - 105,
    y = lat - 35,
    { PI, sin, cos, sqrt, abs } = Math;
  const waves = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  const dy =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * sqrt(abs(x)) +
    waves +
    ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3 +
    ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  const dx =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * sqrt(abs(x)) +
    waves +
    ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3 +
    ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  const b = (lat / 180) * PI,
    magic = 1 - ee * sin(b) ** 2;
  return {
    lat: lat + (dy * 180) / (((a * (1 - ee)) / (magic * sqrt(magic))) * PI),
    lng: lng + (dx * 180) / ((a / sqrt(magic)) * cos(b) * PI),
  };
}
