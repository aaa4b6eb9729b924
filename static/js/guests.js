// Guest hours: who is on turns over by the clock; that one began is said in every open tab.
import { offerLink } from "./notices.js";
import { showTimes } from "./times.js";
import { gettext, interpolate } from "./words.js";

const { body } = document;
const here = document.querySelector("section[data-guests]");
const template = document.getElementById("guest-hour");
const now = () => window.jamNow?.() ?? Date.now();

// --- by the clock ----------------------------------------------------------------------------------------------

function turn(at) {
  for (const hour of document.querySelectorAll("[data-guests] [data-hour]")) {
    hour.toggleAttribute("data-on", Number(hour.dataset.starts) <= at && at < Number(hour.dataset.ends));
    if (at >= Number(hour.dataset.ends)) hour.remove();
  }
  if (here) here.hidden = !here.querySelector("[data-hour]");
}

document.addEventListener("jam:tick", ({ detail }) => turn(detail.now));

// --- set, moved, taken away ---------------------------------------------------------------------------------------

function build(hour) {
  const item = template.content.firstElementChild.cloneNode(true);
  item.dataset.hour = hour.id;
  item.dataset.starts = Date.parse(hour.starts_at);
  item.dataset.ends = Date.parse(hour.ends_at);
  const name = item.querySelector(".guest-name");
  name.querySelector("bdi").textContent = hour.guest.name;
  name.setAttribute("href", `${body.dataset.home}people/${hour.guest.id}/`);
  item.querySelector(".guest-words").textContent = hour.words;
  const [starts, ends] = item.querySelectorAll("time");
  // To the second, as a page has it.
  starts.dateTime = hour.starts_at.replace(/\.\d+/, "");
  ends.dateTime = hour.ends_at.replace(/\.\d+/, "");
  const place = item.querySelector("[data-hour-forum]");
  if (hour.forum) {
    place.setAttribute("href", `${body.dataset.home}forums/${hour.forum}/`);
    place.querySelector("bdi").textContent = document.querySelector(`.forums [data-forum="${hour.forum}"] .row-link`)?.textContent ?? "";
  } else place?.remove();
  return item;
}

function changed({ hours }) {
  if (!here || !template) return;
  here.querySelector("ul").replaceChildren(...hours.map(build));
  showTimes(here, now());
  turn(now());
}

// --- one began --------------------------------------------------------------------------------------------------------

function began({ hour }) {
  if (Date.parse(hour.ends_at) <= now()) return; // heard late, by a tab that was away
  const address = hour.forum ? `${body.dataset.home}forums/${hour.forum}/` : `${body.dataset.home}people/${hour.guest.id}/`;
  if (location.pathname === address) return;
  const words = interpolate(gettext("%(name)s is here now. %(words)s"), { name: hour.guest.name, words: hour.words });
  offerLink(words.trim(), gettext("Go there"), address);
}

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind === "guest_hours.changed") changed(detail);
  if (detail.kind === "guest.on") began(detail);
});
