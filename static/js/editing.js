// Fields that hold Markdown: a toolbar, its keys, and putting text in so that the browser can undo it.
// A field stands in [data-writing]: see templates/threads/body_field.html.

export const fieldOf = (element) => element.closest("[data-writing]").querySelector("textarea");

// Puts `text` in the place of what lies between `from` and `to`. Undone by the browser like what was typed.
function replace(field, from, to, text) {
  field.focus();
  field.setSelectionRange(from, to);
  // The only way that keeps the history of a field; it counts as old, and every browser has it.
  const done = text ? document.execCommand("insertText", false, text) : from === to || document.execCommand("delete");
  if (done) return;
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
}

export function replaceBefore(field, length, text) {
  replace(field, field.selectionEnd - length, field.selectionEnd, text);
}

// Puts `text` where the caret is, in the place of what is selected, and the caret after it.
export function insertAtCaret(field, text) {
  replace(field, field.selectionStart, field.selectionEnd, text);
}

// A text that stands in lines of its own: with an empty line before it, unless it is the first.
export function insertBlock(field, text) {
  const before = field.value.slice(0, field.selectionStart);
  const gap = !before.trim() ? "" : before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  insertAtCaret(field, gap + text);
}

// --- formatting -----------------------------------------------------------------------------------------------

function wrap(field, sign) {
  const { value } = field;
  let [from, to] = [field.selectionStart, field.selectionEnd];
  while (from < to && /\s/.test(value[from])) from += 1;
  while (to > from && /\s/.test(value[to - 1])) to -= 1;
  const inner = value.slice(from, to);
  // A single * beside another one is a part of bold.
  const around = value.slice(from - sign.length, from) === sign && value.slice(to, to + sign.length) === sign
    && (sign.length > 1 || value[from - 2] !== "*" || value[from - 3] === "*");
  if (around) {
    replace(field, from - sign.length, to + sign.length, inner);
    field.setSelectionRange(from - sign.length, to - sign.length);
    return;
  }
  replace(field, from, to, sign + inner + sign);
  field.setSelectionRange(from + sign.length, to + sign.length);
}

// Puts a sign before each line that is touched; takes it away where all have it.
function lines(field, sign) {
  const { value } = field;
  const from = value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const end = value.indexOf("\n", Math.max(from, field.selectionEnd - (field.selectionEnd > field.selectionStart ? 1 : 0)));
  const to = end < 0 ? value.length : end;
  const touched = value.slice(from, to).split("\n");
  const all = touched.every((line) => line.startsWith(sign));
  const text = touched.map((line) => (all ? line.slice(sign.length) : sign + line)).join("\n");
  replace(field, from, to, text);
  if (touched.length > 1) field.setSelectionRange(from, from + text.length);
}

const ADDRESS = /^(https?:\/\/|mailto:)\S+$/;

function link(field) {
  const { selectionStart: from, selectionEnd: to } = field;
  const chosen = field.value.slice(from, to);
  const isAddress = ADDRESS.test(chosen.trim());
  const [words, address] = isAddress ? ["", chosen.trim()] : [chosen, "https://"];
  replace(field, from, to, `[${words}](${address})`);
  if (isAddress || !words) field.setSelectionRange(from + 1, from + 1);
  else field.setSelectionRange(from + words.length + 3, from + words.length + 3 + address.length);
}

const FORMATS = {
  bold: (field) => wrap(field, "**"),
  italic: (field) => wrap(field, "*"),
  list: (field) => lines(field, "- "),
  quote: (field) => lines(field, "> "),
  link,
};
const KEYS = { b: "bold", i: "italic", k: "link" };

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-writing] [data-format]");
  if (button) FORMATS[button.dataset.format](fieldOf(button));
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing) return;
  const format = KEYS[event.key.toLowerCase()];
  if (!format || !event.target.matches?.("[data-writing] textarea") || event.target.readOnly) return;
  event.preventDefault();
  FORMATS[format](event.target);
});

// --- the toolbar is one stop of the keyboard; arrows go through it, as they lie ---------------------------------

function move(toolbar, to) {
  for (const button of toolbar.querySelectorAll("button")) button.tabIndex = button === to ? 0 : -1;
  to.focus();
}

document.addEventListener("keydown", (event) => {
  const toolbar = event.target.closest?.("[data-writing] [role=toolbar]");
  if (!toolbar) return;
  const buttons = [...toolbar.querySelectorAll("button")].filter((button) => button.offsetParent);
  const here = buttons.indexOf(event.target);
  const forward = getComputedStyle(toolbar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  let to;
  if (event.key === "Home") to = 0;
  else if (event.key === "End") to = buttons.length - 1;
  else if (event.key === "ArrowLeft" || event.key === "ArrowRight") to = (here + (event.key === forward ? 1 : -1) + buttons.length) % buttons.length;
  else return;
  event.preventDefault();
  move(toolbar, buttons[to]);
});
document.addEventListener("focusin", (event) => {
  const toolbar = event.target.closest?.("[data-writing] [role=toolbar]");
  if (toolbar && event.target.tabIndex < 0) move(toolbar, event.target);
});
