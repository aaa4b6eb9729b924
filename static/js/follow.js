// Buttons that follow a thread, a person or a tag: one press, without a new page.
import { say } from "./notices.js";
import { send } from "./posts.js";
import { gettext } from "./words.js";

function show(button, following) {
  button.setAttribute("aria-pressed", String(following));
  button.name = following ? "unfollow" : "follow";
  button.querySelector("[data-follow-word]").textContent = following ? gettext("Following") : gettext("Follow");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-follow]");
  if (!button) return;
  event.preventDefault();
  const following = button.name === "follow";
  const twins = [...document.querySelectorAll("button[data-follow]")].filter(({ value }) => value === button.value);
  for (const twin of twins) show(twin, following);
  const answer = await send(button.formAction, new URLSearchParams({ [following ? "follow" : "unfollow"]: button.value }));
  if (answer.status === 200) return;
  for (const twin of twins) show(twin, !following);
  say(answer.message);
});
