// Polls: voting in place, the counts as they come, the end by the clock. See templates/jam/poll.html.
import { isOpen, send } from "./posts.js";
import { showTimes } from "./times.js";
import { gettext, interpolate, ngettext, number } from "./words.js";

const template = document.getElementById("poll");
const now = () => window.jamNow?.() ?? Date.now();
const find = (id) => document.querySelector(`[data-poll="${id}"]`);
const rows = (poll) => [...poll.querySelectorAll("[data-choice]")];

// The same as `share` in jam/shown_occasions.py.
const share = (count, voters) => (voters ? Math.floor((200 * count + voters) / (2 * voters)) : 0);

function draw(poll, voters, counts) {
  poll.dataset.voters = voters;
  const words = ngettext("%(shown)s person voted", "%(shown)s people voted", voters);
  poll.querySelector("[data-voters-words]").textContent = interpolate(words, { shown: voters });
  if (!("shows" in poll.dataset)) return;
  for (const row of rows(poll)) {
    const count = counts[row.dataset.choice] ?? 0;
    const percent = share(count, voters);
    row.querySelector("[data-votes]").textContent = number(count);
    row.querySelector("[data-share]").textContent = `${number(percent)} %`;
    row.querySelector("progress").setAttribute("value", percent);
  }
}

const countsOf = (event) => Object.fromEntries(event.choices.map(({ id, count }) => [id, count]));

function setEnd(poll, at) {
  poll.dataset.closes = at ? String(Date.parse(at)) : "";
  const until = poll.querySelector("[data-until]");
  if (!at) until.replaceChildren();
  else {
    if (template && !until.querySelector("time")) until.replaceChildren(...template.content.querySelector("[data-until]").cloneNode(true).childNodes);
    const time = until.querySelector("time");
    if (time) time.dateTime = at.replace(/\.\d+/, ""); // to the second, as a page has it
  }
  showTimes(poll, now());
}

// --- the end: nothing can be chosen any more, and everybody sees what came out --------------------------------

function end(poll) {
  poll.dataset.over = "";
  for (const part of poll.querySelectorAll("label.poll-choice, .poll-actions, [data-poll-word]")) part.remove();
  for (const choice of poll.querySelectorAll(".only-after")) choice.classList.remove("only-after");
}

document.addEventListener("jam:tick", ({ detail }) => {
  for (const poll of document.querySelectorAll("[data-poll]:not([data-over])")) {
    const closes = Number(poll.dataset.closes);
    const isOver = ["reading", "review", "archived"].includes(detail.phase);
    if (isOver || (closes && closes <= detail.now)) end(poll);
  }
});

// --- a new one -------------------------------------------------------------------------------------------------

function build(event) {
  const poll = template.content.firstElementChild.cloneNode(true);
  const question = poll.querySelector(".poll-question");
  question.firstElementChild.textContent = event.question;
  question.id = `poll-${event.poll}-question`;
  poll.id = `poll-${event.poll}`;
  poll.dataset.poll = event.poll;
  for (const element of [poll, poll.querySelector("table")]) element.setAttribute("aria-labelledby", question.id);
  for (const [selector, name] of [["a", "href"], ["[formaction]", "formaction"]]) {
    for (const element of poll.querySelectorAll(selector)) {
      element.setAttribute(name, element.getAttribute(name).replace("/polls/0/", `/polls/${event.poll}/`));
    }
  }
  if (!event.multiple) poll.querySelector("[data-multiple]").remove();
  const body = poll.querySelector("tbody");
  const row = body.firstElementChild;
  body.replaceChildren(...event.choices.map((choice) => buildRow(row.cloneNode(true), choice, event)));
  poll.toggleAttribute("data-shows", event.results === "always");
  setEnd(poll, event.closes_at);
  draw(poll, event.voters, countsOf(event));
  return poll;
}

function buildRow(row, choice, event) {
  row.dataset.choice = choice.id;
  for (const words of row.querySelectorAll(".poll-words")) words.textContent = choice.words;
  const input = row.querySelector("input");
  if (input) {
    input.setAttribute("type", event.multiple ? "checkbox" : "radio");
    input.name = `poll-${event.poll}`;
    input.setAttribute("value", choice.id);
  }
  return row;
}

function changed(event) {
  const poll = find(event.poll);
  if (!poll) {
    const here = document.querySelector(`[data-polls="${event.forum ?? ""}"]`);
    if (!here || !template) return;
    here.querySelector("h2").after(build(event));
    here.hidden = false;
    return;
  }
  setEnd(poll, event.closes_at);
  if (event.closes_at && Date.parse(event.closes_at) <= now() + 1000) {
    poll.dataset.shows = "";
    end(poll);
  }
  draw(poll, event.voters, countsOf(event));
}

function removed(event) {
  const poll = find(event.poll);
  const here = poll?.closest("[data-polls]");
  poll?.remove();
  if (here && !here.querySelector("[data-poll]")) here.hidden = true;
}

document.addEventListener("jam:event", ({ detail }) => {
  if (detail.kind === "poll.changed") changed(detail);
  if (detail.kind === "poll.removed") removed(detail);
  if (detail.kind === "poll.counted" && find(detail.poll)) draw(find(detail.poll), detail.voters, detail.counts);
});

// --- voting ------------------------------------------------------------------------------------------------------

function say(poll, text) {
  const word = poll.querySelector("[data-poll-word]");
  if (!word) return;
  word.textContent = text;
  word.hidden = !text;
}

async function vote(poll, button) {
  const data = new FormData();
  for (const input of poll.querySelectorAll("input:checked")) data.append(input.name, input.value);
  if (button.name) data.append(button.name, button.value);
  say(poll, "");
  button.classList.add("is-busy");
  const answer = await send(button.getAttribute("formaction"), data);
  button.classList.remove("is-busy");
  if (answer.status !== 200) {
    say(poll, answer.message ?? gettext("The server could not take that. Try again in a moment."));
    return;
  }
  const fresh = document.createRange().createContextualFragment(answer.html).querySelector("[data-poll]");
  poll.replaceWith(fresh);
  showTimes(fresh, now());
  (fresh.querySelector("input:checked") ?? fresh.querySelector("input"))?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-poll] button[formaction]");
  if (!button) return;
  event.preventDefault();
  if (isOpen() && !button.classList.contains("is-busy")) vote(button.closest("[data-poll]"), button);
});
