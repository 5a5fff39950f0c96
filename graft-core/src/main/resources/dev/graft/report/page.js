// Puts the page together; charts come last, when they have a width.

const later = [];
document.getElementById("page").append(
  ...[
    titleSection(),
    verdictSection(),
    resultsSection(),
    chartsSection(later),
    sharesSection(),
    answersSection(),
    nextSection(),
    settingsSection(),
    el("footer", null, `Made by Graft ${comparison.graft}. This page needs no network and sends nothing.`),
  ].filter(Boolean),
);
later.forEach((show) => show());

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawPlots);
addEventListener("beforeprint", () => {
  document.documentElement.dataset.print = "yes";
  document.querySelectorAll("details").forEach((details) => (details.open = true));
  redrawPlots();
});
addEventListener("afterprint", () => {
  delete document.documentElement.dataset.print;
  redrawPlots();
});
