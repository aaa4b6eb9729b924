// A part of a post in the answer to it: select it and press “Quote”, or quote the whole of it from the form. Made as in
// threads/domain/quoting.py.
import { insertBlock } from "./editing.js";
import { gettext } from "./words.js";

const QUOTE_MAX = 600;
const MARKS = /([\\`*_[\]<>@])/g;
const LINE_MARKS = /^(\s*)([#>+-]|\d+[.)])(?=\s)/;

function cut(text) {
  if (text.length <= QUOTE_MAX) return text;
  const head = text.slice(0, QUOTE_MAX);
  const paragraph = head.lastIndexOf("\n\n");
  return paragraph > QUOTE_MAX / 2 ? `${head.slice(0, paragraph)}\n\n…` : `${head.replace(/\S*$/, "").trimEnd()} …`;
}

// Plain text as Markdown that shows it as it is.
const plain = (text) => text.replace(MARKS, "\\$1").split("\n").map((line) => line.trim().replace(LINE_MARKS, "$1\\$2")).join("\n");

// Where a post is quoted from: in a thread itself, on the page of a reply the one that is answered.
function sourceOf(element) {
  const post = element?.closest?.(".thread .post");
  if (post) {
    const name = post.querySelector(".post-author")?.textContent;
    return name && { id: post.dataset.postId, words: post.querySelector(":scope > .prose"), name, link: post.querySelector(".post-at").href, reply: post.querySelector(".post-reply") };
  }
  const answered = element?.closest?.("[data-quotable]");
  return answered && { id: answered.dataset.quotable, words: answered.querySelector(".prose"), name: answered.dataset.quotedName, link: new URL(answered.dataset.quotedLink, location).href };
}

const of = (id) => sourceOf(document.getElementById(`post-${id}`)) ?? sourceOf(document.querySelector(`[data-quotable="${CSS.escape(id)}"]`));

function quotation(source, text) {
  const lines = [...cut(plain(text.replace(/\n{3,}/g, "\n\n").trim())).split("\n"), "", `— [${source.name.replace(MARKS, "\\$1")}](${source.link})`];
  return `${lines.map((line) => `> ${line}`.trimEnd()).join("\n")}\n\n`;
}

// What it quotes itself is left out. Read from what is shown, since that is what has line ends.
function whole(words) {
  const parts = [...words.children].filter((part) => !part.matches("blockquote"));
  return parts.map((part) => part.innerText).join("\n\n");
}

// What is selected, if it lies in the words of one post.
function chosen() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const within = selection.getRangeAt(0).commonAncestorContainer;
  const element = within.nodeType === Node.TEXT_NODE ? within.parentElement : within;
  const source = sourceOf(element);
  const text = selection.toString();
  return source?.words?.contains(element) && text.trim() ? { source, text } : null;
}

function quote(form, source, text) {
  const field = form.elements.body;
  const selected = quotation(source, text);
  field.setSelectionRange(field.selectionEnd, field.selectionEnd);
  insertBlock(field, selected);
  field.scrollIntoView({ block: "nearest" });
}

function formFor(source) {
  if (source.reply) source.reply.click(); // opens the form under the post; thread.js hears it
  return document.querySelector(`form[data-composer][data-place="post:${CSS.escape(source.id)}"]`);
}

// --- the button beside what is selected --------------------------------------------------------------------------

const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-small quote-button", textContent: gettext("Quote") });
button.hidden = true;
document.querySelector("main").append(button);

function offer() {
  const now = chosen();
  const may = now && (now.source.reply ? document.getElementById("composer") : document.querySelector("form[data-quotes]"));
  button.hidden = !may;
  if (!may) return;
  const rects = getSelection().getRangeAt(0).getClientRects();
  const last = rects[rects.length - 1];
  if (!last) return;
  const { offsetWidth: width, offsetHeight: height } = button;
  button.style.setProperty("--x", `${Math.min(Math.max(8, last.right - width / 2), document.documentElement.clientWidth - width - 8)}px`);
  // Under it: above it the browsers of phones have a menu of their own.
  button.style.setProperty("--y", `${Math.min(last.bottom + 10, innerHeight - height - 8)}px`);
}

let timer;
document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(offer, 150);
});
addEventListener("scroll", offer, { passive: true });
// Before a press takes the selection away.
button.addEventListener("pointerdown", (event) => event.preventDefault());
button.addEventListener("click", () => {
  const now = chosen();
  button.hidden = true;
  if (!now) return;
  getSelection().removeAllRanges();
  const form = formFor(now.source);
  if (form) quote(form, now.source, now.text);
});

// --- the whole post, or what is selected of it, from the form ----------------------------------------------------

document.addEventListener("pointerdown", (event) => {
  if (event.target.closest?.("[data-quote-post]")) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const form = event.target.closest?.("[data-quote-post]")?.form;
  if (!form) return;
  const source = of(form.dataset.place.split(":")[1]);
  if (!source?.words) return;
  const now = chosen();
  quote(form, source, now?.source.id === source.id ? now.text : whole(source.words));
});
