// Times stay true while a page is open, and are in the reader's zone. The same words as jam/domain/time_words.py.
import { gettext, interpolate, language, ngettext } from "./words.js";

const root = document.documentElement;
// A zone that the reader chose wins; else this browser knows better than the cookie it sent.
export const zone = "zoneChosen" in root.dataset ? root.dataset.zone : Intl.DateTimeFormat().resolvedOptions().timeZone || root.dataset.zone;

// One calendar and the same digits in every language, as the server has them.
const locale = `${language === "en" ? "en-US" : language}-u-ca-gregory-nu-latn`;
const NUMBERS = { timeZone: zone, hourCycle: "h23", year: "numeric", hour: "2-digit", minute: "2-digit" };
const long = new Intl.DateTimeFormat(locale, { ...NUMBERS, weekday: "long", month: "long", day: "numeric" });
const short = new Intl.DateTimeFormat(locale, { ...NUMBERS, month: "short", day: "numeric" });

function parts(format, at) {
  const found = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { ...found, time: `${found.hour}:${found.minute}` };
}

export const full = (at) => interpolate(gettext("%(weekday)s %(day)s %(month)s %(year)s, %(time)s"), parts(long, at));

const date = (at) => interpolate(gettext("%(day)s %(month)s %(year)s"), parts(short, at));
const withTime = (at, shown) => interpolate(gettext("%(date)s, %(time)s"), { date: shown, time: parts(short, at).time });

export function near(at, now) {
  const ago = (now - at) / 1000;
  const [minutes, hours] = [Math.floor(ago / 60), Math.floor(ago / 3600)];
  if (Math.abs(ago) < 60) return gettext("just now");
  if (ago > 0 && hours < 1) return interpolate(ngettext("%(count)s min ago", "%(count)s min ago", minutes), { count: minutes });
  if (ago > 0 && hours < 24) return interpolate(ngettext("%(count)s h ago", "%(count)s h ago", hours), { count: hours });
  const found = parts(short, at);
  return found.year === parts(short, now).year ? withTime(at, interpolate(gettext("%(day)s %(month)s"), found)) : date(at);
}

export function words(at, kind, now) {
  if (kind === "clock") return parts(short, at).time;
  if (kind === "date") return date(at);
  if (kind === "day") return withTime(at, date(at));
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
