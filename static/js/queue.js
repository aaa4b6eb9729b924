// The queue of those who run the jam, kept up to date: the list anew when something in it changes, and a word on the page
// of one matter when somebody else was quicker.
import { say } from "./notices.js";
import { showTimes } from "./times.js";
import { gettext } from "./words.js";

const list = document.querySelector("[data-queue]");
const matter = document.querySelector("[data-case-page]");
const status = document.querySelector("[data-queue-status]");
let again = 0;

async function renew() {
  again = 0;
  try {
    const response = await fetch(location.href, { redirect: "error" });
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-queue]");
    if (fresh) swap(fresh);
  } catch { wait(10_000); }
}

// What has the focus has it after, if it is still there: by the row that it stands in.
function swap(fresh) {
  const row = document.activeElement?.closest("[data-case]")?.dataset.case;
  list.replaceChildren(...fresh.childNodes);
  showTimes(list);
  if (row) list.querySelector(`[data-case="${row}"] .row-link`)?.focus({ preventScroll: true });
  list.dataset.renewed = Number(list.dataset.renewed ?? 0) + 1;
}

function wait(milliseconds) {
  if (!again) again = setTimeout(renew, milliseconds);
}

document.addEventListener("jam:event", ({ detail }) => {
  if (list && ["queue.changed", "handling.changed", "post.hidden", "post.restored"].includes(detail.kind)) {
    if (detail.kind === "queue.changed" && detail.open) status.textContent = gettext("Something new is in the queue.");
    wait(200);
  }
  if (matter && detail.kind === "queue.changed" && !detail.open && detail.case === Number(matter.dataset.casePage)) {
    document.querySelector("[data-case-settled]").hidden = false;
    say(gettext("Somebody else has settled this meanwhile."));
  }
});
