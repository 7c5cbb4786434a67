/* A slider through the versions of a published map; without it the list beside it has all links. */

const versionSlider = /** @type {HTMLInputElement} */ (document.getElementById("slider"));
const versionRows = [...document.querySelectorAll("#versions > li")];

function showVersion() {
  const row = versionRows[Number(versionSlider.value) - 1];
  const link = row.querySelector("a");
  const frame = /** @type {HTMLIFrameElement} */ (document.getElementById("shown"));
  versionRows.forEach((one) => one.removeAttribute("aria-current"));
  row.setAttribute("aria-current", "true");
  /** @type {HTMLElement} */ (document.getElementById("said")).textContent = (
    row.querySelector(".head")?.textContent || ""
  ).replace(/\s+/g, " ");
  frame.hidden = !link;
  if (link) frame.src = link.href;
}

versionSlider.hidden = versionRows.length < 2;
versionSlider.addEventListener("change", showVersion);
versionSlider.addEventListener("input", showVersion);
