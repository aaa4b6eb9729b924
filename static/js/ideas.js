// The ideas of a whole jam: numbers of replies that stay true, and a word when the list is no longer the newest.
import { put } from "./counted.js";
import { hideIdea, offer, rewordIdea } from "./lists.js";
import "./posts.js";
import "./shown.js";

const { sort } = document.querySelector("[data-ideas]").dataset;
const isNarrowed = new URLSearchParams(location.search).has("highlight");
const rows = (thread) => document.querySelectorAll(`.idea[data-thread="${thread}"]`);

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind === "post.created") {
    for (const row of rows(detail.thread)) put(row, "reply", detail.replies);
    if (detail.parent === null || sort !== "new") offer();
  }
  if (["post.hidden", "post.withdrawn"].includes(detail.kind) && hideIdea(detail)) offer();
  if (detail.kind === "post.edited") rewordIdea(detail);
  if (detail.kind === "post.restored" || (detail.kind === "post.highlighted" && isNarrowed)) offer();
});
