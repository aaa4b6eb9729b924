// A forum: new ideas behind a pill, numbers that stay true.
import "./composer.js";
import { put } from "./counted.js";
import { bringUpToDate, hideIdea, offer, rewordIdea } from "./lists.js";
import { Pill } from "./pill.js";
import { interpolate, ngettext, number } from "./words.js";
import "./shown.js";

const forum = document.querySelector("[data-forum][data-sort]");
const id = Number(forum.dataset.forum);
const { sort } = forum.dataset;
const isNarrowed = new URLSearchParams(location.search).has("highlight");
const row = (thread) => forum.querySelector(`.idea[data-thread="${thread}"]`);

const pill = new Pill((count) => interpolate(ngettext("%(count)s new idea", "%(count)s new ideas", count), { count }), async (held) => {
  const done = await bringUpToDate();
  const first = forum.querySelector(".idea.is-new");
  // In this order they may stand on a later page.
  if (!done || !held.some((event) => row(event.thread))) {
    location.href = "?sort=new";
    return;
  }
  pill.empty();
  (first ?? row(held[0].thread)).querySelector(".row-link")?.focus();
});

// The box to start an idea: open if something is being written in it, and ready to type in when it opens.
const start = document.getElementById("start");
if (start) {
  const isWriting = [...start.querySelectorAll("input[name=subject], textarea")].some((field) => field.value.trim());
  if (isWriting) start.open = true;
  else start.addEventListener("toggle", () => { if (start.open) start.querySelector("input[name=subject]").focus(); });
}

function created(event) {
  put(forum, "thread", event.forum_threads);
  put(forum, "post", event.forum_posts);
  const shown = row(event.thread);
  if (event.parent === null) {
    if (!shown) pill.hold(event.thread, event);
    return;
  }
  if (shown) put(shown, "reply", event.replies);
  if (sort === "hot" || (sort === "needs_reply" && shown)) offer();
}

function hidden(event) {
  if (pill.held.get(String(event.thread))?.post === event.post) pill.take(event.thread);
  if (hideIdea(event)) offer();
}

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.forum !== id) return;
  if (detail.kind === "post.created") created(detail);
  if (detail.kind === "post.hidden" || detail.kind === "post.withdrawn") hidden(detail);
  if (detail.kind === "post.edited") rewordIdea(detail);
  if (detail.kind === "post.restored" || detail.kind === "thread.pinned" || (detail.kind === "post.highlighted" && isNarrowed)) offer();
});

// Before the numbers are changed: those that stay the same change no order.
document.addEventListener("jam:counts", ({ detail }) => {
  if (sort !== "hot" && sort !== "top") return;
  const changed = [...forum.querySelectorAll(".idea")].some((shown) => Object.entries(detail[shown.dataset.postId] ?? {})
    .some(([name, votes]) => shown.querySelector(`[data-count="${name}"]`)?.textContent !== number(votes)));
  if (changed) offer();
}, { capture: true });
