// Times stay true while a page is open, and are in the reader's zone. The same words as jam/templatetags/ui.py.
const root = document.documentElement;
// A zone that the reader chose wins; else this browser knows better than the cookie it sent.
export const zone = "zoneChosen" in root.dataset ? root.dataset.zone : Intl.DateTimeFormat().resolvedOptions().timeZone || root.dataset.zone;

const format = new Intl.DateTimeFormat("en-US", {
  timeZone: zone, hourCycle: "h23", weekday: "long", year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit",
});

const parts = (at) => Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));

export function full(at) {
  const p = parts(at);
  return `${p.weekday} ${p.day} ${p.month} ${p.year}, ${p.hour}:${p.minute}`;
}

export function near(at, now) {
  const ago = (now - at) / 1000;
  if (Math.abs(ago) < 60) return "just now";
  if (ago > 0 && ago < 3600) return `${Math.floor(ago / 60)} min ago`;
  if (ago > 0 && ago < 86400) return `${Math.floor(ago / 3600)} h ago`;
  const p = parts(at);
  const day = `${p.day} ${p.month.slice(0, 3)}`;
  return p.year === parts(now).year ? `${day}, ${p.hour}:${p.minute}` : `${day} ${p.year}`;
}

export function words(at, kind, now) {
  const p = parts(at);
  if (kind === "clock") return `${p.hour}:${p.minute}`;
  if (kind === "date") return `${p.day} ${p.month.slice(0, 3)} ${p.year}`;
  if (kind === "day") return `${p.day} ${p.month.slice(0, 3)} ${p.year}, ${p.hour}:${p.minute}`;
  if (kind === "full") return full(at);
  return near(at, now);
}

export function showTimes(within = document, now = Date.now()) {
  for (const element of within.querySelectorAll("time[datetime]")) {
    const at = Date.parse(element.dateTime);
    if (Number.isNaN(at)) continue;
    const text = words(at, element.dataset.when ?? "near", now);
    if (element.textContent !== text) element.textContent = text;
    element.title = `${full(at)} (${zone})`;
  }
}

// The wall's clock where a page of a jam has one, this machine's elsewhere.
const now = () => window.jamNow?.() ?? Date.now();
showTimes(document, now());
setInterval(() => { if (!document.hidden) showTimes(document, now()); }, 30_000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) showTimes(document, now()); });
