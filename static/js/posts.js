// What pages that show posts share: sending, votes, what is kept, counts, the pill that holds back what is new.
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
    if (response.type === "opaqueredirect") return { status: 401, message: "You are signed out. Sign in again in another tab, then try once more." };
    if (response.headers.get("content-type")?.includes("application/json")) return { status: response.status, ...(await response.json()) };
    if (response.status === 403) return { status: 403, message: "This page is out of date. Load it again and try once more." };
    return { status: response.status, message: "The server could not take that. Try again in a moment." };
  } catch {
    return { status: 0, message: "There is no connection. Try again in a moment." };
  }
}

// --- a line at the foot of the view, said aloud and gone after a while --------------------------------------

let toast, toastTimer;
export function say(text) {
  if (!toast) {
    toast = document.createElement("p");
    toast.className = "toast";
    toast.setAttribute("role", "status");
    body.append(toast);
  }
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { toast.hidden = true; }, 6000);
}

// --- the line to the jam ------------------------------------------------------------------------------------

document.addEventListener("jam:offline", () => say("There is no connection to the jam just now. What you write is kept, and the page catches up by itself."));
document.addEventListener("jam:online", () => say("Connected again. What happened meanwhile is here."));
document.addEventListener("jam:refused", ({ detail }) => {
  say(detail.code === 4401 ? "You are signed out. Load the page again to sign in." : "This page is no longer kept up to date. Load it again.");
});

// --- numbers -----------------------------------------------------------------------------------------------

export function put(within, name, number, one, many) {
  for (const element of within.querySelectorAll(`[data-${name}-count]`)) element.textContent = number;
  for (const element of within.querySelectorAll(`[data-${name}-word]`)) element.textContent = number === 1 ? one : many;
}

function showCounts(post, counts) {
  const shown = document.querySelectorAll(`[data-post-id="${CSS.escape(post)}"]`);
  for (const element of shown) {
    for (const [name, number] of Object.entries(counts)) {
      for (const count of element.querySelectorAll(`[data-count="${CSS.escape(name)}"]`)) count.textContent = number;
    }
  }
}
document.addEventListener("jam:counts", ({ detail }) => {
  for (const [post, counts] of Object.entries(detail.counts ?? detail)) showCounts(post, counts);
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
    button.querySelector(".word").textContent = kept ? "Kept" : "Keep";
    button.hidden = !me;
  }
}
export const layOverAll = () => document.querySelectorAll(".node").forEach(layOver);

function setVote(node, value) {
  if (value === null) delete node.dataset.vote;
  else node.dataset.vote = value;
  layOver(node);
}

const COUNT = { 1: "agree", 0: "pass", "-1": "disagree" };
const turns = new WeakMap();

async function vote(button) {
  const node = button.closest(".node");
  const before = node.dataset.vote ?? null;
  const value = before === button.value ? null : button.value;
  const turn = (turns.get(node) ?? 0) + 1;
  turns.set(node, turn);
  // At once; the answer sets it right.
  for (const [which, step] of [[before, -1], [value, 1]]) {
    if (which === null) continue;
    for (const count of own(node, `[data-count="${COUNT[which]}"]`)) count.textContent = Math.max(0, Number(count.textContent) + step);
  }
  setVote(node, value);
  const answer = await send(button.formAction, new URLSearchParams({ value: value ?? "none" }));
  if (turns.get(node) !== turn) return;
  if (answer.status === 200) {
    showCounts(String(answer.post), answer.counts);
    setVote(node, answer.mine === null ? null : String(answer.mine));
    return;
  }
  for (const [which, step] of [[before, 1], [value, -1]]) {
    if (which === null) continue;
    for (const count of own(node, `[data-count="${COUNT[which]}"]`)) count.textContent = Math.max(0, Number(count.textContent) + step);
  }
  setVote(node, before);
  say(answer.message);
}

async function keep(button) {
  const node = button.closest(".node");
  const kept = !("kept" in node.dataset);
  const show = (yes) => { node.toggleAttribute("data-kept", yes); layOver(node); };
  show(kept);
  const answer = await send(button.formAction, new URLSearchParams({ keep: kept ? "1" : "0" }));
  if (answer.status !== 200) {
    show(!kept);
    say(answer.message);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button.vote, button.post-keep");
  if (!button || !button.closest(".node")) return;
  event.preventDefault();
  if (button.matches(".vote")) vote(button);
  else keep(button);
});
document.addEventListener("jam:phase", layOverAll);

// --- the pill: what is new is held back until it is asked for -------------------------------------------------

export class Pill {
  constructor(one, many, show) {
    this.element = document.querySelector("[data-pill]");
    this.status = document.querySelector("[data-pill-status]");
    this.held = new Map();
    this.words = (number) => `${number} new ${number === 1 ? one : many}`;
    this.element?.firstElementChild.addEventListener("click", () => {
      const held = [...this.held.values()];
      this.held.clear();
      this.refresh();
      show(held);
    });
  }

  hold(id, what) {
    this.held.set(String(id), what);
    this.refresh();
  }

  drop(id) {
    if (this.held.delete(String(id))) this.refresh();
  }

  take(id) {
    const what = this.held.get(String(id));
    this.drop(id);
    return what;
  }

  refresh() {
    const number = this.held.size;
    this.element.hidden = number === 0;
    const text = number ? this.words(number) : "";
    this.element.firstElementChild.textContent = text;
    this.status.textContent = text;
  }
}

// --- the page was made for another phase, or for words that were changed since ---------------------------------

document.addEventListener("jam:phase", ({ detail }) => {
  const words = document.querySelector("[data-phase-notice] .notice-words");
  if (detail.phase !== "open" || !me || "mayPost" in body.dataset || !words || words.querySelector("button")) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-main", textContent: "Load the page again" });
  button.addEventListener("click", () => location.reload());
  words.append(button);
});
document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind === "jam.changed") say("The words of this jam were changed. Load the page again to see them.");
});

// --- too much was missed: the page starts over, unless somebody is writing ---------------------------------------

document.addEventListener("jam:reset", () => {
  const writing = [...document.querySelectorAll("form[data-composer] textarea")].some((field) => field.value.trim());
  if (!writing) {
    location.reload();
    return;
  }
  say("A lot has happened meanwhile. Load the page again to see it; what you are writing is kept.");
});

layOverAll();
