// The console: columns that follow what happens in the jam.
//
// What happened comes by the socket; the rows then come from the server, as those of a fresh page, a moment later and
// not more often than every two seconds. Who handles what is told at once.
import "./composer.js";
import "./console_dock.js";
import { isBusy, merge, show } from "./console_merge.js";
import { me } from "./posts.js";
import { gettext, phrase } from "./words.js";

const SOON = 250;
const NOT_BEFORE = 2_000; // since the last time
const AT_LEAST_EVERY = 60_000; // ages, and what grows, change with the time alone
const RELEVANT = /^(post|threads?|handling|case|flag|held|talk|outcome|member|jam|shift)\b/;

const frame = document.querySelector("[data-console]");
const columns = () => [...frame.querySelectorAll("[data-column]")];
const column = (name) => frame.querySelector(`[data-column="${name}"]`);

// --- asking ---------------------------------------------------------------------------------------------------

let asked = 0;
let timer = 0;

async function fresh() {
  const query = new URLSearchParams(location.search);
  query.set("part", "1");
  try {
    const answer = await fetch(`${location.pathname}?${query}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

// Brings the columns up to date; those in `always` at once, whatever the hand is on. Of several answers the last counts.
export async function refresh(always = []) {
  clearTimeout(timer);
  timer = 0;
  const mine = asked = Date.now();
  const page = await fresh();
  if (!page || mine !== asked) return;
  for (const one of columns()) {
    const now = page.querySelector(`[data-column="${one.dataset.column}"]`);
    if (now) merge(one, document.importNode(now, true), { always: always.includes(one.dataset.column) });
  }
  countTabs();
  frame.dispatchEvent(new CustomEvent("console:fresh"));
}

function soon() {
  timer ||= setTimeout(refresh, Math.max(SOON, asked + NOT_BEFORE - Date.now()));
}

// Nobody says that somebody handles a thing no longer because the time for it is over.
const isOver = () => [...frame.querySelectorAll("[data-until]")].some(({ dataset }) => Number(dataset.until) < Date.now());
setInterval(() => { if (!document.hidden && (isOver() || Date.now() - asked > AT_LEAST_EVERY)) refresh(); }, AT_LEAST_EVERY / 4);
document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - asked > NOT_BEFORE) refresh(); });
document.addEventListener("console:acted", () => refresh());

// --- what happens ---------------------------------------------------------------------------------------------

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind === "handling.changed") handled(detail);
  if (RELEVANT.test(detail.kind)) soon();
});

const rowsOf = ({ what, number }) => frame.querySelectorAll(what === "thread" ? `[data-thread="${number}"]` : `[data-post-id="${number}"]`);

// The same as templates/moderation/console_row.html.
function handled({ what, number, by, until }) {
  for (const row of rowsOf({ what, number })) {
    row.querySelector("[data-handled]")?.remove();
    row.classList.toggle("is-mine", Boolean(by) && String(by.id) === me);
    if (!by) {
      delete row.dataset.handledBy;
      delete row.dataset.until;
      continue;
    }
    row.dataset.handledBy = by.id;
    row.dataset.until = Date.parse(until);
    const badge = Object.assign(document.createElement("span"), { className: "badge badge-handled" });
    badge.dataset.handled = "";
    const name = Object.assign(document.createElement("bdi"), { textContent: by.name });
    badge.replaceChildren(...(String(by.id) === me ? [gettext("You handle this")] : phrase(gettext("%(name)s handles this"), { name })));
    row.querySelector(".console-meta").prepend(badge);
  }
  frame.dispatchEvent(new CustomEvent("console:fresh"));
}

// --- the hand goes elsewhere: what waited is shown ----------------------------------------------------------------

for (const name of ["pointerleave", "focusout"]) {
  frame.addEventListener(name, () => setTimeout(() => {
    for (const one of columns()) if (one.querySelector("[data-rows]") && !isBusy(one)) show(one);
  }), { capture: true });
}
frame.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-show-new]");
  if (!button) return;
  const one = button.closest("[data-column]");
  show(one);
  one.querySelector(".row-link")?.focus();
  one.querySelector("[data-rows]").scrollTop = 0;
});

// --- filters ------------------------------------------------------------------------------------------------------

frame.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-filters]");
  if (!form) return;
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  history.replaceState(null, "", `?${query}`);
  refresh(["stream", "waiting", "growing"]);
});

frame.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-grow]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const query = new URLSearchParams(location.search);
  query.set("grow", link.dataset.grow);
  history.replaceState(null, "", `?${query}`);
  column("stream").querySelector("[name=grow]").value = link.dataset.grow;
  for (const other of frame.querySelectorAll("[data-grow]")) {
    if (other === link) other.setAttribute("aria-current", "true");
    else other.removeAttribute("aria-current");
  }
  refresh(["growing"]);
});

// --- on a narrow screen one column at a time ------------------------------------------------------------------------

function countTabs() {
  for (const tab of frame.querySelectorAll("[data-console-tab]")) {
    const total = column(tab.dataset.consoleTab).querySelector("[data-total]");
    const count = tab.querySelector("[data-tab-count]");
    if (total && count) count.textContent = total.textContent;
  }
}

function choose(name) {
  for (const tab of frame.querySelectorAll("[data-console-tab]")) {
    if (tab.dataset.consoleTab === name) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  for (const one of columns()) one.toggleAttribute("data-chosen", one.dataset.column === name);
}

frame.addEventListener("click", (event) => {
  const tab = event.target.closest?.("[data-console-tab]");
  if (!tab) return;
  event.preventDefault();
  choose(tab.dataset.consoleTab);
});
choose(column(location.hash.replace("#column-", "")) ? location.hash.replace("#column-", "") : "stream");
frame.dataset.ready = "";
