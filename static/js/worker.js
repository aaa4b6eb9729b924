// What the site's worker does: keeps the pages that were read last, so that they can be read without a line, and sends
// what was written meanwhile. It is loaded by /sw.js.
//
// Kept are pages of a jam that their response does not forbid to store, and never what is sent (POST), the API, the live
// lines or files. Each page says in the header X-Reader whose it is: a page of somebody else, or of nobody, and all that
// was kept before is forgotten first.
const PAGES = "jam-pages";
const FILES = "jam-files";
const PAGES_MAX = 30;
const FILES_MAX = 250;
const KEPT_AT = "X-Kept-At";
const TITLE = "X-Title";
const READER = "X-Reader";
const OWNER = "/.reader"; // not an address of the site: whose pages these are

const PAGE = /^\/(?:jams\/[\w-]+\/(?:(?:forums|threads|people)\/\d+\/|(?:catch-up|ideas|tags|people|announcements|outcomes|me|favourites|collections|search)\/)?)?$/;
const NAMED_BY_CONTENT = /^\/static\/.+\.[0-9a-f]{12}\.\w+$|^\/accents\//;

// --- what is kept ---------------------------------------------------------------------------------------------

async function trim(cache, most) {
  const keys = await cache.keys(); // the ones kept longest come first
  for (const key of keys.slice(0, Math.max(0, keys.length - most))) await cache.delete(key);
}

async function forget() {
  await caches.delete(PAGES);
}

async function belongsTo(reader) {
  const pages = await caches.open(PAGES);
  const owner = await pages.match(OWNER);
  const before = owner ? await owner.text() : "";
  if (before === reader) return;
  await forget();
  if (!reader) return;
  await (await caches.open(PAGES)).put(OWNER, new Response(reader));
  await self.outbox.keepOnly(Number(reader));
}

const titleOf = (html) => /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? "";
const mayBeKept = (response) => response.status === 200 && !/no-store/.test(response.headers.get("Cache-Control") ?? "");

async function keepPage(request, response) {
  if (!response.headers.has(READER)) return;
  const reader = response.headers.get(READER);
  await belongsTo(reader);
  if (!reader || !PAGE.test(new URL(request.url).pathname) || !mayBeKept(response)) return;
  const html = await response.text();
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT, String(Date.now()));
  headers.set(TITLE, encodeURIComponent(titleOf(html)));
  const pages = await caches.open(PAGES);
  await pages.delete(request.url, { ignoreVary: true });
  await pages.put(request.url, new Response(html, { headers }));
  await trim(pages, PAGES_MAX + 1);
}

// What a page or a script of ours names, and so needs to be shown.
const namedIn = (text, base) => [
  ...[...text.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)].map(([, path]) => path),
  ...[...text.matchAll(/(?:from|import)\s*"(\.[^"]+)"/g)].map(([, path]) => new URL(path, base).pathname),
];

// Keeps a file, and all that it names.
async function keepWhole(path, seen = new Set()) {
  if (seen.has(path)) return;
  seen.add(path);
  const files = await caches.open(FILES);
  const response = await fetch(path, { cache: path === self.OFFLINE ? "reload" : "default" });
  if (response.status !== 200) return;
  await files.put(path, response.clone());
  if (!/html|javascript/.test(response.headers.get("Content-Type"))) return;
  const named = namedIn(await response.text(), response.url);
  await Promise.all(named.map((one) => keepWhole(one, seen)));
}

// The page of no line is in one language: that in which it was read last.
async function offlineIn(language) {
  const there = await (await caches.open(FILES)).match(self.OFFLINE);
  if (!there || (language && there.headers.get("Content-Language") !== language)) await keepWhole(self.OFFLINE);
}

// --- what is asked for ------------------------------------------------------------------------------------------

// A kept page says of itself from when it is.
async function asItWas(request) {
  const kept = await (await caches.open(PAGES)).match(request.url, { ignoreVary: true });
  if (!kept) return null;
  const html = await kept.text();
  const marked = html.replace("<body ", `<body data-kept-at="${kept.headers.get(KEPT_AT)}" `);
  return new Response(marked, { headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": kept.headers.get("Content-Security-Policy") ?? "default-src 'self'" } });
}

async function page(event) {
  try {
    const response = (await event.preloadResponse) ?? (await fetch(event.request));
    if (response.type === "basic" && response.headers.get("Content-Type")?.includes("text/html")) {
      const copy = response.clone();
      // Before it is shown: the next page that is asked for may be one that is forgotten now.
      if (copy.headers.has(READER)) await belongsTo(copy.headers.get(READER));
      event.waitUntil(keepPage(event.request, copy).then(() => offlineIn(response.headers.get("Content-Language"))).catch(() => {}));
    }
    return response;
  } catch {
    return (await asItWas(event.request)) ?? (await caches.match(self.OFFLINE, { cacheName: FILES })) ?? Response.error();
  }
}

async function file(request) {
  const files = await caches.open(FILES);
  const kept = await files.match(request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.status === 200) {
    await files.put(request, response.clone());
    await trim(files, FILES_MAX);
  }
  return response;
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (NAMED_BY_CONTENT.test(url.pathname)) event.respondWith(file(request));
});

// --- its own life ---------------------------------------------------------------------------------------------------

addEventListener("install", (event) => {
  // What is sent goes past this worker. By way of it a browser loses what a page sends as its last, when it is left.
  event.addRoutes?.({ condition: { requestMethod: "POST" }, source: "network" })?.catch(() => {});
  event.waitUntil(keepWhole(self.OFFLINE).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    await registration.navigationPreload?.enable();
    await clients.claim();
  })());
});

addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(self.outbox.send());
});

// A page says that its reader signs out.
addEventListener("message", (event) => {
  if (event.data?.forget) event.waitUntil(forget().then(() => event.ports[0]?.postMessage("done")));
});
