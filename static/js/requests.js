// How many ask to take part, as it changes. See templates/jam/requests.html.
import { interpolate, ngettext, number } from "./words.js";

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind !== "requests.changed") return;
  const words = document.querySelector("[data-open-requests]");
  if (!words) return;
  words.dataset.openRequests = detail.open;
  words.textContent = interpolate(ngettext("%(shown)s waits for a decision.", "%(shown)s wait for a decision.", detail.open), { shown: number(detail.open) });
  document.querySelector("[data-requests-changed]").hidden = false;
});
