// The sheet of the keys that work on this page, and the switch that turns them off.
import { gettext } from "./words.js";

let sheet;

const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

// "g h" is two keys, one after the other; several names are choices.
function printed(keys) {
  const shown = keys.map((key) => key.split(" ").map((one) => make("kbd", { textContent: one === "Escape" ? gettext("Esc") : one })));
  return shown.flatMap((parts, index) => [...(index ? [" / "] : []), ...parts.flatMap((part, at) => (at ? [" ", part] : [part]))]);
}

function part([title, entries]) {
  const rows = entries.flatMap(({ keys, words }) => [make("dt", {}, ...printed(keys)), make("dd", { textContent: words() })]);
  return make("section", {}, make("h3", { textContent: title }), make("dl", { className: "keys-list" }, ...rows));
}

function theSwitch(off, change) {
  const box = make("input", { type: "checkbox", checked: !off });
  box.addEventListener("change", () => change(!box.checked));
  return make("label", { className: "check" }, box, make("span", { textContent: gettext("Keys work on this device") }));
}

// `parts`: [title, entries of the table] each. The dialog keeps the focus inside, closes at Esc and gives it back.
export function showSheet({ parts, off, change }) {
  sheet?.remove();
  const title = make("h2", { id: "keys-title", textContent: gettext("Keyboard") });
  const close = make("button", { type: "submit", className: "button button-small", textContent: gettext("Close") });
  const head = make("form", { method: "dialog", className: "row row-spread" }, title, close);
  sheet = make("dialog", { className: "keys" }, head, make("div", { className: "keys-parts" }, ...parts.map(part)), theSwitch(off, change));
  sheet.setAttribute("aria-labelledby", title.id);
  sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); }); // beside it
  document.body.append(sheet);
  sheet.showModal();
}
