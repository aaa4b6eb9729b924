// What pages that show posts share: sending, votes, what is kept, counts.
import { word } from "./fragment_words.js";
import { say } from "./notices.js";
import { keepForLater, settled } from "./offline.js";
import { gettext, number } from "./words.js";

const { body } = document;
export const home = body.dataset.home;
export const me = body.dataset.member ?? "";
export const isOpen = () => body.dataset.phase === "open";
export const mayPost = () => isOpen() && "mayPost" in body.dataset;

const token = () => document.querySelector("#act [name=csrfmiddlewaretoken]")?.value ?? "";

// Posts a form's data and answers {status, ...what the server said}. Never throws.
export async function send(url, data, options = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  try {
    const response = await fetch(url, { method: "POST", body: data, headers, redirect: "manual", ...options });
    if (response.type === "opaqueredirect") return { status: 401, message: gettext("You are signed out. Sign in again in another tab, then try once more.") };
    if (response.headers.get("content-type")?.includes("application/json")) return { status: response.status, ...(await response.json()) };
    if (response.status === 403) return { status: 403, message: gettext("This page is out of date. Load it again and try once more.") };
    return { status: response.status, message: gettext("The server could not take that. Try again in a moment.") };
  } catch {
    return { status: 0, message: gettext("There is no connection. Try again in a moment.") };
  }
}

// --- numbers -----------------------------------------------------------------------------------------------

const newest = new Map(); // the counts of each post that were heard, also of those not shown yet

// Puts the counts that were heard over those that a post was rendered with.
export function putCounts(element) {
  for (const [name, votes] of Object.entries(newest.get(element.dataset.postId) ?? {})) {
    for (const count of element.querySelectorAll(`[data-count="${CSS.escape(name)}"]`)) count.textContent = number(votes);
  }
}

function showCounts(post, counts) {
  newest.set(post, counts);
  document.querySelectorAll(`[data-post-id="${CSS.escape(post)}"]`).forEach(putCounts);
}
document.addEventListener("jam:counts", ({ detail }) => {
  for (const [post, counts] of Object.entries(detail)) showCounts(post, counts);
});

// --- the reader's own, laid over the fragments --------------------------------------------------------------

const own = (node, name) => node.querySelectorAll(`:scope > .post ${name}, :scope > .idea-votes ${name}`);

export function layOver(node) {
  const vote = node.dataset.vote;
  for (const button of own(node, "button.vote")) {
    button.setAttribute("aria-pressed", String(button.value === vote));
    button.disabled = !mayPost() || "own" in node.dataset;
  }
  for (const button of own(node, ".post-keep")) {
    const kept = "kept" in node.dataset;
    button.setAttribute("aria-pressed", String(kept));
    button.querySelector(".word").textContent = kept ? gettext("Kept") : gettext("Keep");
    button.hidden = !me;
  }
}

// A post comes with every control, for everybody; a page has those that its reader can use.
export function tailor(post) {
  if (!me) post.querySelector(".post-keep")?.remove();
  if (!("mayFlag" in body.dataset)) post.querySelector(".post-flag")?.remove();
  if (!mayPost()) post.querySelector(".post-reply")?.remove();
  if (!mayPost() || post.dataset.authorId === me) showStill(post.querySelector("div.votes"));
}

// The numbers alone, as in threads/votes.html.
function showStill(votes) {
  if (!votes) return;
  const still = Object.assign(document.createElement("p"), { className: "votes votes-still" });
  for (const button of votes.querySelectorAll("button")) {
    const span = Object.assign(document.createElement("span"), { className: button.className });
    span.append(...button.childNodes);
    const upvote = span.querySelector('[data-word="upvote"]');
    if (upvote) {
      upvote.dataset.word = "upvotes";
      upvote.textContent = word("upvotes");
    }
    still.append(span, "\n");
  }
  votes.replaceWith(still);
}

export const layOverAll = () => document.querySelectorAll(".node").forEach(layOver);

function setVote(node, value) {
  if (value === null) delete node.dataset.vote;
  else node.dataset.vote = value;
  layOver(node);
}

function setKept(node, kept) {
  node.toggleAttribute("data-kept", kept);
  layOver(node);
}

const postOf = (node) => node.dataset.postId ?? node.querySelector(":scope > .post").dataset.postId;

function addToCount(node, vote, step) {
  for (const count of vote === null ? [] : own(node, `[data-count="${COUNT[vote]}"]`)) {
    count.textContent = number(Math.max(0, Number(count.textContent.replace(/\D/g, "")) + step));
  }
}

const COUNT = { 1: "agree", 0: "pass", "-1": "disagree" };
const turns = new WeakMap();
const LASTING = { keepalive: true }; // it shows at once, so it must arrive also if the page is left at once

// What a post says, to know it again among what waits to be sent.
const said = (node) => (node.querySelector(":scope > .post .prose") ?? node.querySelector(".row-link"))?.textContent.trim().slice(0, 200) ?? "";

async function vote(button) {
  const node = button.closest(".node");
  const before = node.dataset.vote ?? null;
  const value = before === button.value ? null : button.value;
  const turn = (turns.get(node) ?? 0) + 1;
  turns.set(node, turn);
  // At once; the answer sets it right.
  addToCount(node, before, -1);
  addToCount(node, value, 1);
  setVote(node, value);
  const answer = await send(button.formAction, new URLSearchParams({ value: value ?? "none" }), LASTING);
  if (turns.get(node) !== turn) return;
  if (answer.status === 200) {
    const mine = answer.mine === null ? null : String(answer.mine);
    showCounts(String(answer.post), answer.counts);
    setVote(node, mine);
    mineElsewhere?.postMessage({ post: postOf(node), vote: mine });
    settled(button.formAction);
    return;
  }
  if (answer.status === 0 && (await keepForLater({ kind: "vote", url: button.formAction, body: `value=${value ?? "none"}`, words: said(node) }))) return;
  addToCount(node, before, 1);
  addToCount(node, value, -1);
  setVote(node, before);
  say(answer.message);
}

async function keep(button) {
  const node = button.closest(".node");
  const kept = !("kept" in node.dataset);
  setKept(node, kept);
  const answer = await send(button.formAction, new URLSearchParams({ keep: kept ? "1" : "0" }), LASTING);
  if (answer.status === 200) {
    mineElsewhere?.postMessage({ post: postOf(node), kept });
    settled(button.formAction);
    return;
  }
  if (answer.status === 0 && (await keepForLater({ kind: "keep", url: button.formAction, body: `keep=${kept ? 1 : 0}`, words: said(node) }))) return;
  setKept(node, !kept);
  say(answer.message);
}

// --- what I do in one tab shows in my others; the numbers come to each by its own line ------------------------

const mineElsewhere = me ? new BroadcastChannel(`jam/${body.dataset.jam}/${me}`) : null;
mineElsewhere?.addEventListener("message", ({ data }) => {
  for (const node of document.querySelectorAll(".node")) {
    if (node.matches(".node-above") || postOf(node) !== data.post) continue;
    if ("kept" in data) setKept(node, data.kept);
    else setVote(node, data.vote);
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button.vote, button.post-keep");
  if (!button || !button.closest(".node")) return;
  event.preventDefault();
  if (button.matches(".vote")) vote(button);
  else keep(button);
});
document.addEventListener("jam:phase", layOverAll);

layOverAll();
