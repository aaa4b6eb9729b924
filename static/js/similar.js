// Ideas like the one that is being typed, beside or under its form: never in the way of it. “Reply there instead” takes
// what was typed along, as a draft of the reply.
import { suggested } from "./completion.js";
import { discard, settle, texts } from "./drafts.js";
import { home, send } from "./posts.js";
import { gettext, interpolate, ngettext } from "./words.js";

const AFTER = 700; // ms without a key
const ASKED_MAX = 200;
const LETTERS_MIN = 4;

const make = (name, properties, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

function row(form, idea) {
  const link = make("a", { href: idea.url, textContent: idea.title, dir: "auto", className: "similar-title" });
  const replies = interpolate(ngettext("%(count)s reply", "%(count)s replies", idea.replies), { count: idea.replies });
  const about = make("p", { className: "meta" }, make("bdi", { textContent: idea.author, className: "clip" }), make("span", { textContent: replies }));
  const instead = make("button", { type: "button", className: "button button-small", textContent: gettext("Reply there instead") });
  instead.setAttribute("aria-label", interpolate(gettext("Reply to “%(title)s” instead"), { title: idea.title }));
  instead.addEventListener("click", () => takeAlong(form, idea, instead));
  return make("li", {}, link, about, instead);
}

// The idea as the text of a reply, after what was begun there.
async function takeAlong(form, idea, button) {
  button.classList.add("is-busy");
  await settle(form);
  const { subject, body, tags } = texts(form);
  const text = [subject.trim() && `**${subject.trim()}**`, body.trim()].filter(Boolean).join("\n\n");
  const place = `post:${idea.id}`;
  const keep = (draft) => send(`${home}me/drafts/`, new URLSearchParams({ ...draft, tags, place }));
  let answer = await keep({ body: text, base: "" });
  if (answer.code === "newer_draft") answer = await keep({ body: `${answer.draft.body.trimEnd()}\n\n${text}`, base: answer.draft.version });
  button.classList.remove("is-busy");
  if (answer.status !== 200) {
    const word = form.querySelector("[data-composer-word]");
    word.textContent = answer.message;
    word.hidden = false;
    return;
  }
  await discard(form);
  location.href = idea.reply;
}

function show(form, ideas) {
  const section = form.querySelector("[data-similar]");
  const word = section.querySelector("[data-similar-word]");
  const were = !section.hidden;
  section.querySelector("[data-similar-list]").replaceChildren(...ideas.map((idea) => row(form, idea)));
  section.hidden = !ideas.length;
  // Said once, when there begin to be some; the list may change with each word.
  if (ideas.length && !were) word.textContent = gettext("Somebody may have had this idea already:");
}

let timer, turn = 0, asked = "";
async function look(form) {
  const { subject, body } = texts(form);
  const text = `${subject} ${body}`.trim().slice(0, ASKED_MAX);
  if (text === asked) return;
  asked = text;
  const mine = (turn += 1);
  const { ideas = [] } = text.length < LETTERS_MIN ? {} : await suggested(`${home}similar/`, { q: text });
  // What is at hand does not change under it.
  if (mine === turn && !form.querySelector("[data-similar]:focus-within")) show(form, ideas);
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.querySelector("[data-similar]") || !["subject", "body"].includes(event.target.name) || event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(() => look(form), AFTER);
});
