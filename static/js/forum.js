// A forum: new ideas behind a pill, numbers that stay true.
import "./composer.js";
import { layOver, Pill, put } from "./posts.js";
import { showTimes } from "./times.js";

const forum = document.querySelector("[data-forum]");
const id = Number(forum.dataset.forum);
const row = (thread) => forum.querySelector(`.idea[data-thread="${thread}"]`);

// The rows of these ideas as the server shows them.
async function fetchRows(threads) {
  const response = await fetch("?sort=new", { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return threads.map((thread) => page.querySelector(`.ideas .idea[data-thread="${thread}"]`));
}

const pill = new Pill("idea", "ideas", async (held) => {
  const list = forum.querySelector(".ideas");
  const threads = held.map((event) => event.thread).reverse();
  let rows = [];
  try { rows = list ? await fetchRows(threads) : []; } catch { /* no line: the page below is asked for instead */ }
  if (!rows.length || rows.some((found) => !found)) {
    location.href = "?sort=new";
    return;
  }
  const added = rows.map((found) => document.importNode(found, true)).filter((element) => !row(element.dataset.thread));
  for (const element of added) {
    element.classList.add("is-new");
    showTimes(element);
    layOver(element);
  }
  list.prepend(...added);
  list.querySelector(".row-link")?.focus();
});

// The box to start an idea: open if something is being written in it, and ready to type in when it opens.
const start = document.getElementById("start");
if (start) {
  const isWriting = [...start.querySelectorAll("input[name=subject], textarea")].some((field) => field.value.trim());
  if (isWriting) start.open = true;
  else start.addEventListener("toggle", () => { if (start.open) start.querySelector("input[name=subject]").focus(); });
}

function created(event) {
  put(forum, "thread", event.forum_threads, "idea", "ideas");
  put(forum, "post", event.forum_posts, "post", "posts");
  const shown = row(event.thread);
  if (event.parent !== null) {
    if (shown) put(shown, "reply", event.replies, "reply", "replies");
  } else if (!shown) pill.hold(event.thread, event);
}

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.forum !== id) return;
  if (detail.kind === "post.created") created(detail);
  if (detail.kind === "post.hidden") {
    pill.drop(detail.thread);
    const shown = forum.querySelector(`.idea[data-post-id="${detail.post}"]`);
    if (shown) shown.replaceChildren(Object.assign(document.createElement("p"), { className: "post-hidden", textContent: "A facilitator hid this idea." }));
  }
});
