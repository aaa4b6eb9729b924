// The line moves on: what has passed, the hand of the clock, and the hills that grow with what is posted.
import { now } from "./clock.js";
import { showTimes } from "./times.js";
import { interpolate, ngettext } from "./words.js";

const HANDS = ".line-hand line, .line-hand circle";

function readings(line) {
  const opens = Number(line.dataset.opens);
  const closes = Number(line.dataset.closes);
  return { opens, closes, counts: line.dataset.counts.split(",").map(Number) };
}

const place = (at, opens, closes) => Math.min(1, Math.max(0, (at - opens) / (closes - opens)));

function move(line, at) {
  const { opens, closes } = readings(line);
  const done = `${(place(at, opens, closes) * 100).toFixed(3)}%`;
  line.querySelector(".line-done").setAttribute("width", done);
  draw(line, at);
  const hand = line.querySelector(".line-hand");
  hand.setAttribute("visibility", at < opens || at >= closes ? "hidden" : "visible");
  for (const part of line.querySelectorAll(HANDS)) {
    for (const name of part.localName === "circle" ? ["cx"] : ["x1", "x2"]) part.setAttribute(name, done);
  }
  line.classList.toggle("is-past", at >= closes);
  line.classList.toggle("is-coming", at < opens);
}

// The same as hills_path in jam/templatetags/ui.py.
function hills(counts, done) {
  const highest = Math.max(...counts);
  const end = done * counts.length;
  const points = counts.map((count, index) => [index + 0.5, 100 - 96 * Math.sqrt(count / highest)]).filter((_, index) => index < end);
  if (!highest || !points.length) return "";
  const last = points.at(-1)[1];
  let path = `M0 100L0 ${points[0][1].toFixed(1)}`;
  points.forEach(([x, y], index) => {
    const [nextX, nextY] = points[index + 1] ?? [end, last];
    path += `Q${Math.min(x, end)} ${y.toFixed(1)} ${Math.min((x + nextX) / 2, end)} ${((y + nextY) / 2).toFixed(1)}`;
  });
  return `${path}L${end} ${last.toFixed(1)}L${end} 100Z`;
}

function draw(line, at) {
  const { opens, closes, counts } = readings(line);
  line.querySelector(".line-hills").setAttribute("d", hills(counts, place(at, opens, closes)));
}

// As the server counts: by ten minutes, and what they begin before the opening is the first column's.
const BUCKET = 600_000;

function grow(line, posted) {
  const { opens, closes, counts } = readings(line);
  if (posted < opens || posted >= closes) return;
  const at = posted - (posted % BUCKET);
  const column = Math.floor(place(at, opens, closes) * counts.length);
  counts[column] += 1;
  line.dataset.counts = counts.join(",");
  draw(line, now());
}

// The window moved: what was posted stays where it was in time.
function stretch(line, opens, closes) {
  const old = readings(line);
  const counts = old.counts.map(() => 0);
  old.counts.forEach((count, index) => {
    const at = old.opens + ((index + 0.5) / old.counts.length) * (old.closes - old.opens);
    const column = Math.floor(((at - opens) / (closes - opens)) * counts.length);
    if (column >= 0 && column < counts.length) counts[column] += count;
  });
  Object.assign(line.dataset, { opens, closes, counts: counts.join(",") });
  draw(line, now());
  for (const mark of line.querySelectorAll(".line-left")) stayAt(mark, opens, closes);
  for (const tick of line.querySelectorAll(".line-tick, .line-tick-hour, .line-label")) {
    const name = tick.localName === "text" ? ["x"] : ["x1", "x2"];
    const at = old.opens + (parseFloat(tick.getAttribute(name[0])) / 100) * (old.closes - old.opens);
    const where = (at - opens) / (closes - opens);
    for (const part of name) tick.setAttribute(part, `${(where * 100).toFixed(2)}%`);
    tick.setAttribute("visibility", where < 0 || where > 1 ? "hidden" : "visible");
  }
}

function stayAt(mark, opens, closes) {
  const where = (Number(mark.dataset.left) - opens) / (closes - opens);
  for (const [part, names] of [["line", ["x1", "x2"]], ["circle", ["cx"]]]) {
    for (const name of names) mark.querySelector(part).setAttribute(name, `${(where * 100).toFixed(3)}%`);
  }
  mark.setAttribute("visibility", where < 0 || where > 1 ? "hidden" : "visible");
}

const lines = () => [...document.querySelectorAll("[data-line]")];
const ours = () => lines().filter((line) => document.body.dataset.jam && !line.matches(".line-small"));

document.addEventListener("jam:tick", ({ detail }) => { for (const line of lines()) move(line, detail.now); });
document.addEventListener("jam:window", ({ detail }) => {
  for (const line of ours()) {
    stretch(line, detail.opens, detail.closes);
    move(line, now());
  }
  for (const element of document.querySelectorAll("[data-closes-words] time")) {
    element.dateTime = new Date(detail.closes).toISOString();
    showTimes(element.parentElement, now());
  }
});
document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind !== "post.created") return;
  const at = Date.parse(detail.data?.at ?? detail.at) || now();
  for (const line of ours()) grow(line, at);
});
// How many are here is known only to the sockets: the page says nothing of it until one does, nor after it broke.
function showHere(here) {
  for (const box of document.querySelectorAll("[data-here-box]")) {
    box.classList.toggle("is-waiting", !here);
    if (here) box.querySelector("[data-here]").textContent = interpolate(ngettext("%(count)s here", "%(count)s here", here), { count: here });
  }
}
document.addEventListener("jam:here", ({ detail }) => showHere(detail.here));
for (const name of ["jam:asking", "jam:offline", "jam:refused"]) document.addEventListener(name, () => showHere(0));
setInterval(() => { if (!document.hidden && !document.body.dataset.jam) for (const line of lines()) move(line, Date.now()); }, 30_000);
