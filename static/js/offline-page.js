// The page that is shown without a line: what was read before, and can be read now.
import { words } from "./times.js";

const list = document.querySelector("[data-kept-pages]");

async function pages() {
  const cache = await caches.open("jam-pages");
  const found = [];
  for (const request of await cache.keys()) {
    const headers = (await cache.match(request, { ignoreVary: true })).headers;
    if (headers.has("X-Title")) found.unshift({ url: request.url, title: decodeURIComponent(headers.get("X-Title")), at: Number(headers.get("X-Kept-At")) });
  }
  return found;
}

// The title comes out of a page of ours as it is written there.
const plain = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent;

function row({ url, title, at }) {
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { className: "row-link", href: url, textContent: plain(title) || url, dir: "auto" });
  const when = Object.assign(document.createElement("p"), { className: "meta", textContent: words(at, "near", Date.now()) });
  item.append(link, when);
  return item;
}

const found = await pages().catch(() => []);
list.replaceChildren(...found.map(row));
document.querySelector("[data-nothing-kept]").hidden = found.length > 0;
document.querySelector("[data-again]").addEventListener("click", () => location.reload());
addEventListener("online", () => location.reload());
