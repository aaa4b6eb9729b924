// The worker's part of push messages (notifications/domain/pushing.py): shows what came, and leads to it.
const OURS = location.origin;

async function showMessage(said) {
  const { title = location.hostname, body = "", path = "/", at = path, tag, lang, dir = "auto" } = said;
  await registration.showNotification(title, { body, tag, lang, dir, icon: self.ICON, data: { path, at } });
}

addEventListener("push", (event) => {
  event.waitUntil(showMessage(event.data?.json() ?? {}));
});

const within = (path) => {
  const url = new URL(path, OURS);
  return url.origin === OURS ? url : new URL("/", OURS);
};

// A tab that stands there is shown, and the message noted as seen; else there is a new one, so that none is led away from
// what is being written in it.
async function openMessage({ path, at }) {
  const there = within(at);
  const tabs = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const tab = tabs.map((one) => [one, new URL(one.url)]).find(([, url]) => url.pathname === there.pathname && url.search === there.search)?.[0];
  if (!tab) return clients.openWindow(within(path));
  await tab.focus();
  return fetch(within(path), { redirect: "manual" }).catch(() => {});
}

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openMessage(event.notification.data));
});

// --- a browser that renews its subscription by itself --------------------------------------------------------------

async function post(path, values, token) {
  await fetch(path, { method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams(values) });
}

async function renew({ oldSubscription, newSubscription }) {
  if (!oldSubscription) return;
  const fresh = newSubscription ?? (await registration.pushManager.subscribe(oldSubscription.options));
  const { person, token } = await (await fetch("/whoami/", { cache: "no-store" })).json();
  if (!person) return;
  const { endpoint, keys } = fresh.toJSON();
  await post("/notifications/devices/", { endpoint, ...keys }, token);
  await post("/notifications/devices/end/", { endpoint: oldSubscription.endpoint }, token);
}

addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(renew(event));
});
