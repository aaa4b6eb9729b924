// Names after an @, and tags, completed while they are typed.
import { complete, suggested } from "./completion.js";
import { replaceBefore } from "./editing.js";
import { home } from "./posts.js";
import { gettext } from "./words.js";

const NAMED = /(?:^|[^\w@/.+-])@([^\n@]{0,60})$/u;
const WORDS_MAX = 5;

// Not the rows of a list, which name theirs too.
const thread = () => document.querySelector(".thread[data-thread], .answered[data-thread]")?.dataset.thread ?? "";

complete({
  matches: "[data-writing] textarea",
  label: () => gettext("Members to name"),
  typed(field) {
    if (field.selectionStart !== field.selectionEnd) return null;
    const text = field.value.slice(0, field.selectionEnd).match(NAMED)?.[1];
    if (text === undefined || text.startsWith(" ") || text.endsWith("  ") || text.split(" ").length > WORDS_MAX) return null;
    return { text };
  },
  async ask(text) {
    const { people = [] } = await suggested(`${home}people/suggest/`, { q: text, thread: thread() });
    // What is there already in full needs no completing.
    const same = people.filter(({ name }) => name.toLowerCase() === text.trim().toLowerCase());
    if (same.length === 1 && people.length === 1 && text.endsWith(" ")) return [];
    return people.map((who) => ({ ...who, words: who.name, more: [who.from, who.here ? gettext("wrote here") : ""].filter(Boolean).join(" · ") }));
  },
  accept(field, { text }, { id, name }) {
    replaceBefore(field, text.length + 1, `@${name} `);
    const chosen = field.form.elements.mentions;
    if (chosen) chosen.value = [id, ...chosen.value.split(",").filter((other) => other && other !== String(id))].join(",");
  },
});

complete({
  matches: "form[data-composer] input[name=tags], form[data-editor] input[name=tags]",
  label: () => gettext("Tags of this jam"),
  typed(field) {
    const text = field.value.slice(0, field.selectionEnd).split(",").at(-1).trimStart();
    return text ? { text } : null;
  },
  async ask(text, field) {
    const { tags = [] } = await suggested(`${home}tags/suggest/`, { q: text });
    const there = new Set(field.value.split(",").map((tag) => tag.trim().toLowerCase()));
    return tags.filter((tag) => !there.has(tag)).map((tag) => ({ words: tag }));
  },
  accept(field, { text }, { words }) {
    replaceBefore(field, text.length, `${words}, `);
  },
});
