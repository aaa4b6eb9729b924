// The clock on the wall: the server's time, the countdowns, and the second at which the jam opens and closes.
//
// The page carries the server's time (data-now). It is advanced by the monotonic clock, which cannot be set, and asked
// again when that clock may be wrong: the page came out of a cache, or the machine slept.
//
// Dispatches "jam:phase" {phase, before} on document when the phase turns over, and "jam:window" when times were moved.
import { full } from "./times.js";
import { gettext, interpolate, ngettext } from "./words.js";

const body = document.body;
const jam = body.dataset.jam;
const MINUTE = 60_000;

let offset = 0; // server's time minus performance.now()
let wall = 0; // this machine's time minus performance.now(): if it leaps, something slept

export const now = () => performance.now() + offset;
window.jamNow = now;

function setOffset(serverNow, at) {
  offset = serverNow - at;
  wall = Date.now() - performance.now();
}

async function ask() {
  const before = performance.now();
  try {
    const answer = await fetch("/clock/", { cache: "no-store", credentials: "omit" });
    const { now: serverNow } = await answer.json();
    const after = performance.now();
    setOffset(serverNow, (before + after) / 2);
    tick();
  } catch {
    // No line: the clock goes on as it was, and the server decides in any case.
  }
}

function start() {
  const [visit] = performance.getEntriesByType("navigation");
  // The page took its time when the request came in: half a round trip after it went out.
  const arrived = visit ? visit.requestStart + (visit.connectEnd - visit.connectStart) / 2 : 0;
  // A page that was kept tells the time at which it was made.
  const told = "keptAt" in body.dataset ? 0 : Number(body.dataset.now);
  setOffset(told || Date.now(), told ? arrived : performance.now());
  const cached = visit && (visit.type === "back_forward" || (visit.transferSize === 0 && visit.decodedBodySize > 0));
  if (cached) ask();
}

const leapt = () => Math.abs(Date.now() - performance.now() - wall) > 2000;

// --- the window ------------------------------------------------------------------------------------

const time = (text) => (text ? (/^\d+$/.test(text) ? Number(text) : Date.parse(text)) : null);

export function times() {
  const { opens, closes, readingUntil, reviewUntil } = body.dataset;
  return { opens: time(opens), closes: time(closes), reading: time(readingUntil), review: time(reviewUntil) };
}

function phaseAt(at) {
  const { opens, closes, reading, review } = times();
  if (body.dataset.phase === "draft" || opens === null || closes === null) return "draft";
  if (at < opens) return "scheduled";
  if (at < closes) return "open";
  if (reading === null || at < reading) return "reading";
  if (review !== null && at < review) return "review";
  return "archived";
}

// --- words -----------------------------------------------------------------------------------------

const hoursWords = (count) => interpolate(ngettext("%(count)s h", "%(count)s h", count), { count });
const minutesWords = (count) => interpolate(ngettext("%(count)s min", "%(count)s min", count), { count });

// The same as `left` in jam/domain/time_words.py.
export function words(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (seconds >= 86400) {
    const daysWords = interpolate(ngettext("%(count)s day", "%(count)s days", days), { count: days });
    return hours && days < 10 ? `${daysWords} ${hoursWords(hours)}` : daysWords;
  }
  if (seconds >= 3600) return minutes ? `${hoursWords(hours)} ${minutesWords(minutes)}` : hoursWords(hours);
  if (seconds >= 600) return minutesWords(minutes);
  return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

function showCountdown(element, at) {
  const left = time(element.dataset.countdownTo) - at;
  const { countdownWords, countdownDone } = element.dataset;
  const text = left > 0 ? interpolate(countdownWords, { left: words(left) }) : countdownDone;
  if (element.textContent !== text) element.textContent = text;
  element.classList.toggle("is-last", left > 0 && left < 10 * MINUTE);
  return left;
}

function showLine(at, phase) {
  const { opens, closes } = times();
  for (const element of document.querySelectorAll("[data-line-main] [data-line-words]")) {
    if (phase === "scheduled") element.textContent = interpolate(gettext("opens in %(left)s"), { left: words(opens - at) });
    else if (phase === "open") element.textContent = interpolate(gettext("closes in %(left)s"), { left: words(closes - at) });
    else if (phase !== "draft" && !element.querySelector("time")) element.textContent = gettext("closed");
    element.classList.toggle("is-last", phase === "open" && closes - at < 10 * MINUTE);
  }
}

// --- said aloud: ten minutes before, one minute before, and at the turn; not each second ------------------

const say = (text) => {
  for (const element of document.querySelectorAll("[data-line-status]")) element.textContent = text;
};
const marks = [[10 * MINUTE, gettext("The jam closes in ten minutes.")], [MINUTE, gettext("The jam closes in one minute.")]];
let said = null;

function announce(left) {
  const due = marks.findIndex(([at]) => left <= at && left > at - MINUTE / 2);
  const key = due < 0 ? null : `${due} ${times().closes}`;
  if (key && key !== said) {
    said = key;
    say(marks[due][1]);
  }
}

function tell(words, more) {
  say(`${words} ${more}`.trim());
  const notice = document.querySelector("[data-phase-notice]");
  if (!notice) return;
  notice.querySelector("[data-phase-words]").textContent = words;
  notice.querySelector("[data-phase-more]").textContent = more;
  notice.hidden = false;
}

function turn(phase, before) {
  body.dataset.phase = phase;
  const told = {
    open: [gettext("The jam is open."), before === "scheduled" ? gettext("Load the page again to take part.") : gettext("The close was moved.")],
    scheduled: [gettext("The opening was moved."), gettext("The jam is not open yet.")],
    reading: [gettext("The jam has closed."), gettext("You can go on reading. What you were writing is kept in your drafts.")],
    review: [gettext("Reading has ended."), ""],
    archived: [gettext("The jam is over."), ""],
  }[phase];
  if (told && before !== "draft") tell(...told);
  document.dispatchEvent(new CustomEvent("jam:phase", { detail: { phase, before } }));
}

// --- the tick --------------------------------------------------------------------------------------

let timer = 0;

function tick() {
  clearTimeout(timer);
  if (leapt()) {
    wall = Date.now() - performance.now();
    ask();
  }
  const at = now();
  let wait = MINUTE - (at % MINUTE);
  const soon = (left) => {
    // At a boundary exactly; each second in the last ten minutes and the one before; else at the turn of a minute.
    if (left <= 0) return;
    wait = Math.min(wait, left < 11 * MINUTE ? (left % 1000) + 2 : (left % MINUTE) + 2);
  };
  for (const element of document.querySelectorAll("[data-countdown-to]")) soon(showCountdown(element, at));
  if (jam) {
    const { opens, closes, reading, review } = times();
    for (const boundary of [opens, closes, reading, review]) if (boundary !== null) soon(boundary - at);
    const phase = phaseAt(at);
    const before = body.dataset.phase;
    if (phase !== before) turn(phase, before);
    showLine(at, phase);
    if (phase === "open") announce(closes - at);
    document.dispatchEvent(new CustomEvent("jam:tick", { detail: { now: at, phase } }));
  }
  timer = setTimeout(tick, Math.max(20, wait));
}

const near = (text, at) => interpolate(text, { left: words(at - now()), time: full(at) });

function follow(data) {
  const before = { phase: body.dataset.phase, ...times() };
  const put = (name, value) => { if (value !== undefined) body.dataset[name] = value ? String(Date.parse(value)) : ""; };
  put("opens", data.opens_at);
  put("closes", data.closes_at);
  put("readingUntil", data.reading_until);
  put("reviewUntil", data.review_until);
  // What this page shows now is what a press on it means.
  for (const field of document.querySelectorAll("[data-close-seen]")) if (data.closes_at) field.value = data.closes_at;
  for (const element of document.querySelectorAll("[data-countdown-follows]")) {
    const which = element.dataset.countdownFollows;
    if (which && body.dataset[which]) element.dataset.countdownTo = body.dataset[which];
  }
  document.dispatchEvent(new CustomEvent("jam:window", { detail: times() }));
  tick();
  const { opens, closes } = times();
  if (body.dataset.phase !== before.phase) return;
  if (before.phase === "open" && closes !== before.closes) tell(gettext("The close was moved."), near(gettext("The jam now closes in %(left)s, on %(time)s."), closes));
  if (before.phase === "scheduled" && opens !== before.opens) tell(gettext("The opening was moved."), near(gettext("The jam now opens in %(left)s, on %(time)s."), opens));
}

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind === "window.changed") follow(detail.data ?? detail);
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
addEventListener("pageshow", (event) => { if (event.persisted) ask(); });

start();
tick();
