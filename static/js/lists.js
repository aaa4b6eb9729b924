// Lists of ideas. A row says what is true while it is shown, but keeps its place: which ideas come first is brought up
// to date when the reader asks for it.
import { word } from "./fragment_words.js";
import { layOver } from "./posts.js";
import { showTimes } from "./times.js";

// This page as the server shows it now, or null if it does not.
async function freshPage() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

const threadsIn = (part) => new Set([...part.querySelectorAll(".idea")].map((row) => row.dataset.thread));

function takeOver(part, fresh) {
  const shown = threadsIn(part);
  part.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  showTimes(part);
  part.querySelectorAll(".node").forEach(layOver);
  for (const row of part.querySelectorAll(".idea")) row.classList.toggle("is-new", !shown.has(row.dataset.thread));
}

// Puts what the server shows now into the [data-list] parts of the page. Answers whether it could.
export async function bringUpToDate() {
  const page = await freshPage();
  const parts = [...document.querySelectorAll("[data-list]")];
  const fresh = parts.map((part) => page?.querySelector(`[data-list="${part.dataset.list}"]`));
  if (fresh.some((part) => !part)) return false;
  parts.forEach((part, index) => takeOver(part, fresh[index]));
  offer(false);
  return true;
}

const button = document.querySelector("[data-bring-up-to-date]");

// Shows the button that brings the lists up to date; its room is there before.
export function offer(yes = true) {
  button?.classList.toggle("is-waiting", !yes);
}

button?.addEventListener("click", async () => {
  button.classList.add("is-busy");
  const done = await bringUpToDate();
  button.classList.remove("is-busy");
  if (done) document.querySelector("[data-list] .row-link")?.focus();
  else location.reload();
});

// An idea that was hidden or withdrawn keeps its place until then. Answers whether it has one here.
export function hideIdea({ post, kind }) {
  const rows = document.querySelectorAll(`.idea[data-post-id="${post}"]`);
  const textContent = word(kind === "post.withdrawn" ? "withdrawn_idea" : "hidden_idea");
  for (const row of rows) row.replaceChildren(Object.assign(document.createElement("p"), { className: "post-hidden", textContent }));
  return rows.length > 0;
}

// An idea that its author changed says at once what it says now. How many have which tag is brought up to date with the list.
export function rewordIdea({ post, subject, excerpt, tags_changed: tagsChanged }) {
  if (tagsChanged) offer();
  for (const row of document.querySelectorAll(`.idea[data-post-id="${post}"]`)) {
    const title = row.querySelector(".row-link");
    if (!title) continue;
    title.textContent = subject || excerpt;
    const line = row.querySelector(".idea-line");
    if (line) line.textContent = excerpt;
  }
}
