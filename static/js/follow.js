// Buttons that follow a thread, a person or a tag: one press, without a new page.
import { say } from "./notices.js";
import { me, send } from "./posts.js";
import { gettext } from "./words.js";

function show(button, following) {
  button.setAttribute("aria-pressed", String(following));
  button.name = following ? "unfollow" : "follow";
  button.querySelector("[data-follow-word]").textContent = following ? gettext("Following") : gettext("Follow");
}

const buttonsOf = (thing) => [...document.querySelectorAll("button[data-follow]")].filter(({ value }) => value === thing);

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-follow]");
  if (!button) return;
  event.preventDefault();
  const following = button.name === "follow";
  const twins = buttonsOf(button.value);
  for (const twin of twins) show(twin, following);
  const answer = await send(button.formAction, new URLSearchParams({ [following ? "follow" : "unfollow"]: button.value }));
  if (answer.status === 200) return;
  for (const twin of twins) show(twin, !following);
  say(answer.message);
});

// Who writes in a thread follows it from then on: in this tab, or in another.
document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind !== "post.created" || String(detail.author.id) !== me) return;
  for (const button of buttonsOf(`thread:${detail.thread}`)) show(button, true);
});
