// Runs before the page is drawn, so that it is drawn in the right language at once.
(() => {
  let language = null;
  try { language = localStorage.getItem("pa-language"); } catch { /* storage may be off */ }
  if (language !== "zh" && language !== "en") {
    language = (navigator.language || "").toLowerCase().startsWith("zh") ? "zh" : "en";
  }
  document.documentElement.dataset.ui = language;
})();
