// Tells which new posts were in view, so that they are new no longer. They are gathered for a moment and told together; what
// is left when the page is left goes with it.
import { forget, watch } from "./inview.js";
import { tell } from "./unread.js";
import { gettext } from "./words.js";

const GATHERED_FOR = 2_000;
const AGAIN_AFTER = 15_000;
const AT_ONCE = 200;

const { body } = document;
const address = `${body.dataset.home}seen/`;
const token = () => document.querySelector("#act [name=csrfmiddlewaretoken]")?.value ?? "";
let waiting = new Set();
let timer = 0;

function form(posts) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", token());
  for (const post of posts) data.append("post", post);
  return data;
}

function take() {
  const posts = [...waiting].slice(0, AT_ONCE);
  waiting = new Set([...waiting].slice(AT_ONCE));
  return posts;
}

async function send() {
  timer = 0;
  const posts = take();
  if (!posts.length) return;
  try {
    const answer = await fetch(address, { method: "POST", body: form(posts), headers: { Accept: "application/json" }, redirect: "manual" });
    if (answer.ok) {
      tell(await answer.json());
      document.dispatchEvent(new CustomEvent("jam:seen")); // the bell asks whether there is still news
    }
    else if (answer.status >= 500) wait(posts, AGAIN_AFTER);
  } catch {
    wait(posts, AGAIN_AFTER);
  }
  if (waiting.size) wait([], GATHERED_FOR);
}

function wait(posts, time) {
  for (const post of posts) waiting.add(post);
  timer ||= setTimeout(send, time);
}

// The mark stays while the page does, fainter: nothing changes under a reader's eyes.
function isSeen(node) {
  node.classList.replace("is-unread", "was-unread");
  delete node.dataset.unread;
  node.querySelector(":scope > [data-new-word]")?.remove();
  if (!document.querySelector("[data-unread]")) document.querySelector("[data-first-unread]")?.setAttribute("hidden", "");
}

function onShown(post) {
  const node = post.closest("[data-unread]");
  if (!node) return;
  isSeen(node);
  wait([post.dataset.postId], GATHERED_FOR);
}

const postOf = (node) => (node.dataset.postId ? node : node.querySelector(":scope > .post"));

// Watches the posts in there that are new.
export function look(within = document) {
  watch([...within.querySelectorAll("[data-unread]")].map(postOf).filter(Boolean), onShown);
}

// A post that others wrote came onto the page.
export function arrived(node) {
  node.classList.add("is-unread");
  node.dataset.unread = "";
  const word = Object.assign(document.createElement("span"), { className: "sr-only", textContent: gettext("New") });
  word.dataset.newWord = "";
  node.prepend(word);
  watch([postOf(node)], onShown);
}

// It is not there to be read any more.
export function gone(node) {
  if (!("unread" in node.dataset)) return;
  forget(postOf(node));
  isSeen(node);
}

addEventListener("pagehide", () => {
  while (waiting.size) navigator.sendBeacon(address, form(take()));
});
if (body.dataset.member) look();
