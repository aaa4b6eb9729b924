// The pill: what is new is held back until it is asked for.
const SAY_AT_MOST_EVERY = 5_000;
const GATHER_FOR = 500;

// Puts words into a live region at a pace that can be listened to: the newest ones, and always the last.
function politely(region) {
  let newest = "";
  let timer = 0;
  let saidAt = 0;
  return (words) => {
    newest = words;
    timer ||= setTimeout(() => {
      timer = 0;
      saidAt = Date.now();
      region.textContent = newest;
    }, Math.max(GATHER_FOR, saidAt + SAY_AT_MOST_EVERY - Date.now()));
  };
}

export class Pill {
  // `words` says how many are held, of that number.
  constructor(words, show) {
    this.element = document.querySelector("[data-pill]");
    this.say = politely(document.querySelector("[data-pill-status]"));
    this.held = new Map();
    this.words = words;
    this.element.firstElementChild.addEventListener("click", () => show([...this.held.values()]));
  }

  hold(id, what) {
    this.held.set(String(id), what);
    this.refresh();
  }

  // Answers what was held, and holds it no longer.
  take(id) {
    const what = this.held.get(String(id));
    if (this.held.delete(String(id))) this.refresh();
    return what;
  }

  empty() {
    this.held.clear();
    this.refresh();
  }

  refresh() {
    const number = this.held.size;
    const text = number ? this.words(number) : "";
    this.element.hidden = number === 0;
    this.element.firstElementChild.textContent = text;
    this.say(text);
  }
}
