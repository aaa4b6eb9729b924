// How much is new, kept true while the page is open: in the tab's title, beside forums and beside ideas.
//
// The server counts. In between, a post that others wrote raises the numbers at once, and what was seen lowers them with
// the server's answer, in this tab and in the reader's others. Where a page cannot know (a post was hidden, the tab was
// not looked at), it asks again, and not all pages at once.
import { interpolate, ngettext } from "./words.js";

const { body } = document;
const { home, member: me } = body.dataset;
const most = Number(body.dataset.unreadMost);
const LOADING = 5_000; // what was written about when the page was may be counted in it already: it is asked again
const SOON = 3_000;
const SPREAD = 60_000;
const AWAY = 30_000;

let total = Number(body.dataset.unreadCount);
let changes = 0;
let asking = 0;
let hiddenAt = 0;
const title = document.title.replace(/^\(\d+\+?\) /, "");
const elsewhere = new BroadcastChannel(`jam/${body.dataset.jam}/${me}/unread`);

const capped = (count) => (count < most ? String(count) : `${most - 1}+`);
const forums = (id) => document.querySelectorAll(`.forums [data-forum="${id}"] [data-new]`);
const threads = (id) => document.querySelectorAll(`.idea[data-thread="${id}"] [data-new]`);

// As `new_words` in threads/domain/reading.py.
function show(element, count) {
  element.dataset.new = count;
  element.hidden = count === 0;
  element.textContent = interpolate(ngettext("%(number)s new", "%(number)s new", count), { number: capped(count) });
  const link = element.closest(".idea")?.querySelector(".row-link");
  if (link) link.setAttribute("href", link.getAttribute("href").replace(/unread\/$/, "") + (count ? "unread/" : ""));
}

const raise = (count) => Math.min(most, count + 1);

function showTotal() {
  document.title = total ? `(${capped(total)}) ${title}` : title;
  for (const element of document.querySelectorAll("[data-unread-all]")) element.textContent = capped(total);
}

function take(answer) {
  total = answer.all;
  for (const [id, count] of Object.entries(answer.forums)) forums(id).forEach((element) => show(element, count));
  for (const [id, count] of Object.entries(answer.threads)) threads(id).forEach((element) => show(element, count));
  showTotal();
}

// What the server said in answer to what was seen here.
export function tell(answer) {
  take(answer);
  elsewhere.postMessage(answer);
}
elsewhere.addEventListener("message", ({ data }) => take(data));

async function ask() {
  asking = 0;
  const before = changes;
  const shown = [...document.querySelectorAll(".idea[data-thread]")].map((row) => ["thread", row.dataset.thread]);
  try {
    const answer = await fetch(`${home}unread/?${new URLSearchParams(shown)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return;
    if (before === changes) take(await answer.json());
    else askWithin(SOON);
  } catch { /* no line: it is asked again when there is something to ask for */ }
}

function askWithin(time) {
  if (document.hidden) hiddenAt ||= 1; // when it is looked at
  else asking ||= setTimeout(ask, time);
}

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind === "post.created" && String(detail.author.id) !== me) {
    changes += 1;
    total = raise(total);
    for (const element of [...forums(detail.forum), ...threads(detail.thread)]) show(element, raise(Number(element.dataset.new)));
    showTotal();
    if (Date.parse(detail.at) < Number(body.dataset.now) + LOADING) askWithin(SOON);
  }
  if (["post.hidden", "post.restored", "post.withdrawn"].includes(detail.kind)) askWithin(SOON + Math.random() * SPREAD);
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenAt = Date.now();
  else if (hiddenAt && Date.now() - hiddenAt > AWAY) ask();
  if (!document.hidden) hiddenAt = 0;
});
addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
