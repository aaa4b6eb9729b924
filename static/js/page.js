// On every page: the reader's zone, the choice of colours, menus that close, counters beside fields.
import { zone } from "./times.js";
import { gettext, interpolate, ngettext } from "./words.js";

const root = document.documentElement;
const year = 365 * 24 * 3600;

function keep(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${year}; samesite=lax${secure}`;
}

const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (browserZone) keep("jam_tz", browserZone);
for (const element of document.querySelectorAll("[data-zone-name]")) element.textContent = zone;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-form]")) return;
  event.preventDefault();
  const choice = event.submitter?.value ?? "system";
  keep("jam_theme", choice);
  if (choice === "system") delete root.dataset.theme;
  else root.dataset.theme = choice;
  for (const button of form.elements.theme instanceof RadioNodeList ? form.elements.theme : [form.elements.theme]) {
    button.setAttribute("aria-pressed", String(button.value === choice));
  }
});

// A row of links that is wider than a phone begins where the reader is.
for (const link of document.querySelectorAll("nav [aria-current]")) {
  const row = [link.closest("ul, ol"), link.closest("nav")].find((one) => one?.scrollWidth > one?.clientWidth);
  const { left, right } = link.getBoundingClientRect();
  if (row) row.scrollLeft += (left + right - innerWidth) / 2;
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.menu[open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});

// As many code points as the server counts; line ends count once there, too.
const length = (text) => [...text.replaceAll("\r\n", "\n").trim()].length;

function countWords(left, limit) {
  if (left < 0) return interpolate(ngettext("%(count)s too many", "%(count)s too many", -left), { count: -left });
  if (left <= limit * 0.2) return interpolate(ngettext("%(count)s left", "%(count)s left", left), { count: left });
  return interpolate(gettext("at most %(count)s"), { count: limit });
}

function count(field) {
  const counter = field.id && document.querySelector(`[data-counter-for="${CSS.escape(field.id)}"]`);
  if (!counter) return;
  const limit = Number(counter.dataset.limit);
  const left = limit - length(field.value);
  // A short field has a limit that few come near; it is said when they do.
  counter.hidden = field.localName === "input" && left > limit * 0.4;
  counter.textContent = countWords(left, limit);
  counter.classList.toggle("is-near", left >= 0 && left <= limit * 0.1);
  counter.classList.toggle("is-over", left < 0);
}
document.addEventListener("input", (event) => { if (event.target.matches("input, textarea")) count(event.target); });
for (const counter of document.querySelectorAll("[data-counter-for]")) {
  const field = document.getElementById(counter.dataset.counterFor);
  if (field) count(field);
}

document.querySelector("[data-focus]")?.focus();

// Who signs out leaves no draft on this device.
document.addEventListener("submit", (event) => {
  if (!new URL(event.target.getAttribute("action") ?? "", location).pathname.endsWith("/logout/")) return;
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("jam-draft/")) localStorage.removeItem(key);
  } catch { /* not allowed: nothing was kept */ }
});
