// Where j and k stop: the posts of a thread, else the rows of lists. What has the focus is where one is.
const POSTS = "main .thread .post";
const ROWS = "main .rows > li:has(.row-link)";
const NEW = "main .is-unread, main [data-unread], main .rows > li:has([data-new]:not([hidden]))";

const isShown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const kind = () => (document.querySelector(POSTS) ? POSTS : ROWS);

export const stops = () => [...document.querySelectorAll(kind())].filter(isShown);

// The post or row that has the focus, or in which something has it.
export function current() {
  const focused = document.activeElement;
  return focused.closest(kind()) ?? focused.closest(".thread .node")?.querySelector(":scope > .post") ?? null;
}

// Columns are gone through one by one.
const isBeside = (here, there) => there?.closest("[data-column]") === here.closest("[data-column]");

// The stop `step` further. From nowhere: the first that is in view below the line.
export function neighbour(step) {
  const all = stops();
  const here = all.indexOf(current());
  if (here >= 0) return isBeside(all[here], all[here + step]) ? all[here + step] : undefined;
  return all.find((stop) => stop.getBoundingClientRect().bottom > 80) ?? all.at(-1);
}

function unfold(element) {
  for (let branch = element.closest("details"); branch; branch = branch.parentElement.closest("details")) branch.open = true;
}

// No movement of its own: whoever holds a key down is there at once, and reduced motion needs no exception.
export function go(stop) {
  if (!stop) return;
  unfold(stop);
  const target = stop.matches(POSTS) ? stop : stop.querySelector(".row-link");
  stop.scrollIntoView({ block: stop.matches(POSTS) ? "start" : "nearest", behavior: "instant" });
  target.focus({ preventScroll: true });
}

const comesAfter = (element, other) => !other || Boolean(other.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
const stopOf = (element) => element.closest(kind()) ?? element.querySelector(kind()) ?? element.querySelector(":scope > .post");

// The next that is new: further down, on another page of the thread, further up, or in the next thread.
export function nextUnread() {
  const here = current();
  const fresh = [...document.querySelectorAll(NEW)].map(stopOf).filter((stop) => stop && stop !== here);
  const further = fresh.find((stop) => comesAfter(stop, here));
  if (further) return further;
  return onAnotherPage() ?? fresh[0] ?? document.querySelector("a[data-next-unread]");
}

// The link to the first new post of the thread, unless that stands here.
function onAnotherPage() {
  const link = document.querySelector("a[data-first-unread]:not([hidden])");
  return link && !document.getElementById(link.hash.slice(1)) ? link : null;
}

// What the post or row has of its own: nothing of the replies under it.
export function own(stop, selector) {
  return stop && [...stop.querySelectorAll(selector)].find((element) => element.closest(kind()) === stop);
}

export const branchOf = (stop) => {
  const node = stop?.closest(".node");
  return node?.querySelector(":scope > .branch") ?? node?.parentElement.closest(".branch");
};
