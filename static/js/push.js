// Messages on this device: the buttons on the page “How you hear of things”.
import { gettext } from "./words.js";

const box = document.querySelector("[data-push]");
const state = box.querySelector("[data-push-state]");
const [on, off] = ["on", "off"].map((name) => box.querySelector(`[data-push-${name}]`));
const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
const READY_WITHIN = 10_000;

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const key = bytes(box.dataset.key);
const isOurs = (subscription) => {
  const other = new Uint8Array(subscription.options.applicationServerKey ?? []);
  return other.length === key.length && other.every((one, index) => one === key[index]);
};

async function post(url, values) {
  const response = await fetch(url, {
    method: "POST", headers: { Accept: "application/json", "X-CSRFToken": token }, body: new URLSearchParams(values),
  });
  const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
  if (!response.ok || response.redirected) throw new Error(answer.message ?? "");
  return answer;
}

function show(isOn, words) {
  // What has the focus and goes hands it on.
  const had = [on, off].includes(document.activeElement);
  on.hidden = isOn;
  off.hidden = !isOn;
  if (had) (isOn ? off : on).focus();
  state.textContent = words ?? (isOn ? gettext("This device gets messages.") : gettext("This device gets no messages."));
}

// offline.js registers the worker when the page is loaded.
function registration() {
  const late = new Promise((_, fail) => { setTimeout(() => fail(new Error()), READY_WITHIN); });
  return Promise.race([navigator.serviceWorker.ready, late]);
}

async function subscribe() {
  if (await Notification.requestPermission() !== "granted") {
    show(false, gettext("Your browser does not allow it. It can be changed in the browser's settings for this site."));
    return;
  }
  const { pushManager } = await registration();
  const before = await pushManager.getSubscription();
  if (before && !isOurs(before)) await before.unsubscribe();
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  await post(box.dataset.add, { endpoint, p256dh: keys.p256dh, auth: keys.auth });
  show(true);
}

async function unsubscribe() {
  const { pushManager } = await registration();
  const subscription = await pushManager.getSubscription();
  if (subscription) {
    await post(box.dataset.end, { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  show(false);
}

async function look() {
  const worker = await navigator.serviceWorker.getRegistration();
  const subscription = await worker?.pushManager.getSubscription();
  const known = subscription && isOurs(subscription) && Notification.permission === "granted";
  show(Boolean(known && (await post(box.dataset.here, { endpoint: subscription.endpoint })).on));
}

function onPress(button, work) {
  button.addEventListener("click", async () => {
    if (button.ariaDisabled) return;
    button.setAttribute("aria-disabled", "true"); // and not `disabled`, which would drop the focus
    try {
      await work();
    } catch (error) {
      state.textContent = error.message && error.constructor === Error ? error.message : gettext("That did not work. Try again later.");
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
}

if (isSecureContext && navigator.serviceWorker && "PushManager" in globalThis && "Notification" in globalThis) {
  onPress(on, subscribe);
  onPress(off, unsubscribe);
  look().catch(() => show(false));
} else {
  state.textContent = gettext("This browser cannot get messages here. On a phone, install the site as an app first.");
}
