// Passkeys: a form with data-passkey asks the browser for one when it is sent, and goes out with what the browser says.
// "add" makes one, "use" shows one that the page names, "enter" any that the device has for this site.
import { gettext } from "./words.js";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const named = (credentials = []) => credentials.map((credential) => ({ ...credential, id: bytes(credential.id) }));

// What the server wrote as text, as the browser wants it.
function read({ publicKey }) {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (options.user) options.user = { ...options.user, id: bytes(options.user.id) };
  if (options.allowCredentials) options.allowCredentials = named(options.allowCredentials);
  if (options.excludeCredentials) options.excludeCredentials = named(options.excludeCredentials);
  return options;
}

// And back.
function write(credential) {
  const { response } = credential;
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = text(response[part]);
  }
  if (response.getTransports) said.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: said,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  });
}

async function options(form) {
  if (form.dataset.passkey !== "enter") return JSON.parse(document.getElementById("js_data").textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`passkey: ${answer.status}`);
  return answer.json();
}

async function ask(form) {
  const { creation_options: creation, request_options: request } = await options(form);
  if (!creation) return navigator.credentials.get({ publicKey: read(request) });
  const publicKey = read(creation);
  // Kept by the device wherever it can, so that it opens the door without an address.
  publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, residentKey: "preferred", requireResidentKey: false };
  return navigator.credentials.create({ publicKey });
}

function sentence(error) {
  if (error.name === "InvalidStateError") return gettext("This device has a passkey for your account already.");
  if (error.name === "SecurityError") return gettext("Browsers take passkeys only on a site with a name and with https.");
  if (error.name === "NotAllowedError") return gettext("No passkey was given. Nothing has changed.");
  return gettext("That did not work. Try again, or use another way.");
}

async function send(form) {
  const said = form.querySelector("[data-passkey-said]");
  const button = form.querySelector("button");
  said.textContent = "";
  button.setAttribute("aria-disabled", "true");
  try {
    form.elements.credential.value = write(await ask(form));
    form.submit();
  } catch (error) {
    said.textContent = sentence(error);
    button.removeAttribute("aria-disabled");
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    form.querySelector("[data-passkey-said]").textContent = gettext("This browser knows no passkeys, or the site is not reached by https.");
    form.querySelector("button").hidden = true;
    continue;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.querySelector("[aria-disabled]")) return;
    send(form);
  });
}
