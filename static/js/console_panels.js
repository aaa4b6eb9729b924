// What opens under a row of the console: a reply, a question to the thread, why it is hidden, an announcement.
import { renew, takeUp } from "./composer.js";
import { say } from "./notices.js";
import { home, isOpen, send } from "./posts.js";
import { gettext } from "./words.js";

const frame = document.querySelector("[data-console]");
const address = frame.querySelector("[data-dock]").dataset.address;

const panelIn = () => frame.querySelector(".console-panel");

export function close() {
  const panel = panelIn();
  const at = panel?.closest(".console-row");
  panel?.remove();
  return at;
}

function back() {
  close()?.querySelector(".row-link")?.focus();
}

function composer(form, at, asks) {
  form.action = `${home}posts/${at.dataset.postId}/reply/`;
  form.dataset.place = `post:${at.dataset.postId}`;
  const words = asks ? gettext("Ask the thread") : gettext("Reply");
  form.setAttribute("aria-label", words);
  form.querySelector("[data-panel-submit]").textContent = asks ? gettext("Ask") : gettext("Post reply");
  if (asks) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "prompt", value: "1" }));
  renew(form);
}

export function openPanel(at, act, name) {
  const template = document.getElementById(`panel-${name}`);
  if (!template || (name === "composer" && !isOpen())) return;
  if (name === "composer" && "locked" in at.dataset) {
    say(gettext("This thread is locked: it takes no new posts."));
    return;
  }
  close();
  const form = template.content.firstElementChild.cloneNode(true);
  form.dataset.purpose = act;
  if (name === "composer") composer(form, at, act === "ask");
  else form.action = address.replace("/posts/0/", `/posts/${at.dataset.postId}/`);
  at.append(form);
  if (name === "composer") takeUp(form);
  form.querySelector("textarea, input:not([type=hidden])").focus();
  form.scrollIntoView({ block: "nearest" });
}

frame.addEventListener("click", (event) => { if (event.target.closest?.("[data-panel-cancel]")) back(); });
frame.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest(".console-panel")) {
    event.preventDefault();
    back();
  }
});

frame.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-panel-form]")) return;
  event.preventDefault();
  const error = form.querySelector("[data-panel-error]");
  error.hidden = true;
  const answer = await send(form.action, new URLSearchParams(new FormData(form)));
  if (answer.status === 200) {
    back();
    say(answer.said);
    document.dispatchEvent(new CustomEvent("console:acted"));
    return;
  }
  error.textContent = answer.message;
  error.hidden = false;
  form.querySelector("textarea, input:not([type=hidden])").focus();
});

frame.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-panel-form]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

// Before the composer, which would go to where the post is.
document.addEventListener("composer:posted", (event) => {
  const form = event.target;
  if (!form.matches(".console-panel")) return;
  event.preventDefault();
  const asked = form.dataset.purpose === "ask";
  back();
  say(asked ? gettext("Asked: it stands in the thread as a question of who runs the jam.") : gettext("Replied."));
  document.dispatchEvent(new CustomEvent("console:acted"));
}, { capture: true });
