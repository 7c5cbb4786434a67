/* In the head, so that no page is light first and dark a moment later; core/theme.js goes on. */
{
  let chosen = "auto";
  try {
    chosen = localStorage.getItem("ftz-theme") || "auto";
  } catch {
    /* Without storage the system says. */
  }
  const dark = chosen === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}
