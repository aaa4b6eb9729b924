// Columns of the console become what the server shows now, without a row moving under the hand: in a column that is
// pointed at, or has the focus, rows say what is true but keep their places, and new ones wait to be asked for.
import { showTimes } from "./times.js";
import { interpolate, ngettext } from "./words.js";

const waiting = new Map(); // column: its list as the server has it

const listOf = (column) => column.querySelector("[data-rows]");
const keyed = (list) => new Map([...list.children].map((row) => [row.dataset.key, row]));
const buttonOf = (column) => column.querySelector("[data-show-new]");

export const isBusy = (column) => column.matches(":hover, :focus-within") || column.querySelector(".console-panel") !== null;

function copyData(from, to) {
  for (const name of to.getAttributeNames()) if (name.startsWith("data-") && !from.hasAttribute(name)) to.removeAttribute(name);
  for (const name of from.getAttributeNames()) if (name.startsWith("data-") || name === "class") to.setAttribute(name, from.getAttribute(name));
}

// The row that stands there says what `fresh` says. Its link stays, since it may have the focus.
function freshen(row, fresh) {
  const isAt = row.classList.contains("is-at");
  copyData(fresh, row);
  row.classList.toggle("is-at", isAt);
  row.querySelector(".row-link").textContent = fresh.querySelector(".row-link").textContent;
  for (const part of row.querySelectorAll(".console-above, .console-line")) part.remove();
  row.querySelector(".console-title").after(...fresh.querySelectorAll(".console-above, .console-line"));
  row.querySelector(".console-meta").replaceWith(fresh.querySelector(".console-meta"));
  showTimes(row);
}

function offer(column, count) {
  const button = buttonOf(column);
  if (!button) return;
  button.hidden = !count;
  button.textContent = count ? interpolate(ngettext("%(count)s new", "%(count)s new", count), { count }) : "";
}

// The row that stands first in view, and how far down it is, so that it is there again once rows came above it.
function anchor(list) {
  const first = [...list.children].find((row) => row.offsetTop + row.offsetHeight > list.offsetTop + list.scrollTop);
  const height = first?.getBoundingClientRect().top;
  return () => { if (list.scrollTop && first?.isConnected) list.scrollTop += first.getBoundingClientRect().top - height; };
}

// Puts the list that waits in the place of the one that is shown. What has the focus keeps it.
export function show(column) {
  const fresh = waiting.get(column.dataset.column);
  if (!fresh) return;
  waiting.delete(column.dataset.column);
  const list = listOf(column);
  const before = keyed(list);
  const focused = column.contains(document.activeElement) ? document.activeElement : null;
  const { scrollTop } = list;
  const rows = [...fresh.children].map((row) => {
    const known = before.get(row.dataset.key);
    if (!known) {
      row.classList.toggle("is-new", before.size > 0);
      return row;
    }
    known.classList.remove("is-gone", "is-new");
    freshen(known, row);
    return known;
  });
  const back = anchor(list);
  list.replaceChildren(...rows);
  list.scrollTop = scrollTop;
  back();
  showTimes(list);
  offer(column, 0);
  if (!focused) return;
  if (focused.isConnected) focused.focus({ preventScroll: true });
  else list.querySelector(".row-link")?.focus({ preventScroll: true });
}

function hold(column, fresh) {
  const list = listOf(column);
  const there = keyed(fresh);
  for (const [key, row] of keyed(list)) {
    row.classList.toggle("is-gone", !there.has(key));
    if (there.has(key)) freshen(row, there.get(key).cloneNode(true));
  }
  const shown = keyed(list);
  offer(column, [...there.keys()].filter((key) => !shown.has(key)).length);
}

// What surrounds the rows: how many there are, and what stands where there are none.
function around(column, fresh) {
  const total = column.querySelector("[data-total]");
  const now = fresh.querySelector("[data-total]");
  if (total && now) total.textContent = now.textContent;
  const none = fresh.querySelector(":scope > .console-none");
  const shown = column.querySelector(":scope > .console-none");
  if (none && !shown) column.append(none);
  if (!none) shown?.remove();
}

// `fresh` is the column as the server shows it now. With `always`, as somebody asked for it just now, nothing waits.
export function merge(column, fresh, { always = false } = {}) {
  const whole = column.querySelector("[data-whole]");
  if (whole) {
    if (always || !whole.matches(":focus-within")) whole.replaceWith(fresh.querySelector("[data-whole]"));
    showTimes(column);
  } else {
    waiting.set(column.dataset.column, listOf(fresh));
    if (!always && isBusy(column)) hold(column, listOf(fresh));
    else show(column);
  }
  around(column, fresh);
}
