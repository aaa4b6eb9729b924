// Without a line: pages that were read can be read again, and what is written waits on this device until it can be sent.
//
// `keepForLater` is what forms and votes call when nothing reaches the server. What waits is shown by a button at the
// foot of every page. The worker (worker.js) keeps the pages; without one, what is written waits all the same.
import "./outbox.js";
import { say } from "./notices.js";
import { words as timeWords } from "./times.js";
import { gettext, interpolate, ngettext } from "./words.js";

const { outbox } = globalThis;
const { body } = document;
const person = Number(body.dataset.person) || null;
const AGAIN_AFTER = 30_000;
const SIGN_OUT_WITHIN = 5_000;

const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const button = (words, press, more = "") => {
  const element = make("button", { type: "button", className: `button button-small ${more}`.trim(), textContent: words });
  element.addEventListener("click", press);
  return element;
};

// --- keeping ---------------------------------------------------------------------------------------------------

// Keeps what could not be sent: {kind, url, body, words} and for a text `draft`. Answers whether it is kept.
export async function keepForLater(entry) {
  if (!person || !globalThis.indexedDB || !navigator.locks) return false;
  try {
    await outbox.put({ ...entry, person });
  } catch {
    return false; // no room, or not allowed
  }
  // Where there is Background Sync it goes out also when no page of ours is open.
  const worker = await navigator.serviceWorker?.getRegistration();
  await worker?.sync?.register("outbox").catch(() => {});
  again();
  return true;
}

// What stands at this address was sent after all: what waits for it does not count any more.
export async function settled(url) {
  if (opener?.hidden !== false) return;
  for (const entry of await waiting()) if (entry.url === url) await outbox.drop(entry.id);
}

// --- sending -----------------------------------------------------------------------------------------------------

let timer = 0;

function again() {
  clearTimeout(timer);
  timer = setTimeout(send, AGAIN_AFTER);
}

async function send() {
  if (!person || !(await waiting()).length) return;
  try {
    await outbox.send();
  } catch {
    again(); // still no line
  }
}

const kept = async () => {
  try { return person ? await outbox.all(person) : []; } catch { return []; }
};
const waiting = async () => (await kept()).filter(({ refused }) => !refused);

// --- the list of what waits ----------------------------------------------------------------------------------------

let opener, sheet;

const KINDS = { post: () => gettext("A text"), vote: () => gettext("A vote"), keep: () => gettext("A post to keep, or not to") };

function row(entry) {
  const time = make("span", { textContent: timeWords(entry.at, "clock", Date.now()) });
  const item = make("li", {}, make("p", { className: "meta" }, make("strong", { textContent: KINDS[entry.kind]() }), time));
  if (entry.words) item.append(make("p", { className: "clip-2", dir: "auto", textContent: entry.words }));
  if (!entry.refused) {
    item.append(make("p", { className: "soft small", textContent: gettext("Waits to be sent") }));
    item.append(button(gettext("Do not send it"), () => outbox.drop(entry.id), "button-quiet"));
    return item;
  }
  item.append(make("p", { className: "field-error", textContent: entry.refused.message || gettext("The server did not take it.") }));
  if (entry.refused.drafts) item.append(make("p", {}, make("a", { href: entry.refused.drafts, textContent: gettext("It is kept in your drafts.") })));
  else if (entry.kind === "post") item.append(make("textarea", { readOnly: true, dir: "auto", rows: 3, ariaLabel: gettext("Your text"), value: new URLSearchParams(entry.body).get("body") ?? "" }));
  item.append(button(gettext("Put away"), () => outbox.drop(entry.id)));
  return item;
}

function openSheet() {
  sheet.showModal();
}

function build() {
  opener = button("", openSheet, "outbox-opener");
  const close = make("button", { type: "submit", className: "button button-small", textContent: gettext("Close") });
  const title = make("h2", { id: "outbox-title", textContent: gettext("What waits to be sent") });
  const now = button(gettext("Send it now"), send, "button-main");
  sheet = make("dialog", { className: "keys outbox" }, make("form", { method: "dialog", className: "row row-spread" }, title, close), make("ul", { className: "rows" }), now);
  sheet.setAttribute("aria-labelledby", title.id);
  (document.querySelector("main") ?? body).append(opener);
  body.append(sheet);
}

function countWords(entries) {
  const refused = entries.filter((entry) => entry.refused).length;
  const count = refused || entries.length;
  const words = refused ? ngettext("%(count)s was not taken", "%(count)s were not taken", count) : ngettext("%(count)s waits to be sent", "%(count)s wait to be sent", count);
  return interpolate(words, { count });
}

async function show() {
  const entries = await kept();
  if (!entries.length && !opener) return;
  if (!opener) build();
  opener.hidden = !entries.length;
  opener.textContent = countWords(entries);
  opener.classList.toggle("has-refused", entries.some(({ refused }) => refused));
  sheet.querySelector("ul").replaceChildren(...entries.map(row));
  sheet.querySelector(".button-main").hidden = entries.every(({ refused }) => refused);
  if (!entries.length) sheet.close();
}

outbox.news?.addEventListener("message", ({ data }) => {
  if (data.sent) document.dispatchEvent(new CustomEvent("jam:sent", { detail: data }));
  show();
});

// A channel does not hear itself.
const ours = outbox.news && new BroadcastChannel(outbox.news.name);
ours?.addEventListener("message", ({ data }) => {
  if (data.refused) say(data.refused.refused.message);
  if (data.sent?.kind === "post") say(data.answer?.code === "held" ? data.answer.message : gettext("What you wrote without a line is posted."));
  show();
});

// --- a page that was kept ------------------------------------------------------------------------------------------

if (body.dataset.keptAt) {
  const at = Number(body.dataset.keptAt);
  const day = new Date(at).toDateString() === new Date().toDateString() ? "clock" : "day";
  const text = interpolate(gettext("You are offline: this is how it was at %(time)s."), { time: timeWords(at, day, Date.now()) });
  const notice = make("div", { className: "notice notice-warning kept-notice" }, make("div", { className: "notice-words" }, make("p", { textContent: text })));
  notice.setAttribute("role", "status");
  document.querySelector("main .wrap, main")?.prepend(notice);
  addEventListener("online", () => location.reload());
}

// --- signing out -----------------------------------------------------------------------------------------------------

const within = (promise, time) => Promise.race([promise, new Promise((done) => { setTimeout(done, time); })]);

// The server ends them too; so does the browser, and puts away those that it shows.
async function endMessages() {
  const worker = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await worker?.getNotifications()) ?? []) shown.close();
  await (await worker?.pushManager?.getSubscription())?.unsubscribe();
}

// What can still be sent is sent; then nothing of the reader stays on this device.
async function leave(form) {
  await within(send(), SIGN_OUT_WITHIN);
  const left = await waiting();
  if (left.length && !confirm(gettext("Not everything you wrote was sent. Sign out and lose it?"))) return;
  await outbox.clear().catch(() => {});
  await globalThis.caches?.delete("jam-pages").catch(() => {});
  await within(endMessages().catch(() => {}), SIGN_OUT_WITHIN);
  form.submit();
}

document.addEventListener("submit", (event) => {
  // Not `form.action`, which is the button in a form that has one of that name.
  if (!person || !new URL(event.target.getAttribute("action") ?? "", location).pathname.endsWith("/accounts/logout/")) return;
  event.preventDefault();
  leave(event.target);
});

// --- at the start ------------------------------------------------------------------------------------------------------

addEventListener("online", send);
document.addEventListener("jam:online", send);
document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
show();
send();

// After everything that the page itself needs.
if (navigator.serviceWorker && body.dataset.keptAt === undefined) {
  const register = () => navigator.serviceWorker.register("/sw.js").catch(() => { /* then without one */ });
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}
