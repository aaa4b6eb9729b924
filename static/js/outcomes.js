// What became of ideas, as it is said while a page is open: in the thread, and beside the idea in lists.
import { showTimes } from "./times.js";
import { gettext } from "./words.js";

const STATES = {
  considered: () => gettext("Being considered"),
  planned: () => gettext("Planned"),
  done: () => gettext("Done"),
  declined: () => gettext("Not taken up"),
};

const make = (name, properties, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const badge = (state) => make("span", { className: `badge badge-${state}`, textContent: STATES[state]() });

// The same as templates/threads/outcome.html.
function whole({ state, words, by, at }, language) {
  const title = make("h2", { id: "outcome-title" }, make("span", { className: "sr-only", textContent: gettext("What became of it:") }), " ", badge(state));
  const section = make("section", { className: `outcome outcome-${state}` }, title);
  section.setAttribute("aria-labelledby", title.id);
  if (words) section.append(make("div", { className: "prose prose-small", lang: language, dir: "auto", innerHTML: words }));
  const time = make("time", { dateTime: at.replace(/\.\d+/, "") });
  time.dataset.when = "near";
  section.append(make("p", { className: "meta" }, make("bdi", { className: "clip", textContent: by.name }), make("span", {}, time)));
  return section;
}

function inThread(event) {
  const place = document.querySelector(`.thread[data-thread="${event.thread}"] [data-outcome-place]`);
  if (!place) return;
  place.replaceChildren(...(event.state ? [whole(event, place.lang)] : []));
  showTimes(place);
}

function inLists(event) {
  for (const meta of document.querySelectorAll(`.idea[data-thread="${event.thread}"] > .meta`)) {
    meta.querySelector("[data-outcome]")?.remove();
    if (!event.state) continue;
    const shown = badge(event.state);
    shown.dataset.outcome = event.state;
    meta.prepend(shown);
  }
}

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind !== "outcome.set") return;
  inThread(detail);
  inLists(detail);
});
