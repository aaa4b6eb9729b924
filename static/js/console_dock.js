// What is done to the row that has the focus, or had it last: buttons, which the keys press (static/js/keys.js).
import { say } from "./notices.js";
import { close, openPanel } from "./console_panels.js";
import { me, send } from "./posts.js";
import { gettext, interpolate } from "./words.js";

const WARNED_FOR = 15_000;
const frame = document.querySelector("[data-console]");
const dock = frame.querySelector("[data-dock]");
const title = dock.querySelector("[data-dock-title]");
const acts = [...dock.querySelectorAll("[data-do]")];

let key = ""; // of the row that is acted on
let from = null; // the thread that another is to be connected with
let warned = { key: "", at: 0 };

const rows = () => [...frame.querySelectorAll(`.console-row[data-key="${CSS.escape(key)}"]`)];
const row = () => rows().find((one) => one.classList.contains("is-at")) ?? rows()[0];

const pressed = {
  emerging: (data) => data.mark === "emerging",
  best: (data) => data.mark === "best",
  pin: (data) => "pinned" in data,
  lock: (data) => "locked" in data,
  claim: (data) => data.handledBy === me,
  connect: (data) => from !== null && from === data.thread,
};

function dress() {
  const at = row();
  dock.hidden = !at?.dataset.postId;
  if (dock.hidden) return;
  title.textContent = at.querySelector(".row-link").textContent;
  for (const act of acts) {
    const is = pressed[act.dataset.do];
    if (is) act.setAttribute("aria-pressed", String(is(at.dataset)));
    const { href } = act.dataset;
    if (href) act.href = href.replace("FORUM", at.dataset.forum).replace("/posts/0/", `/posts/${at.dataset.postId}/`);
  }
}

function stand(at) {
  if (!at?.dataset.postId) return;
  for (const other of frame.querySelectorAll(".is-at")) other.classList.remove("is-at");
  at.classList.add("is-at");
  key = at.dataset.key;
  dress();
}

// --- doing it -----------------------------------------------------------------------------------------------------

const address = (at) => dock.dataset.address.replace("/posts/0/", `/posts/${at.dataset.postId}/`);

// Whether somebody else handles it, and this was not said a moment ago.
function warns(at) {
  const badge = at.querySelector("[data-handled]");
  if (!badge || at.dataset.handledBy === me) return false;
  const again = warned.key === key && Date.now() - warned.at < WARNED_FOR;
  warned = { key, at: Date.now() };
  if (!again) say(interpolate(gettext("%(who)s. Press again to go on all the same."), { who: badge.textContent }));
  return !again;
}

export async function post(at, values) {
  const answer = await send(address(at), new URLSearchParams(values));
  if (answer.status === 200) {
    say(answer.said);
    document.dispatchEvent(new CustomEvent("console:acted"));
  }
  return answer;
}

function whatToDo(button, at) {
  const name = button.dataset.do;
  if (name === "claim" && at.dataset.handledBy && at.dataset.handledBy !== me && at.querySelector("[data-handled]")) return "take_over";
  return button.getAttribute("aria-pressed") === "true" ? button.dataset.back : name;
}

async function connect(at) {
  if (from === null || from === at.dataset.thread) {
    from = from === null ? at.dataset.thread : null;
    say(from ? gettext("Now go to the other thread, and press “See also” there.") : gettext("Nothing is connected."));
    dress();
    return;
  }
  const answer = await post(at, { do: "connect", other: from });
  if (answer.status !== 200) say(answer.message);
  else from = null;
  dress();
}

async function press(button) {
  const at = row();
  if (!at || button.disabled || warns(at)) return;
  if (button.dataset.panel) {
    openPanel(at, button.dataset.do, button.dataset.panel);
    return;
  }
  if (button.dataset.do === "connect") {
    await connect(at);
    return;
  }
  const act = whatToDo(button, at);
  button.classList.add("is-busy");
  const answer = await post(at, { do: act });
  button.classList.remove("is-busy");
  if (answer.status !== 200) say(answer.message);
}

dock.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-do]");
  if (event.target.closest?.("[data-dock-close]")) {
    close();
    for (const other of frame.querySelectorAll(".is-at")) other.classList.remove("is-at");
    key = "";
    dock.hidden = true;
  } else if (button?.localName === "button") press(button);
});

frame.addEventListener("focusin", ({ target }) => { if (!target.closest(".console-panel")) stand(target.closest(".console-row")); });
frame.addEventListener("click", (event) => {
  const more = event.target.closest?.("[data-act]");
  if (!more || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  stand(more.closest(".console-row"));
});
frame.addEventListener("console:fresh", () => { if (key) dress(); });

// --- from column to column ----------------------------------------------------------------------------------------

const isShown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

// To the next column that has rows, at the row that stands as high.
export function beside(step) {
  const columns = [...frame.querySelectorAll("[data-column]")].filter((one) => isShown(one) && one.querySelector(".row-link"));
  const here = columns.findIndex((one) => one.contains(document.activeElement));
  const next = columns[here < 0 ? 0 : here + step];
  if (!next) return;
  const height = document.activeElement.getBoundingClientRect().top;
  const links = [...next.querySelectorAll(".row-link")];
  const nearest = (one, other) => (Math.abs(other.getBoundingClientRect().top - height) < Math.abs(one.getBoundingClientRect().top - height) ? other : one);
  (here < 0 ? links[0] : links.reduce(nearest)).focus();
}
frame.addEventListener("console:beside", ({ detail }) => beside(detail));
