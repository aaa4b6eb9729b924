// A thread that is locked or unlocked while its page is open: what says so, and whether there is a way to reply.
import { say } from "./notices.js";
import { showTimes } from "./times.js";
import { gettext, phrase } from "./words.js";

const thread = document.querySelector(".thread");
const place = thread.querySelector("[data-locked-place]");
const id = Number(thread.dataset.thread);

// The same as templates/threads/locked.html.
function show({ by, at }) {
  const notice = document.getElementById("locked").content.firstElementChild.cloneNode(true);
  const name = Object.assign(document.createElement("bdi"), { textContent: by.name });
  const time = Object.assign(document.createElement("time"), { dateTime: at.replace(/\.\d+/, "") });
  time.dataset.when = "near";
  const who = phrase(gettext("%(name)s locked this thread, %(at)s."), { name, at: time });
  const isOpen = document.body.dataset.phase === "open";
  notice.querySelector("p").replaceChildren(...who, " ", isOpen ? gettext("It takes no new posts. You can read it and vote on what is there.") : gettext("It takes no new posts."));
  place.replaceChildren(notice);
  showTimes(place);
}

// What the menu of who runs the thread offers next: the same as templates/threads/thread_menu.html.
function offer(name, isOn, on, off) {
  const button = thread.querySelector(`.thread-menu button[name="${name}"]`);
  if (!button) return;
  button.value = isOn ? "0" : "1";
  button.textContent = isOn ? off : on;
}

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind === "thread.pinned" && detail.thread === id) {
    offer("pin", detail.pinned, gettext("Pin it to the top of its forum"), gettext("Unpin it"));
  }
  if (detail.kind !== "thread.locked" || detail.thread !== id) return;
  thread.toggleAttribute("data-locked", detail.locked);
  offer("lock", detail.locked, gettext("Lock it: no new posts"), gettext("Unlock it"));
  if (detail.locked) show(detail);
  else place.replaceChildren();
  const isWriting = [...thread.querySelectorAll(".composer textarea")].some((field) => field.value.trim());
  if (detail.locked && isWriting) say(gettext("This thread was locked. What you were writing is kept in your drafts."));
});
