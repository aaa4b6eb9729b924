// Forms that hold a text: sent without leaving the page, kept on this machine while they are written, and kept in the
// drafts if the jam closes over them.
import { home, isOpen, me, send } from "./posts.js";
import { gettext } from "./words.js";

const { body } = document;
const FIELDS = ["subject", "body", "tags"];
const KEEPALIVE_MAX = 60_000; // browsers send no more than 64 KiB once a page is left

const fields = (form) => FIELDS.map((name) => form.elements[name]).filter(Boolean);
const isEmpty = (form) => fields(form).every((field) => !field.value.trim());
const slot = (form) => `jam/${body.dataset.jam}/${me}/${form.dataset.place}`;
const word = (form) => form.querySelector("[data-composer-word]");

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}
function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch { /* no room, or not allowed: the text is still in the field */ }
}

const texts = (form) => Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
const remember = (form) => write(slot(form), isEmpty(form) ? null : texts(form));

function tell(form, text, { note = false } = {}) {
  const element = word(form);
  if (!element) return;
  element.textContent = text;
  element.classList.toggle("is-note", note);
  element.hidden = !text;
}

function showErrors(form, errors = {}) {
  for (const field of fields(form)) {
    const messages = errors[field.name] ?? [];
    const place = field.closest(".field");
    place.querySelector("[data-live-error]")?.remove();
    document.getElementById(`${field.id}_error`)?.remove();
    if (!messages.length) {
      field.removeAttribute("aria-invalid");
      continue;
    }
    const element = Object.assign(document.createElement("p"), { className: "field-error", id: `${field.id}_error`, textContent: messages.join(" ") });
    element.dataset.liveError = "";
    place.append(element);
    field.setAttribute("aria-invalid", "true");
    const described = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
    field.setAttribute("aria-describedby", [...described.add(element.id)].join(" "));
  }
  form.querySelector("[aria-invalid=true]")?.focus();
}

// A new key, so that the next text is another post; the same key while one text is tried again.
export function renew(form) {
  if (form.elements.request_key) form.elements.request_key.value = crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now();
}

export function empty(form) {
  write(slot(form), null);
  for (const field of fields(form)) {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  showErrors(form);
  tell(form, "");
  renew(form);
}

async function submit(form) {
  const button = form.querySelector("button:not([type=button])");
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  button.classList.add("is-busy");
  tell(form, "");
  const answer = await send(form.action, new FormData(form));
  delete form.dataset.sending;
  button.classList.remove("is-busy");
  if (answer.status === 201) {
    write(slot(form), null);
    form.dispatchEvent(new CustomEvent("composer:posted", { bubbles: true, detail: answer }));
    return;
  }
  showErrors(form, answer.errors);
  if (answer.code === "idempotency_key") renew(form);
  if (answer.drafts) late(form, answer.message, { saved: true });
  else if (!answer.errors || !fields(form).some((field) => answer.errors[field.name])) tell(form, answer.message);
}

// --- the close ---------------------------------------------------------------------------------------------

function copyButton(field) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: gettext("Copy the text") });
  button.addEventListener("click", () => copy(field, button));
  return button;
}

async function copy(field, button) {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    document.execCommand("copy");
  }
  const before = button.textContent;
  button.textContent = gettext("Copied");
  setTimeout(() => { button.textContent = before; }, 2000);
}

function still(form, yes) {
  for (const field of fields(form)) field.readOnly = yes;
  form.querySelector(".form-actions").hidden = yes;
  if (!yes) form.querySelector("[data-late]")?.remove();
}

async function late(form, message, { saved = false } = {}) {
  if (form.querySelector("[data-late]")) return;
  still(form, true);
  form.closest(".only-open")?.classList.remove("only-open");
  const box = document.createElement("div");
  box.className = "row row-2";
  box.dataset.late = "";
  const text = document.createElement("p");
  text.setAttribute("role", "status");
  text.textContent = message;
  const link = Object.assign(document.createElement("a"), { href: `${home}drafts/`, textContent: gettext("Your drafts") });
  box.append(text, copyButton(form.elements.body), link);
  form.append(box);
  if (saved) {
    write(slot(form), null);
    return;
  }
  const data = new URLSearchParams({ ...texts(form), place: form.dataset.place });
  const answer = await send(`${home}drafts/`, data, { keepalive: data.toString().length < KEEPALIVE_MAX });
  if (answer.status === 200 && answer.kept) {
    write(slot(form), null);
    text.textContent = `${message} ${gettext("What you were writing is kept in your drafts.")}`;
  } else {
    text.textContent = `${message} ${gettext("What you were writing is kept on this machine; copy it to be sure.")}`;
    link.remove();
  }
}

function onPhase() {
  for (const form of document.querySelectorAll("form[data-composer]")) {
    if (isOpen()) still(form, false);
    else if (isEmpty(form)) form.hidden = true;
    else late(form, gettext("The jam closed before you posted this."));
    if (isOpen()) form.hidden = false;
  }
}

// --- taking a form up --------------------------------------------------------------------------------------

// Brings back what was typed here before, unless the form holds something already.
export function takeUp(form) {
  const kept = read(slot(form));
  if (kept && isEmpty(form)) {
    for (const field of fields(form)) field.value = kept[field.name] ?? "";
    if (!isEmpty(form)) tell(form, gettext("This is what you were writing here before."), { note: true });
  }
  for (const field of fields(form)) field.dispatchEvent(new Event("input", { bubbles: true }));
}

let timer;
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-composer]");
  if (!form || !FIELDS.includes(event.target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(() => remember(form), 250);
});
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-composer]")) if (!isEmpty(form) && isOpen()) remember(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-composer]")) return;
  event.preventDefault();
  submit(form);
});
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-composer]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) copy(document.getElementById(button.dataset.copy), button);
});
document.addEventListener("jam:phase", onPhase);
addEventListener("pageshow", (event) => {
  // Out of the back-forward cache: the key was used, or may have been.
  if (event.persisted) document.querySelectorAll("form[data-composer]").forEach(renew);
});

// A page of its own (no place to show the post in): go to where it is.
document.addEventListener("composer:posted", (event) => {
  if (!event.defaultPrevented && !event.target.closest(".thread")) location.href = event.detail.url;
});
document.querySelectorAll("form[data-composer]").forEach(takeUp);
