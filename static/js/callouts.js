// The bar of announcements: one that comes lies over the page, so that nothing moves under a reader's eyes.
// Dismissed is remembered in a cookie of the jam, as the server does for a press without scripts.
const bar = document.querySelector("[data-callouts]");
const template = document.getElementById("callout");
const MOST = 3;
const WEEK = 7 * 24 * 3600;

const ids = () => [...bar.querySelectorAll("[data-announcement]")].map((callout) => Number(callout.dataset.announcement));

function dismiss() {
  const secure = location.protocol === "https:" ? "; secure" : "";
  const path = document.body.dataset.home;
  document.cookie = `jam_dismissed=${Math.max(...ids())}; path=${path}; max-age=${WEEK}; samesite=lax${secure}`;
  const hadFocus = bar.contains(document.activeElement);
  bar.replaceChildren();
  if (hadFocus) document.getElementById("content")?.focus({ preventScroll: true });
}

function show({ announcement, forum, html }) {
  // One for another forum; or one that was taken back before this page heard of it, which comes without its words.
  if (!html || (forum && String(forum) !== bar.dataset.forum) || ids().includes(announcement)) return;
  const callout = template.content.firstElementChild.cloneNode(true);
  callout.dataset.announcement = announcement;
  callout.classList.add("is-new");
  callout.querySelector(".prose").innerHTML = html;
  const button = callout.querySelector("button");
  button.setAttribute("formaction", button.getAttribute("formaction").replace("/0/", `/${announcement}/`));
  bar.prepend(callout);
  while (bar.childElementCount > MOST) bar.lastElementChild.remove();
}

document.addEventListener("jam:event", ({ detail }) => {
  if (!bar) return;
  if (detail.kind === "announcement.made") show(detail);
  if (detail.kind === "announcement.taken_back") bar.querySelector(`[data-announcement="${detail.announcement}"]`)?.remove();
});
bar?.addEventListener("click", (event) => {
  if (!event.target.closest("button")) return;
  event.preventDefault();
  dismiss();
});
