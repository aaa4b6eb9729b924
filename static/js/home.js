// A jam's home: the pulse, which can be hushed, and the numbers of the forums.
import { put } from "./counted.js";
import { hideIdea, offer, rewordIdea } from "./lists.js";
import "./posts.js";
import "./shown.js";
import { showTimes } from "./times.js";
import { gettext } from "./words.js";

const pulse = document.querySelector("[data-pulse]");
const LENGTH = 12;
const aside = pulse?.closest(".pulse");
const hush = aside?.querySelector("[data-hush]");
const key = `jam/${document.body.dataset.jam}/hush`;
let held = [];

function line(event) {
  const item = document.createElement("li");
  item.dataset.postId = event.post;
  item.className = "is-new";
  const words = Object.assign(document.createElement("a"), {
    className: "row-link pulse-words clip-2", lang: pulse.dataset.language, dir: "auto",
    href: `${document.body.dataset.home}posts/${event.post}/`, textContent: event.subject || event.excerpt,
  });
  const meta = Object.assign(document.createElement("p"), { className: "meta" });
  const name = Object.assign(document.createElement("a"), { className: "person-link row-above" });
  name.setAttribute("href", `${document.body.dataset.home}people/${event.author.id}/`);
  name.append(Object.assign(document.createElement("bdi"), { className: "clip", textContent: event.author.name }));
  const when = document.createElement("span");
  // To the second, as a page has it.
  const time = Object.assign(document.createElement("time"), { dateTime: event.at.replace(/\.\d+/, "") });
  time.dataset.when = "near";
  when.append(time);
  meta.append(name, when);
  item.append(words, meta);
  showTimes(item);
  return item;
}

// Not while it is pointed at or has the focus: a line must not slip away under a finger.
const isStill = () => !aside.matches(":hover, :focus-within") && !("hushed" in aside.dataset);

function flush() {
  if (!isStill()) return;
  for (const event of held) if (!pulse.querySelector(`[data-post-id="${event.post}"]`)) pulse.prepend(line(event));
  if (held.length) aside.querySelector("[data-empty]")?.remove();
  held = [];
  while (pulse.children.length > LENGTH) pulse.lastElementChild.remove();
}

function setHush(yes) {
  aside.toggleAttribute("data-hushed", yes);
  hush.setAttribute("aria-pressed", String(yes));
  hush.lastChild.textContent = ` ${yes ? gettext("Hushed") : gettext("Hush")}`;
  try { localStorage.setItem(key, yes ? "1" : ""); } catch { /* then it lasts as long as the page */ }
  flush();
}

function created(event) {
  const forum = document.querySelector(`.forums [data-forum="${event.forum}"]`);
  if (forum) {
    put(forum, "thread", event.forum_threads);
    put(forum, "post", event.forum_posts);
  }
  for (const idea of document.querySelectorAll(`.idea[data-thread="${event.thread}"]`)) put(idea, "reply", event.replies);
  held = [...held.slice(1 - LENGTH), event];
  flush();
}

function hidden(event) {
  held = held.filter(({ post }) => post !== event.post);
  pulse.querySelector(`[data-post-id="${event.post}"]`)?.remove();
  hideIdea(event);
}

function reworded(event) {
  const { subject, excerpt } = event;
  held = held.map((one) => (one.post === event.post ? { ...one, subject, excerpt } : one));
  const words = pulse.querySelector(`[data-post-id="${event.post}"] .pulse-words`);
  if (words) words.textContent = subject || excerpt;
  rewordIdea(event);
}

const TOLD = ["post.created", "post.edited", "post.hidden", "post.highlighted", "post.restored", "post.withdrawn"];

document.addEventListener("jam:event", ({ detail }) => {
  if (!pulse || !TOLD.includes(detail.kind)) return;
  if (detail.kind === "post.edited") {
    reworded(detail);
    return;
  }
  if (detail.kind === "post.created") created(detail);
  if (detail.kind === "post.hidden" || detail.kind === "post.withdrawn") hidden(detail);
  offer();
});

if (aside) {
  hush.addEventListener("click", () => setHush(!("hushed" in aside.dataset)));
  aside.addEventListener("pointerleave", flush);
  aside.addEventListener("focusout", () => setTimeout(flush));
  let hushed = false;
  try { hushed = Boolean(localStorage.getItem(key)); } catch { /* not allowed: not hushed */ }
  if (hushed) setHush(true);
}
