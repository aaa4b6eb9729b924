// The roster and the hand-over of a shift, brought up to date when somebody who runs the jam changes them.
import { showTimes } from "./times.js";

const parts = [...document.querySelectorAll("[data-shifts]")];
let again = null;

async function renew() {
  again = null;
  if (parts.some((part) => part.contains(document.activeElement))) { wait(5_000); return; } // nothing moves under a hand
  try {
    const response = await fetch(location.href, { redirect: "error" });
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of parts) {
      const now = fresh.querySelector(`[data-shifts="${part.dataset.shifts}"]`);
      if (!now) continue;
      part.replaceChildren(...now.childNodes);
      showTimes(part);
    }
  } catch { wait(10_000); }
}

function wait(milliseconds) {
  again ??= setTimeout(renew, milliseconds);
}

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind === "shift.changed") wait(0);
});
