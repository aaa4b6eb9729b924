// The journal of a shift, saved as it is typed. If somebody else saved meanwhile nothing is put over theirs: from then on
// only the button saves, and its page shows both texts.
import { gettext } from "./words.js";

const AFTER = 2_000; // ms after a key
const AGAIN_AFTER = 15_000;
const KEEPALIVE_MAX = 60_000;

const form = document.querySelector("form[data-journal]");
const state = form?.querySelector("[data-journal-state]");
const shown = document.querySelector("[data-journal-words]");
let saved = form?.elements.words.value;
let timer = 0;
let sending = null;
let stopped = false;

async function save({ leaving = false } = {}) {
  clearTimeout(timer);
  if (sending) await sending;
  const words = form.elements.words.value;
  if (stopped || words === saved) return;
  const data = new URLSearchParams(new FormData(form));
  sending = fetch(location.href, {
    method: "POST",
    body: data,
    headers: { Accept: "application/json" },
    redirect: "manual",
    keepalive: leaving && data.toString().length < KEEPALIVE_MAX,
  }).then(async (response) => ({ ok: response.ok, status: response.status, ...(await response.json()) })).catch(() => ({ ok: false, status: 0 }));
  const answer = await sending;
  sending = null;
  if (answer.ok) {
    saved = words;
    form.elements.version.value = answer.version;
    shown.innerHTML = answer.html; // made safe by the server, as it is in the page
    state.textContent = gettext("Saved");
  } else if (answer.code === "newer") {
    stopped = true;
    state.textContent = gettext("Somebody else wrote here meanwhile. Save to see both texts.");
  } else {
    state.textContent = answer.message ?? gettext("Not saved yet: trying again.");
    timer = setTimeout(save, AGAIN_AFTER);
  }
}

if (form) {
  form.addEventListener("input", () => {
    if (!stopped) state.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(save, AFTER);
  });
  form.addEventListener("submit", () => { stopped = true; clearTimeout(timer); });
  addEventListener("pagehide", () => save({ leaving: true }));
  document.addEventListener("visibilitychange", () => { if (document.hidden) save({ leaving: true }); });
}
