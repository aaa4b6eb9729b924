// A line at the foot of the view, said aloud: that the line to the jam broke, or that the page is not what it was.
import { gettext } from "./words.js";

const { body } = document;
const STAYS = 6_000;
const RELOAD_WITHIN = 3_000;

let toast, timer;

function make() {
  toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", "status");
  toast.hidden = true;
  // Where the page is read out, it is one of its parts.
  (document.querySelector("main") ?? body).append(toast);
}

function button(words, press) {
  const element = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: words });
  element.addEventListener("click", press);
  return element;
}

function show(text, ...buttons) {
  if (!toast) make();
  toast.replaceChildren(Object.assign(document.createElement("p"), { textContent: text }), ...buttons);
  toast.hidden = false;
  clearTimeout(timer);
}

// Said, and gone after a while; but not in place of an offer that still stands.
export function say(text) {
  if (toast && !toast.hidden && toast.querySelector("button")) return;
  show(text);
  timer = setTimeout(() => { toast.hidden = true; }, STAYS);
}

// Said, and stays until the page is loaded again or the reader wants to go on as it is.
export function offerReload(text) {
  show(text, button(gettext("Load again"), () => location.reload()), button(gettext("Not now"), () => { toast.hidden = true; }));
}

// Said, with a way there, and stays until the reader takes it or not.
export function offerLink(text, words, address) {
  show(text, Object.assign(document.createElement("a"), { className: "button button-small", textContent: words, href: address }),
    button(gettext("Not now"), () => { toast.hidden = true; }));
}

// --- the line to the jam ------------------------------------------------------------------------------------

document.addEventListener("jam:offline", () => say(gettext("There is no connection to the jam just now. What you write is kept, and the page catches up by itself.")));
document.addEventListener("jam:online", () => say(gettext("Connected again. What happened meanwhile is here.")));
document.addEventListener("jam:refused", ({ detail }) => {
  if (detail.code === 4403 && !isWriting()) { location.reload(); return; } // the page says why
  if (detail.code === 4401) offerReload(gettext("You are signed out. Load the page again to sign in."));
  else if (detail.code === 4403) offerReload(gettext("You cannot go on here. Copy what you are writing, then load the page again to see why."));
  else offerReload(gettext("This page is no longer kept up to date. Load it again."));
});

// --- the page was made for another phase, for other words or for another role ---------------------------------

document.addEventListener("jam:phase", ({ detail }) => {
  const words = document.querySelector("[data-phase-notice] .notice-words");
  if (detail.phase !== "open" || !body.dataset.member || "mayPost" in body.dataset || !words || words.querySelector("button")) return;
  const again = button(gettext("Load the page again"), () => location.reload());
  again.className = "button button-main";
  words.append(again);
});
document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind === "jam.changed") offerReload(gettext("The words of this jam were changed. Load the page again to see them."));
  if (detail.kind === "member.changed") offerReload(gettext("What you may do in this jam was changed. Load the page again to do it."));
});

// --- too much was missed: the page starts over, unless somebody is writing ---------------------------------------

const isWriting = () => [...document.querySelectorAll("form[data-composer] textarea")].some((field) => field.value.trim());

// Not all tabs in the same moment, and none that nobody looks at.
function startOver() {
  if (document.hidden) document.addEventListener("visibilitychange", startOver, { once: true });
  else setTimeout(() => { if (!isWriting()) location.reload(); }, Math.random() * RELOAD_WITHIN);
}

document.addEventListener("jam:reset", () => {
  if (isWriting()) offerReload(gettext("A lot has happened meanwhile. Load the page again to see it; what you are writing is kept."));
  else startOver();
});
