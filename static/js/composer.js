// Forms that hold a text: sent without leaving the page, kept on this machine while they are written, and kept in the
// drafts if the jam closes over them.
import { fields, forget, isEmpty, keep, open, settle, texts } from "./drafts.js";
import "./editing.js";
import "./mentions.js";
import { keepForLater } from "./offline.js";
import { home, isOpen, send } from "./posts.js";
import "./pictures.js";
import { showText } from "./preview.js";
import "./quote.js";
import "./similar.js";
import { gettext } from "./words.js";

const word = (form) => form.querySelector("[data-composer-word]");

function tell(form, text, { note = false, link = null } = {}) {
  const element = word(form);
  if (!element) return;
  element.textContent = text;
  if (link) element.append(" ", Object.assign(document.createElement("a"), { textContent: link[0], href: `${link[1]}?next=${encodeURIComponent(location.pathname + location.search)}` }));
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
  if (form.querySelector("[aria-invalid=true]")) showText(form);
  form.querySelector("[aria-invalid=true]")?.focus();
}

// A new key, so that the next text is another post; the same key while one text is tried again.
export function renew(form) {
  if (form.elements.request_key) form.elements.request_key.value = crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now();
}

export function empty(form) {
  forget(form);
  if (form.elements.mentions) form.elements.mentions.value = "";
  for (const field of fields(form)) {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  showErrors(form);
  tell(form, "");
  renew(form);
}

async function submit(form) {
  const button = form.querySelector(".form-actions .button-main");
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  button.classList.add("is-busy");
  tell(form, "");
  await settle(form);
  const answer = await send(form.action, new FormData(form));
  delete form.dataset.sending;
  button.classList.remove("is-busy");
  if (answer.status === 201) {
    forget(form);
    form.dispatchEvent(new CustomEvent("composer:posted", { bubbles: true, cancelable: true, detail: answer }));
    return;
  }
  if (answer.status === 202) { // taken, and others read it once somebody has looked at it
    empty(form);
    tell(form, answer.message, { note: true });
    return;
  }
  if (answer.status === 0 && (await waits(form))) return;
  showErrors(form, answer.errors);
  if (answer.code === "idempotency_key") renew(form);
  if (answer.rules) tell(form, answer.message, { link: [gettext("Read the rules"), answer.rules] });
  else if (answer.drafts) late(form, answer.message, { saved: true });
  else if (!answer.errors || !fields(form).some((field) => answer.errors[field.name])) tell(form, answer.message);
}

// Without a line the text waits on this device and is sent once there is one. Answers whether it does.
async function waits(form) {
  const data = new URLSearchParams([...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string"));
  const draft = { url: `${home}me/drafts/`, body: String(new URLSearchParams({ ...texts(form), place: form.dataset.place })) };
  const { subject, body: text } = texts(form);
  if (!(await keepForLater({ kind: "post", url: form.action, body: String(data), draft, words: subject || text.slice(0, 200) }))) return false;
  empty(form);
  tell(form, gettext("There is no connection. Your text is kept on this device, and is sent when you are back."), { note: true });
  return true;
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
  const link = Object.assign(document.createElement("a"), { href: `${home}me/drafts/`, textContent: gettext("Your drafts") });
  box.append(text, copyButton(form.elements.body), link);
  form.append(box);
  if (saved) {
    forget(form);
    return;
  }
  const answer = await keep(form, { always: true, leaving: true });
  if (answer.status === 200 && answer.kept) {
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

// With what was written here before, if something was.
export function takeUp(form) {
  open(form);
  for (const field of fields(form)) field.dispatchEvent(new Event("input", { bubbles: true }));
}

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
