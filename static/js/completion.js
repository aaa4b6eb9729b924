// A list of what somebody may be about to type, under the field they type in: names after an @, tags.
//
// `complete({matches, typed, ask, label, accept})`: for fields that `matches` selects. `typed(field)` answers what to
// complete, {text, …}, or null; `ask(text)` what there is for it, as {words, more, …}; `accept(field, typed, chosen)`
// puts it in. The focus stays in the field, and the list says which entry is chosen (aria-activedescendant).
import { interpolate, ngettext } from "./words.js";

const AFTER = 120; // ms without a key
let number = 0;

class List {
  constructor(field, label, choose) {
    this.field = field;
    this.at = -1;
    this.element = Object.assign(document.createElement("ul"), { className: "completion", id: `completion-${number += 1}` });
    this.element.setAttribute("role", "listbox");
    this.element.setAttribute("aria-label", label);
    this.word = Object.assign(document.createElement("span"), { className: "sr-only" });
    this.word.setAttribute("role", "status");
    (field.closest(".writing-panel") ?? field.closest(".field")).append(this.element, this.word);
    // Before the field would lose the focus.
    this.element.addEventListener("pointerdown", (event) => event.preventDefault());
    this.element.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(this.found[[...this.element.children].indexOf(option)]);
    });
    field.setAttribute("aria-controls", this.element.id);
    if (field.localName === "input") {
      field.setAttribute("role", "combobox");
      field.setAttribute("aria-expanded", "true");
    }
    field.setAttribute("aria-autocomplete", "list");
  }

  show(found) {
    this.found = found;
    this.element.replaceChildren(...found.map(({ words, more }, index) => {
      const option = Object.assign(document.createElement("li"), { id: `${this.element.id}-${index}` });
      option.setAttribute("role", "option");
      option.append(Object.assign(document.createElement("bdi"), { textContent: words }));
      if (more) option.append(" ", Object.assign(document.createElement("bdi"), { className: "soft", textContent: more }));
      return option;
    }));
    const { bottom } = this.field.getBoundingClientRect();
    const room = (visualViewport?.height ?? innerHeight) - bottom;
    this.element.classList.toggle("is-above", room < this.element.offsetHeight + 8);
    this.word.textContent = interpolate(ngettext("%(count)s suggestion", "%(count)s suggestions", found.length), { count: found.length });
    this.go(0);
  }

  go(to) {
    this.at = (to + this.found.length) % this.found.length;
    [...this.element.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === this.at)));
    const option = this.element.children[this.at];
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  remove() {
    this.element.remove();
    this.word.remove();
    for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) this.field.removeAttribute(name);
    if (this.field.localName === "input") this.field.setAttribute("aria-expanded", "false");
  }
}

export function complete({ matches, typed, ask, label, accept }) {
  let list = null;
  let timer;
  let turn = 0;
  let none = null; // what was typed when nothing began so: more of it begins nothing either

  function close() {
    turn += 1;
    clearTimeout(timer);
    list?.remove();
    list = null;
  }

  function choose(chosen) {
    const { field } = list;
    const what = typed(field);
    close();
    if (what) accept(field, what, chosen);
  }

  async function look(field) {
    const what = typed(field);
    if (!what || (none !== null && what.text.startsWith(none) && what.text !== none)) return close();
    const mine = (turn += 1);
    const found = await ask(what.text, field);
    if (mine !== turn || document.activeElement !== field) return;
    none = found.length ? null : what.text || null;
    if (!found.length) return close();
    if (list?.field !== field) {
      list?.remove();
      list = new List(field, label(), choose);
    }
    list.show(found);
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches?.(matches) || field.readOnly) return;
    // While a word is put together from several keys it is not what is meant yet; it comes once more when it is.
    if (event.isComposing) return;
    clearTimeout(timer);
    if (typed(field)) timer = setTimeout(() => look(field), AFTER);
    else close();
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target.matches?.(matches)) event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== list.field || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") list.go(list.at + 1);
    else if (event.key === "ArrowUp") list.go(list.at - 1);
    else if (event.key === "Enter" || event.key === "Tab") choose(list.found[list.at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
  document.addEventListener("focusout", (event) => { if (list?.field === event.target) close(); });
  // A caret that went elsewhere completes nothing.
  document.addEventListener("selectionchange", () => { if (list && !typed(list.field)) close(); });
}

export async function suggested(url, parameters) {
  try {
    const response = await fetch(`${url}?${new URLSearchParams(parameters)}`, { headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : {};
  } catch {
    return {};
  }
}
