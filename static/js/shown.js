// Tells which ideas a reader was shown in a list, so that each is shown to enough people: threads/domain/fairness.py.
// A row that still wants it has data-unshown. Told in one go, soon after, and once in this tab.
import { watch } from "./inview.js";

const GATHERED_FOR = 2_000;
const AT_ONCE = 100;
const token = document.querySelector("#act [name=csrfmiddlewaretoken]")?.value ?? "";
const key = `jam/${document.body.dataset.jam}/shown`;
const told = new Set(kept());
let waiting = new Set();
let timer;

function kept() {
  try { return JSON.parse(sessionStorage.getItem(key)) ?? []; } catch { return []; }
}

function keep() {
  try { sessionStorage.setItem(key, JSON.stringify([...told].slice(-1_000))); } catch { /* then it is told again */ }
}

function tell() {
  clearTimeout(timer);
  timer = undefined;
  const threads = [...waiting].slice(0, AT_ONCE);
  if (!threads.length) return;
  waiting = new Set([...waiting].slice(AT_ONCE));
  const body = new URLSearchParams(threads.map((thread) => ["thread", thread]));
  fetch(`${document.body.dataset.home}shown/`, {
    method: "POST", body, keepalive: true, headers: { Accept: "application/json", "X-CSRFToken": token },
  }).then((answer) => {
    if (!answer.ok) return;
    for (const thread of threads) told.add(thread);
    keep();
  }).catch(() => { /* it is shown again some day */ });
}

function shown(row) {
  const { thread } = row.dataset;
  if (told.has(thread)) return;
  waiting.add(thread);
  timer ??= setTimeout(tell, GATHERED_FOR);
}

const look = () => watch(document.querySelectorAll("[data-unshown]"), shown);
look();
// A list that is brought up to date has other rows.
for (const list of document.querySelectorAll("[data-list]")) new MutationObserver(look).observe(list, { childList: true });
addEventListener("pagehide", tell);
