// “Write” and “Preview” over a text: what is shown is what the server makes of it.
import { home, send } from "./posts.js";
import { showTimes } from "./times.js";
import { gettext } from "./words.js";

const SLOW = 300; // ms until a wait is said

const part = (writing, name) => writing.querySelector(`[data-panel="${name}"]`);
const tab = (writing, name) => writing.querySelector(`[data-tab="${name}"]`);

function choose(writing, name) {
  for (const each of writing.querySelectorAll("[data-tab]")) {
    const chosen = each.dataset.tab === name;
    each.setAttribute("aria-selected", String(chosen));
    each.tabIndex = chosen ? 0 : -1;
    part(writing, each.dataset.tab).hidden = !chosen;
  }
  // What formats the text waits for the text.
  for (const button of writing.querySelectorAll("[role=toolbar] button")) button.disabled = name === "preview";
}

function say(panel, words) {
  panel.replaceChildren(Object.assign(document.createElement("p"), { className: "soft", textContent: words }));
}

async function show(writing) {
  const panel = part(writing, "preview");
  const field = writing.querySelector("textarea");
  const form = field.form;
  // As high as what was written in, so that nothing under it moves.
  panel.style.minBlockSize = `${part(writing, "write").offsetHeight}px`;
  choose(writing, "preview");
  if (!field.value.trim()) {
    say(panel, gettext("There is nothing to show yet."));
    return;
  }
  const slow = setTimeout(() => say(panel, gettext("One moment…")), SLOW);
  const thread = document.querySelector(".thread[data-thread], .answered[data-thread]")?.dataset.thread ?? "";
  const answer = await send(`${home}preview/`, new URLSearchParams({ body: field.value, mentions: form.elements.mentions?.value ?? "", thread }));
  clearTimeout(slow);
  if (answer.status !== 200) {
    say(panel, answer.message);
    return;
  }
  panel.innerHTML = answer.html; // made safe by the server, as a post's is
  showTimes(panel);
}

const write = (writing) => choose(writing, "write");

document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.("[data-writing] [data-tab]");
  if (!pressed) return;
  const writing = pressed.closest("[data-writing]");
  if (pressed.dataset.tab === "preview") show(writing);
  else {
    write(writing);
    writing.querySelector("textarea").focus();
  }
});
document.addEventListener("keydown", (event) => {
  const here = event.target.closest?.("[data-writing] [data-tab]");
  if (!here || !["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
  event.preventDefault();
  const writing = here.closest("[data-writing]");
  const name = here.dataset.tab === "write" ? "preview" : "write";
  tab(writing, name).focus();
  if (name === "preview") show(writing);
  else write(writing);
});
// A field that is to be looked at, because of a mistake or of what came into it, is shown.
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("[data-writing] textarea")) write(event.target.closest("[data-writing]"));
});
export const showText = (form) => form.querySelectorAll("[data-writing]").forEach(write);
