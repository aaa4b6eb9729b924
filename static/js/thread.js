// A thread: reply in place, new replies behind a pill, posts that are hidden and shown again.
import { empty, renew, takeUp } from "./composer.js";
import { put, putBranch } from "./counted.js";
import { translate } from "./fragment_words.js";
import { say } from "./notices.js";
import { Pill } from "./pill.js";
import { isOpen, layOver, layOverAll, me, putCounts, tailor } from "./posts.js";
import { arrived, gone } from "./seen.js";
import { showTimes } from "./times.js";
import { tools } from "./tools.js";
import { gettext, interpolate, ngettext } from "./words.js";

const thread = document.querySelector(".thread");
const replies = document.getElementById("replies");
const NEST = Number(thread.dataset.nest);
const id = Number(thread.dataset.thread);
const isLastPage = thread.dataset.page === thread.dataset.pages;

const article = (post) => document.getElementById(`post-${post}`);
// Of a post that stands on an earlier page there is a node that names it.
const nodeOf = (post) => article(post)?.closest(".node") ?? replies.querySelector(`.node-above[data-above="${post}"]`);
const pathOf = (node) => node.querySelector(":scope > .post")?.dataset.path ?? "";

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const post = template.content.querySelector(".post");
  translate(post);
  showTimes(post);
  rememberName(post);
  tailor(post);
  putCounts(post);
  return post;
}

// --- the tree ----------------------------------------------------------------------------------------------

const names = new Map(); // of authors: a hidden post does not say its own

function rememberName(post) {
  const name = post.querySelector(".post-author");
  if (name) names.set(post.dataset.authorId, name.textContent);
}

function branchOf(node) {
  let branch = node.querySelector(":scope > .branch");
  if (branch) return branch;
  branch = document.createElement("details");
  branch.className = "branch";
  branch.open = true;
  const post = node.querySelector(":scope > .post");
  const name = post ? names.get(post.dataset.authorId) : node.querySelector(".above bdi").textContent;
  const fold = Object.assign(document.createElement("span"), { className: "fold" });
  putBranch(fold, 0, name);
  const summary = document.createElement("summary");
  summary.append(fold);
  branch.append(summary, document.createElement("ol"));
  node.append(branch);
  return branch;
}

// The list that a post belongs in, or null if it stands on another page of the thread.
function listFor(post) {
  const depth = Number(post.dataset.depth);
  if (!isLastPage && post.dataset.path > lastPath()) return null;
  if (depth === 1) return thread.dataset.page === "1" || post.dataset.path > firstPath() ? replies : null;
  const parent = nodeOf(post.dataset.parentId);
  if (!parent) return null;
  return depth - 1 <= NEST ? branchOf(parent).querySelector(":scope > ol") : parent.closest("ol");
}
const shownPaths = () => [...replies.querySelectorAll(".post")].map((post) => post.dataset.path);
const lastPath = () => shownPaths().at(-1) ?? "";
const firstPath = () => shownPaths()[0] ?? "";

// The words of a hidden post, which who may read them goes on seeing under it, as in threads/own.html.
function keepWords(node, words) {
  const template = document.getElementById("own" in node.dataset ? "hidden-words-own" : "hidden-words");
  if (!template || !words || !node.querySelector(":scope > .post-hidden")) return;
  const element = template.content.firstElementChild.cloneNode(true);
  element.querySelector(".prose").innerHTML = words;
  node.insertBefore(element, node.querySelector(":scope > .branch"));
}

// Puts a post where it belongs, once. Answers its node, or null if it is not on this page.
function insert({ html, words }) {
  const post = parse(html);
  const shown = nodeOf(post.dataset.postId);
  if (shown) return shown;
  const list = listFor(post);
  if (!list) return null;
  const node = document.createElement("li");
  node.className = "node";
  const isMine = post.dataset.authorId === me;
  if (isMine) node.dataset.own = "";
  node.append(post);
  tools(node);
  keepWords(node, words);
  const after = [...list.children].find((other) => pathOf(other) > post.dataset.path);
  list.insertBefore(node, after ?? null);
  for (let branch = node.parentElement.closest(".branch"); branch; branch = branch.parentElement.closest(".branch")) {
    const fold = branch.querySelector(":scope > summary > .fold");
    putBranch(fold, Number(fold.dataset.branchCount) + 1);
  }
  document.querySelector("[data-empty]")?.remove();
  layOver(node);
  if (me && !isMine && !post.matches(".post-hidden")) arrived(node);
  return node;
}

function unfold(node) {
  for (let branch = node.parentElement.closest("details"); branch; branch = branch.parentElement.closest("details")) branch.open = true;
}

function goTo(node, { isNew = true } = {}) {
  const post = node.querySelector(":scope > .post");
  unfold(node);
  if (isNew) post.classList.add("is-new");
  post.scrollIntoView({ block: "nearest" });
  post.focus({ preventScroll: true });
}

// --- what comes ----------------------------------------------------------------------------------------------

const pill = new Pill((count) => interpolate(ngettext("%(count)s new reply", "%(count)s new replies", count), { count }), (held) => {
  pill.empty();
  const inOrder = held.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const nodes = inOrder.map(insert);
  const first = nodes.find(Boolean);
  for (const node of nodes) node?.querySelector(":scope > .post").classList.add("is-new");
  if (first) goTo(first);
  else location.href = `${document.body.dataset.home}posts/${inOrder[0].post}/`;
});

function created(event) {
  put(thread, "reply", event.replies);
  names.set(String(event.author.id), event.author.name);
  document.querySelector("[data-empty]")?.remove(); // also while the first one waits behind the pill
  if (article(event.post)) return;
  // My own at once, unless what it answers is held back still or stands on another page.
  if (String(event.author.id) !== me || !insert(event)) pill.hold(event.post, event);
}

const wordsIn = (element) => element.querySelector(":scope > .prose, :scope > .hidden-words > .prose")?.innerHTML;

function replaced(event) {
  const held = pill.take(event.post);
  if (held) {
    pill.hold(event.post, { ...held, html: event.html, words: wordsIn(parse(held.html)) ?? held.words });
    return;
  }
  const post = article(event.post);
  if (!post) return;
  const node = post.closest(".node");
  const words = wordsIn(post) ?? wordsIn(node);
  const hasFocus = post.contains(document.activeElement);
  const answers = node.querySelector(":scope > .composer");
  if (event.kind === "post.hidden" && answers) say(gettext("The post that you answer was hidden."));
  if (event.kind === "post.withdrawn" && answers) say(gettext("The author withdrew the post that you answer."));
  if (event.kind === "post.hidden" || event.kind === "post.withdrawn") gone(node);
  post.replaceWith(parse(event.html));
  tools(node);
  node.querySelector(":scope > .hidden-words")?.remove();
  keepWords(node, words);
  layOver(node);
  if (hasFocus) article(event.post).focus({ preventScroll: true });
}

const REPLACED = ["post.edited", "post.hidden", "post.highlighted", "post.restored", "post.withdrawn"];

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.thread !== id) return;
  if (detail.kind === "post.created" && detail.parent !== null) created(detail);
  if (REPLACED.includes(detail.kind)) replaced(detail);
});

// --- reply in place ------------------------------------------------------------------------------------------

function openComposer(node, link) {
  const template = document.getElementById("composer");
  const post = node.querySelector(":scope > .post").dataset.postId;
  const open = document.querySelector(".thread .composer");
  if (open?.dataset.place === `post:${post}`) {
    open.elements.body.focus();
    return;
  }
  open?.remove();
  const form = template.content.firstElementChild.cloneNode(true);
  form.action = link.href;
  form.dataset.place = `post:${post}`;
  form.setAttribute("aria-label", link.ariaLabel ?? link.textContent);
  renew(form);
  node.querySelector(":scope > .post").after(form);
  takeUp(form);
  form.elements.body.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".post-reply");
  if (link && document.getElementById("composer") && isOpen() && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openComposer(link.closest(".node"), link);
  }
  const cancel = event.target.closest?.("[data-composer-cancel]");
  if (cancel) {
    const node = cancel.closest(".node");
    cancel.closest("form").remove();
    node.querySelector(":scope > .post .post-reply")?.focus();
  }
});

document.addEventListener("composer:posted", (event) => {
  const form = event.target;
  if (!form.matches(".thread .composer")) return;
  event.preventDefault();
  empty(form);
  form.remove();
  pill.take(event.detail.post);
  const node = insert(event.detail);
  if (node) goTo(node);
  else location.href = event.detail.url;
});

// A link to a post that stands in a folded branch opens it.
function toTarget() {
  const post = location.hash.startsWith("#post-") && document.getElementById(location.hash.slice(1));
  if (!post) return;
  unfold(post.closest(".node"));
  post.scrollIntoView();
}
addEventListener("hashchange", toTarget);
thread.querySelectorAll(".post").forEach(rememberName);
layOverAll();
