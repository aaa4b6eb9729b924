// The keyboard. One table says which keys there are, what each does and how the sheet names it. A key whose `on` finds
// nothing on this page does nothing, and is not on the sheet.
//
// Letters are taken by what is printed on them; where a layout has no Latin letters, by where they lie. Nothing is taken
// from who types, nor with Control, Alt or the command key, and all of it can be switched off (WCAG 2.1.4).
import { showSheet } from "./keys_sheet.js";
import { branchOf, current, go, neighbour, nextUnread, own } from "./keys_stops.js";
import { say } from "./notices.js";
import { gettext } from "./words.js";

const TWO_KEYS_WITHIN = 1_500;
const OFF = "jam/keys/off";
const TYPING = "input:not([type=button], [type=checkbox], [type=radio], [type=submit]), textarea, select, [contenteditable]";
const STOPS = "main .thread .post, main .rows .row-link";

const { home, member } = document.body.dataset;
const find = (selector) => document.querySelector(selector);

// --- what they do ---------------------------------------------------------------------------------------------

// Presses what the post or row at hand has. In a thread that is the idea as long as nothing has the focus.
const press = (selector) => () => own(current() ?? find(".thread .post"), selector)?.click();
const vote = (name) => press(`button.vote-${name}:enabled`);
const visit = (address) => () => { location.href = address(); };
const forum = () => find(".crumbs a[href*='/forums/']")?.href ?? `${home}#forums-title`;

function unread() {
  const next = nextUnread();
  if (!next) say(gettext("Nothing more here is new to you."));
  else if (next.matches("a")) next.click();
  else go(next);
}

function fold() {
  const branch = branchOf(current());
  if (!branch) return;
  branch.open = !branch.open;
  if (!branch.open && branch.contains(document.activeElement)) go(branch.closest(".node").querySelector(":scope > .post"));
}

function search() {
  const field = find("main input[type=search]");
  if (field) field.focus();
  else find(".me a[href$='/search/']").click();
}

// A text that is begun stays where it is, and is kept.
function leave() {
  const field = document.activeElement;
  const post = field.closest(".node")?.querySelector(":scope > .post");
  field.blur();
  post?.focus({ preventScroll: true });
}

// The console: what its dock has for the row at hand, and ways between its columns.
const dock = (act) => `[data-dock]:not([hidden]) [data-do="${act}"]`;
const pressDock = (act) => () => find(dock(act)).click();
const beside = (step) => () => find("[data-console]").dispatchEvent(new CustomEvent("console:beside", { detail: step }));
const NEW_ROWS = "[data-show-new]:not([hidden])";
const showNew = () => (document.activeElement.closest("[data-column]")?.querySelector(NEW_ROWS) ?? find(NEW_ROWS))?.click();
// On the sheet also before a row was chosen: who opens the console for the first time looks there.
const inConsole = (keys, words, act) => (
  { group: "console", keys, words, on: dock(act), onSheet: `[data-dock] [data-do="${act}"]`, act: pressDock(act) });

// A button or a link of the page that names its own key, and says itself what it does.
function pressed(key) {
  const on = `main [data-act="${key}"]`;
  return { group: "at", keys: [key], words: () => find(on).firstChild.textContent.trim(), on, act: () => find(on).click() };
}

const KEYS = [
  { group: "move", keys: ["l"], words: () => gettext("The next column"), on: "[data-console]", act: beside(1) },
  { group: "move", keys: ["h"], words: () => gettext("The column before"), on: "[data-console]", act: beside(-1) },
  { group: "move", keys: ["u"], words: () => gettext("Show the new rows of this column"), on: NEW_ROWS, act: showNew },
  inConsole(["r"], () => gettext("Reply"), "reply"),
  inConsole(["q"], () => gettext("Ask the thread"), "ask"),
  inConsole(["e"], () => gettext("Highlight as emerging, or take it back"), "emerging"),
  inConsole(["b"], () => gettext("Highlight as one of the best, or take it back"), "best"),
  inConsole(["p"], () => gettext("Pin its thread, or unpin it"), "pin"),
  inConsole(["z"], () => gettext("Lock its thread, or unlock it"), "lock"),
  inConsole(["c"], () => gettext("Handle it, or no longer"), "claim"),
  inConsole(["s"], () => gettext("Connect its thread with another: here, and then there"), "connect"),
  inConsole(["x"], () => gettext("Hide it"), "hide"),
  inConsole(["a"], () => gettext("Announce something"), "announce"),
  inConsole(["t"], () => gettext("Start a poll in its forum"), "poll"),
  inConsole(["m"], () => gettext("More: move, merge, split"), "more"),
  { group: "move", keys: ["j"], words: () => gettext("Next post or row"), on: STOPS, act: () => go(neighbour(1)) },
  { group: "move", keys: ["k"], words: () => gettext("The one before"), on: STOPS, act: () => go(neighbour(-1)) },
  { group: "move", keys: ["n"], words: () => gettext("Next that is new to you"), on: STOPS, act: unread },
  { group: "move", keys: ["Escape"], words: () => gettext("Out of a field, back to the post"), on: ".thread .composer, main input[type=search]", act: leave, whileTyping: true },
  { group: "at", keys: ["o", "Enter"], words: () => gettext("Open it"), on: "main .rows .row-link", act: press(".row-link") },
  { group: "at", keys: ["e"], words: () => gettext("Fold or unfold the replies"), on: ".thread .branch", act: fold },
  { group: "at", keys: ["r"], words: () => gettext("Reply"), on: ".thread .post-reply", act: press(".post-reply") },
  { group: "at", keys: ["v", "a"], words: () => gettext("Agree, or take it back"), on: "button.vote-disagree", act: vote("agree") },
  { group: "at", keys: ["u", "v", "a"], words: () => gettext("Upvote, or take it back"), on: "body:not(:has(.vote-disagree)) button.vote-agree", act: vote("agree") },
  { group: "at", keys: ["p"], words: () => gettext("Pass, or take it back"), on: "button.vote-pass", act: vote("pass") },
  { group: "at", keys: ["d"], words: () => gettext("Disagree, or take it back"), on: "button.vote-disagree", act: vote("disagree") },
  { group: "at", keys: ["f"], words: () => gettext("Keep, or keep it no longer"), on: ".thread .post-keep", act: press(".post-keep") },
  ...["h", "s", "l", "w", "x", "c", "p", "n"].map(pressed),
  { group: "go", keys: ["g h"], words: () => gettext("The jam’s home"), on: "body[data-home]", act: visit(() => home) },
  { group: "go", keys: ["g f"], words: () => gettext("The forum"), on: "body[data-home]", act: visit(forum) },
  { group: "go", keys: ["g c"], words: () => gettext("What you missed"), on: "body[data-member]", act: visit(() => `${home}catch-up/`) },
  { group: "go", keys: ["g m"], words: () => gettext("My jam"), on: "body[data-member]", act: visit(() => `${home}me/`) },
  { group: "go", keys: ["g o"], words: () => gettext("The console"), on: ".staff-nav a[href$='/console/']", act: () => find(".staff-nav a[href$='/console/']").click() },
  { group: "go", keys: ["g q"], words: () => gettext("The queue"), on: ".staff-nav a[href$='/queue/']", act: visit(() => find(".staff-nav a[href$='/queue/']").href) },
  { group: "go", keys: ["/"], words: () => gettext("Search"), on: "main input[type=search], .me a[href$='/search/']", act: search },
  { group: "go", keys: ["?"], words: () => gettext("This sheet"), on: "body", act: sheet },
];

const GROUPS = { console: () => gettext("At a row of the console"), move: () => gettext("Moving"), at: () => gettext("At a post or a row"), go: () => gettext("Going elsewhere") };

const works = ({ on }) => find(on) !== null;

function sheet() {
  const here = KEYS.filter(({ on, onSheet = on }) => find(onSheet) !== null);
  const parts = Object.entries(GROUPS).map(([group, title]) => [title(), here.filter((entry) => entry.group === group)]);
  showSheet({ parts: parts.filter(([, entries]) => entries.length), off: isOff(), change: switchOff });
}

// --- on and off, kept on this device ----------------------------------------------------------------------------

function isOff() {
  try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
}

function switchOff(off) {
  try {
    if (off) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  } catch { /* nothing can be kept here: they stay on */ }
}

// --- what is pressed ----------------------------------------------------------------------------------------------

// The key as the table names it; empty for what is no key of ours.
function named(event) {
  const { key, code } = event;
  if (event.isComposing || event.metaKey || (event.repeat && key !== "j" && key !== "k")) return "";
  const isSign = key === "?" || key === "/";
  // Some layouts print these two on a third level, which a browser may tell as Control and Alt.
  if ((event.ctrlKey || event.altKey) && !(isSign && event.getModifierState("AltGraph"))) return "";
  if (isSign || key === "Escape") return key;
  if (event.shiftKey) return "";
  if (key === "Enter") return event.target.closest("a, button, summary") ? "" : key;
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  return /^\p{L}$/u.test(key) && code.startsWith("Key") ? code.slice(3).toLowerCase() : "";
}

let begun = { key: "", at: 0 };

// The entry for a key, or for two in a row; null if there is none, or only the first of two was pressed.
function entryFor(key) {
  const first = Date.now() - begun.at < TWO_KEYS_WITHIN ? begun.key : "";
  begun = { key: "", at: 0 };
  const wanted = first ? `${first} ${key}` : key;
  const entry = KEYS.find((one) => one.keys.includes(wanted) && works(one));
  if (!entry && KEYS.some(({ keys }) => keys.some((name) => name.startsWith(`${key} `)))) begun = { key, at: Date.now() };
  return entry ?? null;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.target.closest("dialog")) return;
  const key = named(event);
  const typing = event.target.closest(TYPING) !== null;
  if (!key || (typing ? key !== "Escape" : isOff())) return;
  const entry = entryFor(key);
  if (!entry || typing !== Boolean(entry.whileTyping)) return;
  event.preventDefault();
  entry.act();
});

for (const button of document.querySelectorAll("[data-keys]")) button.addEventListener("click", sheet);
