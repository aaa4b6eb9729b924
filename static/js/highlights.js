// What is highlighted while a page is open: the mark beside the idea in lists. In a thread the fragment brings it.
import { word } from "./fragment_words.js";

function mark(kind) {
  const badge = Object.assign(document.createElement("span"), { className: `badge badge-${kind}`, textContent: word(kind) });
  badge.dataset.highlight = kind;
  return badge;
}

// In the place that templates/threads/idea_row.html has for it: after what became of the idea.
document.addEventListener("jam:event", ({ detail: { kind, post, highlight } }) => {
  if (kind !== "post.highlighted") return;
  for (const meta of document.querySelectorAll(`.idea[data-post-id="${post}"] > .meta`)) {
    meta.querySelector("[data-highlight]")?.remove();
    if (!highlight) continue;
    const outcome = meta.querySelector("[data-outcome]");
    if (outcome) outcome.after(mark(highlight));
    else meta.prepend(mark(highlight));
  }
});
