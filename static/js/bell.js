// The bell in the header: when the jam says that there is news for this person, asks how much and what the newest is.
//
// The event holds no words (notifications/domain/events.py), so that none lie in a log. When many are told at once
// they ask one after the other, spread over a time that grows with how many they are.
const bell = document.querySelector("[data-bell]");
const count = bell?.querySelector("[data-bell-count]");
const status = document.querySelector("[data-bell-status]");
const A_PERSON = 5; // milliseconds
const SPREAD_MOST = 30_000;
const AT_LEAST = 300; // several at once are asked for once

let timer = 0;
let newest = null; // the last that was said aloud

async function ask() {
  timer = 0;
  let answer;
  try {
    const response = await fetch(bell.dataset.unseen, { headers: { accept: "application/json" }, cache: "no-store" });
    if (!response.ok) return;
    answer = await response.json();
  } catch {
    return; // the next page has it
  }
  count.textContent = answer.label;
  count.hidden = !answer.count;
  bell.querySelector("[data-bell-words]").textContent = answer.words;
  if (answer.count && answer.number !== newest) status.textContent = answer.newest;
  newest = answer.number;
}

function askSoon(wait) {
  if (!timer) timer = setTimeout(ask, AT_LEAST + wait);
}

if (bell) {
  document.addEventListener("jam:event", ({ detail }) => {
    if (detail.kind === "notified") askSoon(Math.random() * Math.min(SPREAD_MOST, detail.among * A_PERSON));
  });
  // What was seen where it was written is no news any more.
  document.addEventListener("jam:seen", () => { if (!count.hidden) askSoon(500); });
  addEventListener("pageshow", (event) => { if (event.persisted) askSoon(0); });
}
