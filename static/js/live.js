// What happens in the jam while its page is open: by a socket, or by asking every few seconds where sockets are blocked.
//
// <body data-live="/live/SLUG/" data-jam="SLUG" data-seq="N" data-rooms="forum:3 thread:12"> says what to listen to, and
// up to where the page knows already. Each event comes once and in order, whatever breaks in between. On document:
//
//   jam:event    detail: the event          jam:counts  detail: {post: {agree, pass, disagree}}
//   jam:here     detail: {here}             jam:reset   detail: {seq}; too much was missed, the page should load anew
//   jam:offline  the line is broken, and being mended      jam:online  it is mended
//   jam:refused  detail: {code}; the server will not have us (signed out, no such jam), and we do not ask again
//
// body.dataset.seq is always the last seq that was heard of.

const FINAL = new Set([4400, 4401, 4403, 4404, 4429]);
const WAIT_MOST = 30_000;
const POLL_AFTER_FAILURES = 3;
const POLL_EVERY = 4_000;
const POLL_HIDDEN_EVERY = 30_000;
const QUIET_BEFORE_SAYING = 5_000;
const STALE_AFTER = 60_000;

const body = document.body;
const rooms = (body.dataset.rooms ?? "").split(/\s+/).filter(Boolean);

let seq = body.dataset.seq ? Number(body.dataset.seq) : null;
let socket = null;
let retry = 0; // the timer of the next try
let polling = 0; // the timer of the next question; 0 if we need not ask
let failures = 0;
let sockets = false; // whether one ever worked here
let refused = false;
let heardAt = Date.now();
let sayOffline = 0;
let offline = false;

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

function address(path, scheme) {
  const url = new URL(path, location.href);
  url.protocol = location.protocol.replace("http", scheme);
  if (seq !== null) url.searchParams.set("since", seq);
  for (const room of rooms) url.searchParams.append("room", room);
  return url;
}

// --- the socket ----------------------------------------------------------------------------------------------

function connect() {
  clearTimeout(retry);
  if (refused || socket) return;
  const mine = new WebSocket(address(body.dataset.live, "ws"));
  socket = mine;
  mine.addEventListener("message", ({ data }) => {
    if (mine !== socket) return;
    failures = 0;
    sockets = true;
    stopPolling();
    take(JSON.parse(data));
  });
  mine.addEventListener("close", ({ code }) => {
    if (mine !== socket) return;
    socket = null;
    if (FINAL.has(code)) refuse(code);
    else tryAgain();
  });
}

function tryAgain() {
  failures += 1;
  isOffline(QUIET_BEFORE_SAYING);
  if (!sockets && failures >= POLL_AFTER_FAILURES && !polling) poll();
  // Anywhere within the wait, so that a server that starts anew does not meet all tabs in one second.
  const wait = Math.min(WAIT_MOST, 1_500 * 2 ** failures);
  clearTimeout(retry);
  retry = setTimeout(connect, 200 + Math.random() * wait);
}

function hangUp() {
  const line = socket;
  socket = null;
  clearTimeout(retry);
  line?.close();
}

function startOver(wait = 0) {
  hangUp();
  retry = setTimeout(connect, wait);
}

function refuse(code) {
  refused = true;
  clearTimeout(retry);
  stopPolling();
  clearTimeout(sayOffline);
  tell("jam:refused", { code });
}

// --- asking, where there are no sockets ----------------------------------------------------------------------

async function poll() {
  polling = -1;
  try {
    const url = address(body.dataset.changes ?? `/jams/${body.dataset.jam}/changes/`, "http");
    const answer = await fetch(url, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(10_000) });
    if (FINAL.has(4000 + answer.status)) refuse(4000 + answer.status);
    else if (answer.ok && polling) take(await answer.json());
    else isOffline(QUIET_BEFORE_SAYING);
  } catch {
    isOffline(QUIET_BEFORE_SAYING);
  }
  if (!polling) return; // a socket works, or we were refused
  const every = document.hidden ? POLL_HIDDEN_EVERY : POLL_EVERY;
  polling = setTimeout(poll, every * (0.75 + Math.random() / 2));
}

function stopPolling() {
  clearTimeout(polling);
  polling = 0;
}

// --- what we hear --------------------------------------------------------------------------------------------

function take(frame) {
  heardAt = Date.now();
  isOnline();
  if (frame.reset) {
    moveTo(frame.seq);
    tell("jam:reset", { seq });
    return;
  }
  if (seq === null) moveTo(frame.after);
  if (frame.after > seq) {
    // Something between is missing: come back with the seq that we have.
    startOver(Math.random() * 500);
    return;
  }
  for (const event of frame.events) {
    if (event.seq <= seq) continue;
    moveTo(event.seq);
    tell("jam:event", event);
  }
  if (frame.seq > seq) moveTo(frame.seq);
  if (frame.counts) tell("jam:counts", frame.counts);
  if (frame.here !== undefined) tell("jam:here", { here: frame.here });
}

function moveTo(number) {
  seq = number;
  body.dataset.seq = number;
}

// --- whether we hear -----------------------------------------------------------------------------------------

function isOffline(soon) {
  if (offline || refused || (sayOffline && soon)) return;
  clearTimeout(sayOffline);
  sayOffline = setTimeout(() => {
    offline = true;
    tell("jam:offline");
  }, soon);
}

function isOnline() {
  clearTimeout(sayOffline);
  sayOffline = 0;
  if (!offline) return;
  offline = false;
  tell("jam:online");
}

function lookAgain() {
  failures = 0;
  startOver();
}

if (body.dataset.live) {
  // Modules that listen are loaded by then.
  if (document.readyState === "complete") connect();
  else addEventListener("DOMContentLoaded", connect, { once: true });
  addEventListener("online", lookAgain);
  addEventListener("offline", () => isOffline(0));
  // A page with an open socket is not kept for the way back.
  addEventListener("pagehide", () => { hangUp(); stopPolling(); });
  addEventListener("pageshow", (event) => { if (event.persisted) lookAgain(); });
  // A machine that slept has a socket that looks open and is not.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - heardAt > STALE_AFTER) lookAgain();
  });
}
