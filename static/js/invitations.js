// How far the mails are, while they go out. Without this module the page is loaded again.
const EVERY = 4000;

async function look() {
  const place = document.querySelector("[data-progress]");
  if (!place || !("moving" in place.dataset)) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(10_000) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = answer.ok && page.querySelector("[data-progress]");
      if (fresh) place.replaceWith(fresh);
    } catch {
      // Asked again the next time.
    }
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
