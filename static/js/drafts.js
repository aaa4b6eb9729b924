// What somebody is writing, kept as they type: on this device at once, on the server after a pause. What the server has
// not got yet stays here and is sent when it can be. Nothing is put over a text that was written elsewhere meanwhile:
// both are offered.
import { home, me, send } from "./posts.js";
import { words as timeWords } from "./times.js";
import { gettext, interpolate } from "./words.js";

const FIELDS = ["subject", "body", "tags"];
const HERE_AFTER = 250; // ms after a key
const THERE_AFTER = 2_000;
const AGAIN_AFTER = 30_000;
const LEFT_MAX = 20;
const KEEPALIVE_MAX = 60_000; // browsers send no more than 64 KiB once a page is left
const FORMS = "form[data-composer][data-place]";

const prefix = `jam-draft/${document.body.dataset.jam}/${me}/`;
const slot = (form) => prefix + form.dataset.place;
const url = `${home}me/drafts/`;

export const fields = (form) => FIELDS.map((name) => form.elements[name]).filter(Boolean);
export const texts = (form) => Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
export const isEmpty = (form) => fields(form).every((field) => !field.value.trim());
const same = (one, other) => FIELDS.every((name) => (one[name] ?? "") === (other[name] ?? ""));

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}
function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch { /* no room, or not allowed: the text is still in the field */ }
}

let putting = false; // what is put in is not typed
function put(form, values) {
  putting = true;
  for (const field of fields(form)) {
    field.value = values[field.name] ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  putting = false;
}

// What the server had for each place when the page was made, and has since: {subject, body, tags, version, saved_at}.
const kept = new Map(Object.entries(JSON.parse(document.getElementById("drafts")?.textContent ?? "{}")));

// Of a form: `base` is the version that its text goes on from, `there` what the server has of it; `other` is a text
// from elsewhere that waits for a choice; a form that is `over` was posted, and keeps nothing until it is typed in.
const states = new WeakMap();
function state(form) {
  if (!states.has(form)) states.set(form, { base: "", there: {}, other: null, over: false, sending: null, timers: [] });
  return states.get(form);
}

function say(form, words) {
  const element = form.querySelector("[data-draft-word]");
  if (!element) return;
  element.textContent = words;
  element.hidden = !words;
}
const sayKept = (form, at) => say(form, interpolate(gettext("Draft kept %(time)s"), { time: timeWords(at, "clock", Date.now()) }));

// --- keeping -------------------------------------------------------------------------------------------------

function keepHere(form) {
  const typed = texts(form);
  write(slot(form), same(typed, state(form).there) ? null : { ...typed, base: state(form).base });
}

// Sends what is typed, and answers what the server said. Without `always` only what it has not got.
export async function keep(form, { always = false, leaving = false } = {}) {
  const mine = state(form);
  mine.timers.forEach(clearTimeout);
  const typed = texts(form);
  if (!always && (mine.over || mine.other || same(typed, mine.there))) return { status: 200, kept: !isEmpty(form) };
  const data = new URLSearchParams({ ...typed, place: form.dataset.place, base: mine.base });
  mine.sending = send(url, data, { keepalive: leaving && data.toString().length < KEEPALIVE_MAX });
  const answer = await mine.sending;
  mine.sending = null;
  if (mine.over) return answer;
  if (answer.status === 200) {
    Object.assign(mine, { base: answer.version, there: answer.kept ? typed : {} });
    if (answer.kept) kept.set(form.dataset.place, { ...typed, ...answer });
    else kept.delete(form.dataset.place);
    keepHere(form);
    if (answer.kept) sayKept(form, Date.parse(answer.saved_at));
    else say(form, "");
  } else if (answer.code === "newer_draft") {
    offer(form, answer.draft, gettext("On another device or in another tab you wrote something else here."));
  } else {
    say(form, gettext("Not sent yet: your draft is kept on this device."));
    mine.timers.push(setTimeout(() => keep(form), AGAIN_AFTER));
  }
  return answer;
}

// Before a text is posted: what is on its way to the drafts arrives first, and nothing goes after it.
export async function settle(form) {
  const mine = state(form);
  mine.timers.forEach(clearTimeout);
  await mine.sending;
}

// The text was posted, or put elsewhere: there is no draft of it any more.
export function forget(form) {
  const mine = state(form);
  mine.timers.forEach(clearTimeout);
  Object.assign(mine, { base: "", there: {}, over: true });
  kept.delete(form.dataset.place);
  write(slot(form), null);
  say(form, "");
  putAway(form);
}

// What is in the form was taken elsewhere: also what the server kept of it meanwhile goes.
export async function discard(form) {
  await send(url, new URLSearchParams({ place: form.dataset.place, base: state(form).base, subject: "", body: "", tags: "" }));
  forget(form);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.(FORMS);
  if (!form || !me || !FIELDS.includes(event.target.name) || putting) return;
  const mine = state(form);
  mine.over = false;
  mine.timers.forEach(clearTimeout);
  mine.timers = [setTimeout(() => keepHere(form), HERE_AFTER), setTimeout(() => keep(form), THERE_AFTER)];
});

function leave() {
  for (const form of document.querySelectorAll(FORMS)) {
    if (!me || state(form).over || same(texts(form), state(form).there)) continue;
    keepHere(form);
    keep(form, { leaving: true });
  }
}
addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); });

// --- taking a form up ----------------------------------------------------------------------------------------

// Begins with what was written here before, on this device or another; what the form holds already stays.
export function open(form) {
  if (!me) return;
  const mine = state(form);
  const before = kept.get(form.dataset.place);
  if (before && isEmpty(form)) put(form, before);
  if (before || form.dataset.draft) {
    Object.assign(mine, { base: before?.version ?? form.dataset.draft, there: texts(form) });
    sayKept(form, before ? Date.parse(before.saved_at) : Number(form.dataset.draftAt));
  }
  const here = read(slot(form));
  if (!here || same(here, texts(form))) write(slot(form), null);
  else if (isEmpty(form) || here.base === mine.base) {
    put(form, here);
    say(form, gettext("This is what you were writing here before."));
    keep(form);
  } else offer(form, { ...here, version: mine.base }, gettext("On this device you wrote something else here."));
  fold(form);
}

// Tags that came with a draft are seen.
function fold(form) {
  const more = form.querySelector("details.more-fields");
  if (more && form.elements.tags?.value.trim()) more.open = true;
}

// --- two texts for one place -----------------------------------------------------------------------------------

const make = (name, properties, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

const putAway = (form) => {
  form.querySelector("[data-other-draft]")?.remove();
  state(form).other = null;
};

function offer(form, other, why) {
  const mine = state(form);
  putAway(form);
  mine.other = other;
  keepHere(form);
  const shown = make("blockquote", { className: "other-draft", dir: "auto" });
  const show = () => { shown.textContent = FIELDS.map((name) => mine.other[name]).filter(Boolean).join("\n\n"); };
  show();
  const change = make("button", { type: "button", className: "button button-small", textContent: gettext("Go on with that one") });
  const stay = make("button", { type: "button", className: "button button-small", textContent: gettext("Go on with what is in the form") });
  change.addEventListener("click", () => {
    const was = { ...texts(form), version: mine.other.version };
    put(form, mine.other);
    mine.other = was;
    keepHere(form);
    fold(form);
    show();
    change.textContent = gettext("Change them back");
  });
  stay.addEventListener("click", () => {
    Object.assign(mine, { base: mine.other.version, there: {}, other: null });
    putAway(form);
    keep(form);
    form.elements.body.focus();
  });
  const box = make("div", { className: "notice notice-warning" },
    make("div", { className: "notice-words" }, make("p", { textContent: why }), shown, make("div", { className: "row row-2" }, change, stay)));
  box.dataset.otherDraft = "";
  box.setAttribute("role", "status");
  form.querySelector(".form-actions").before(box);
}

// --- what was left behind by a page that is gone ---------------------------------------------------------------

async function sendLeft() {
  if (!me) return;
  const open = new Set([...document.querySelectorAll(FORMS)].map(slot));
  const left = Object.keys(localStorage).filter((key) => key.startsWith(prefix) && !open.has(key));
  for (const key of left.slice(0, LEFT_MAX)) {
    const here = read(key);
    const { base = "", ...typed } = here ?? {};
    const answer = await send(url, new URLSearchParams({ ...typed, place: key.slice(prefix.length), base }));
    if (answer.status === 0) return;
    // A newer one from elsewhere: both are offered when the form is opened.
    if (answer.status !== 200) continue;
    if (answer.kept) kept.set(key.slice(prefix.length), { ...typed, ...answer });
    write(key, null);
  }
}
addEventListener("online", () => {
  document.querySelectorAll(FORMS).forEach((form) => keep(form));
  sendLeft();
});
sendLeft();
