// Pictures in a text: chosen by the toolbar, pasted or dropped, described in a dialog, sent, and then in the text.
import { insertBlock, fieldOf } from "./editing.js";
import { gettext, interpolate } from "./words.js";

const TAKEN = /^image\/(jpeg|png|webp|gif)$/;
const MEGABYTE = 1024 * 1024;

const dialog = document.getElementById("picture-dialog");
const form = dialog?.querySelector("form");
const file = form?.elements["picture-file"];
const alt = form?.elements["picture-alt"];
const decoration = form?.elements["picture-decoration"];
const bar = form?.querySelector("progress");
const error = form?.querySelector("[data-picture-error]");
const shown = form?.querySelector("canvas");
let field = null; // the text that the picture is for
let waiting = []; // files that were dropped with the one in the dialog
let request = null;

function complain(words, at) {
  error.textContent = words;
  error.hidden = !words;
  for (const element of [file, alt]) element.toggleAttribute("aria-invalid", Boolean(words) && element === at);
  at?.focus();
}

// What is being described, for who sees it; drawn, since nothing but this site's own addresses may be shown.
async function draw() {
  shown.hidden = true;
  const [chosen] = file.files;
  if (!chosen) return;
  try {
    const picture = await createImageBitmap(chosen);
    const scale = Math.min(1, 480 / picture.width, 240 / picture.height);
    [shown.width, shown.height] = [picture.width * scale, picture.height * scale].map(Math.ceil);
    shown.getContext("2d").drawImage(picture, 0, 0, shown.width, shown.height);
    shown.hidden = false;
  } catch { /* the server says what is wrong with it */ }
}

function choose(files) {
  const given = new DataTransfer();
  if (files[0]) given.items.add(files[0]);
  file.files = given.files;
  waiting = files.slice(1);
  alt.value = "";
  decoration.checked = false;
  complain("");
  draw();
}

function open(forField, files = []) {
  if (!dialog || dialog.open) return;
  field = forField;
  choose(files);
  dialog.showModal();
  (files.length ? alt : file).focus();
}

const limit = () => Number(file.dataset.maxBytes);

function findsFault() {
  const [chosen] = file.files;
  if (!chosen) complain(gettext("Choose a picture."), file);
  else if (chosen.size > limit()) complain(interpolate(gettext("A picture can have %(limit)s MB."), { limit: limit() / MEGABYTE }), file);
  else if (!alt.value.trim() && !decoration.checked) complain(gettext("Say what the picture shows, for those who cannot see it."), alt);
  else return false;
  return true;
}

// Answers {status, ...what the server said}. By XMLHttpRequest, which alone tells how much was sent.
const send = () => new Promise((resolve) => {
  request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", ({ loaded, total }) => { bar.value = loaded / total; });
  request.addEventListener("loadend", () => {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* a page, or nothing */ }
    resolve({ message: gettext("The picture could not be sent. Try again in a moment."), ...answer, status: request.status });
  });
  request.send(new FormData(form));
});

async function submit() {
  if (request || findsFault()) return;
  const button = form.querySelector(".button-main");
  button.classList.add("is-busy");
  bar.value = 0;
  bar.hidden = false;
  complain("");
  const answer = await send();
  request = null;
  button.classList.remove("is-busy");
  bar.hidden = true;
  if (!dialog.open) return; // given up meanwhile
  if (answer.status !== 201) {
    complain(answer.message, answer.field === "alt" ? alt : file);
    return;
  }
  const [next, rest] = [field, waiting];
  dialog.close();
  insertBlock(next, `${answer.markdown}\n`);
  if (rest.length) open(next, rest);
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
file?.addEventListener("change", () => {
  complain("");
  draw();
});
form?.querySelector("[data-picture-cancel]").addEventListener("click", () => dialog.close());
dialog?.addEventListener("close", () => {
  request?.abort();
  field?.focus();
});

const textIn = (event) => {
  const text = event.target.closest?.("[data-writing] textarea");
  return text && !text.readOnly ? text : null;
};
const pictures = (data) => [...(data?.files ?? [])].filter(({ type }) => TAKEN.test(type));

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-image-button]");
  if (button) open(fieldOf(button));
});
document.addEventListener("paste", (event) => {
  const files = pictures(event.clipboardData);
  // An office program puts a picture of the words beside the words: those are meant.
  if (!textIn(event) || !files.length || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  open(textIn(event), files);
});
document.addEventListener("dragover", (event) => {
  if (textIn(event) && event.dataTransfer.types.includes("Files")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const files = pictures(event.dataTransfer);
  if (!textIn(event) || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault(); // or the browser would leave the page for the file
  if (files.length) open(textIn(event), files);
});
