// The line to the jam while its page is open: a socket, or a question every few seconds where sockets do not get through.
//
// <body data-live="/live/SLUG/" data-jam="SLUG" data-seq="N" data-rooms="forum:3 thread:12"> says what to listen to, and
// up to where the page knows already. What is heard goes on as heard.js says; beside that, on document:
//
//   jam:asking   there is no socket now: we ask
//   jam:refused  detail: {code}; the server will not have us (signed out, no such jam), and we do not ask again
//
// A tab that nobody looks at, or that the server let go because the person has too many, hangs up, asks rarely, and
// comes back when it is looked at. Every wait is spread at random, so that tabs do not come in step.
import { isOffline, isOnline, isOver, lastSeq, take, tell } from "./heard.js";

const REFUSALS = new Set([4400, 4401, 4403, 4404, 4429]); // see live/codes.py
const RESTART = 1012;
const REPLACED = 4409;

const SECOND = 1_000;
const WAIT_MOST = 30 * SECOND; // between two tries of a socket
const FIRST_FRAME_WITHIN = 15 * SECOND; // a server has one for everybody: without it something on the way swallows them
const SILENCE = 120 * SECOND; // after which we ask whether there was truly nothing to hear
const ASK_AFTER_FAILURES = 3;
const ASK_EVERY = 4 * SECOND;
const ASK_EVERY_BUSY = 15 * SECOND; // sockets worked here: then it is rather the server that has enough to do
const ASK_EVERY_RESTING = 45 * SECOND;
const ASK_MOST = 60 * SECOND;
const ANSWER_WITHIN = 10 * SECOND;
const REST_AFTER = 60 * SECOND;
const QUIET_BEFORE_SAYING = 5 * SECOND;
const SPREAD_MOST = 300 * SECOND;

const body = document.body;
const rooms = (body.dataset.rooms ?? "").split(/\s+/).filter(Boolean);

let line = null; // the socket that is open or opening
let worked = false; // whether one ever did
let failures = 0; // of sockets, one after the other
let misses = 0; // of questions, likewise
let rests = false;
let over = false;
let heardAt = Date.now();

// At most one timer of each kind.
let again = 0; // the next try of a socket
let watch = 0; // the first frame did not come, or none for long
let asking = 0; // the next question; -1 while one is out, 0 if we need not ask
let toRest = 0;
let round = 0; // of questions: an answer to one of an earlier round comes too late

const spread = (wait) => wait * (0.75 + Math.random() / 2);

function address(path, scheme) {
  const url = new URL(path, location.href);
  url.protocol = location.protocol.replace("http", scheme);
  if (lastSeq() !== null) url.searchParams.set("since", lastSeq());
  for (const room of rooms) url.searchParams.append("room", room);
  return url;
}

// --- the socket ----------------------------------------------------------------------------------------------

function connect() {
  clearTimeout(again);
  if (over || rests || line) return;
  const mine = new WebSocket(address(body.dataset.live, "ws"));
  line = mine;
  mine.addEventListener("message", ({ data }) => { if (mine === line) hear(JSON.parse(data)); });
  mine.addEventListener("close", ({ code, reason }) => {
    if (mine !== line) return;
    hangUp();
    closed(code, reason);
  });
  // Longer from try to try: a server that many come back to at once is slow, and not to be tried the harder for it.
  watch = setTimeout(swallowed, Math.min(4, 2 ** failures) * FIRST_FRAME_WITHIN);
}

function hear(frame) {
  heardAt = Date.now();
  worked = true;
  failures = 0;
  stopAsking();
  clearTimeout(watch);
  watch = setTimeout(check, spread(SILENCE));
  if (take(frame)) return;
  hangUp();
  again = setTimeout(connect, Math.random() * SECOND / 2);
}

function swallowed() {
  if (line.readyState === WebSocket.OPEN) failures = Math.max(failures, ASK_AFTER_FAILURES - 1);
  hangUp();
  failed();
}

function closed(code, reason) {
  if (REFUSALS.has(code)) refuse(code);
  else if (code === REPLACED) rest();
  else if (code === RESTART && Number(reason) > 0) comeBackWithin(Math.min(SPREAD_MOST, Number(reason) * SECOND));
  else failed();
}

function failed() {
  failures += 1;
  if (!asking) isOffline(QUIET_BEFORE_SAYING);
  if (failures >= ASK_AFTER_FAILURES && !asking) ask();
  again = setTimeout(connect, SECOND / 5 + Math.random() * Math.min(WAIT_MOST, 1.5 * SECOND * 2 ** failures));
}

// The server starts anew, and says over how long its tabs should spread their return.
function comeBackWithin(most) {
  const wait = Math.random() * most;
  isOffline(wait + QUIET_BEFORE_SAYING);
  again = setTimeout(connect, wait);
}

function hangUp() {
  const old = line;
  line = null;
  clearTimeout(again);
  clearTimeout(watch);
  old?.close();
}

function lookAgain() {
  failures = 0;
  hangUp();
  connect();
}

// --- asking --------------------------------------------------------------------------------------------------

// What `changes` says, or null if it does not answer.
async function question() {
  try {
    const url = address(body.dataset.changes ?? `/jams/${body.dataset.jam}/changes/`, "http");
    const options = { headers: { accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(ANSWER_WITHIN) };
    const answer = await fetch(url, options);
    // What is not JSON comes from something on the way.
    if (!answer.headers.get("content-type")?.includes("json")) return null;
    if (answer.ok) return await answer.json();
    if (answer.status !== 429 && REFUSALS.has(4000 + answer.status)) refuse(4000 + answer.status);
  } catch { /* no line */ }
  return null;
}

async function ask() {
  if (!asking) tell("jam:asking");
  asking = -1;
  const mine = round;
  const frame = await question();
  if (mine !== round) return; // a socket works, or we were refused
  if (frame) take(frame);
  else isOffline(QUIET_BEFORE_SAYING);
  misses = frame ? 0 : misses + 1;
  const every = rests ? ASK_EVERY_RESTING : worked ? ASK_EVERY_BUSY : ASK_EVERY;
  asking = setTimeout(ask, spread(Math.min(ASK_MOST, every * 2 ** misses)));
}

function stopAsking() {
  clearTimeout(asking);
  asking = misses = 0;
  round += 1;
}

// Is there nothing to hear, or do we not hear it?
async function check(soon = QUIET_BEFORE_SAYING) {
  const asked = line;
  heardAt = Date.now();
  const frame = await question();
  if (over || rests || asked !== line) return;
  if (!frame) isOffline(soon);
  else isOnline();
  if (!line) return;
  if (!frame || frame.reset || frame.events.some(({ seq }) => seq > lastSeq())) lookAgain();
  else {
    clearTimeout(watch);
    watch = setTimeout(check, spread(SILENCE));
  }
}

// --- being looked at -----------------------------------------------------------------------------------------

function rest() {
  if (over) return;
  rests = true;
  hangUp();
  if (asking) return;
  tell("jam:asking");
  asking = setTimeout(ask, spread(ASK_EVERY_RESTING));
}

function wake() {
  if (document.hidden) return;
  if (rests) {
    rests = false;
    stopAsking();
    lookAgain();
  } else if (line && Date.now() - heardAt > SILENCE / 2) check();
}

function look() {
  clearTimeout(toRest);
  if (document.hidden) toRest = setTimeout(rest, REST_AFTER);
  else wake();
}

function refuse(code) {
  over = true;
  hangUp();
  stopAsking();
  isOver();
  tell("jam:refused", { code });
}

if (body.dataset.live) {
  // Modules that listen are loaded by then.
  if (document.readyState === "complete") connect();
  else addEventListener("DOMContentLoaded", connect, { once: true });
  document.addEventListener("visibilitychange", look);
  for (const sign of ["focus", "pointerdown", "keydown"]) addEventListener(sign, wake);
  look();
  addEventListener("online", lookAgain);
  // Browsers say so of machines that have a line: we see for ourselves.
  addEventListener("offline", () => check(0));
  // A page with an open socket is not kept for the way back.
  addEventListener("pagehide", () => { hangUp(); stopAsking(); });
  addEventListener("pageshow", (event) => { if (event.persisted) lookAgain(); });
}
