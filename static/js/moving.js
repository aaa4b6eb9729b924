// Threads and replies that are moved while a page is open. Counts are put right at once; a thread's tree is not built
// anew under its reader: what happened is said, with a way to where it is now.
import { put } from "./counted.js";
import { offer } from "./lists.js";
import { gettext } from "./words.js";

const { home } = document.body.dataset;
const thread = document.querySelector(".thread");
const id = thread ? Number(thread.dataset.thread) : 0;
const MOVES = ["thread.moved", "thread.merged", "thread.split", "post.moved", "move.undone"];

const WORDS = {
  "thread.moved": () => gettext("This thread was moved to another forum."),
  "thread.merged": (event) => (event.thread === id ? gettext("This thread was merged into another. It goes on there.") : gettext("Another thread was merged into this one.")),
  "thread.split": () => gettext("A part of this thread was made a thread of its own."),
  "post.moved": () => gettext("Replies were moved here."),
  "move.undone": () => gettext("What was moved here was moved back."),
};

// One notice, the latest: it stands over the thread and stays until the page is loaded again.
function tell(event) {
  const place = thread.querySelector("[data-moved-place]");
  const gone = event.kind === "thread.merged" && event.thread === id;
  const notice = document.getElementById("moved").content.firstElementChild.cloneNode(true);
  notice.querySelector("p").textContent = WORDS[event.kind](event);
  const link = notice.querySelector("a");
  link.href = gone ? `${home}posts/${event.post}/` : location.pathname + location.search;
  link.textContent = gone ? gettext("Go there") : gettext("Load the page again");
  place.replaceChildren(notice);
}

function count({ threads, forums }) {
  for (const { id: number, replies } of threads) {
    for (const row of document.querySelectorAll(`.idea[data-thread="${number}"], .thread[data-thread="${number}"]`)) put(row, "reply", replies);
  }
  for (const { id: number, threads: ideas, posts } of forums) {
    for (const part of document.querySelectorAll(`[data-forum="${number}"]`)) {
      put(part, "thread", ideas);
      put(part, "post", posts);
    }
  }
}

// A reply that became an idea has a subject, and one that is a reply again may have none.
function reword({ post, subject, excerpt }) {
  const words = document.querySelector(`[data-pulse] [data-post-id="${post}"] .pulse-words`);
  if (words && (subject || excerpt)) words.textContent = subject || excerpt;
}

// The threads that a thread is connected with, as the server names them now.
async function seeAlso() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-see-also-place]");
  if (fresh) thread.querySelector("[data-see-also-place]").replaceChildren(...fresh.childNodes);
}

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind === "threads.connected" && detail.threads.includes(id)) seeAlso();
  if (!MOVES.includes(detail.kind)) return;
  count(detail);
  reword(detail);
  offer();
  if (thread && (detail.thread === id || detail.to_thread === id)) tell(detail);
});
