// What the page says, in the reader's language. The catalog is a script of its own, which base.html loads before the
// modules (jam/words.py); in English there is none. The same functions as Python's gettext.
const { words = {}, plural = (n) => Number(n !== 1) } = globalThis.jamWords ?? {};

export const language = document.documentElement.lang || "en";

const CONTEXT = "\u0004";
// Western digits in every language, as the server has them.
const digits = new Intl.NumberFormat(`${language}-u-nu-latn`, { useGrouping: "always" });

const find = (key, index) => [words[key]].flat()[index] || null;

export const gettext = (text) => find(text, 0) ?? text;
export const pgettext = (context, text) => find(context + CONTEXT + text, 0) ?? text;

// As many forms as the language has; `number` decides.
export function ngettext(one, many, number) {
  return find(one, plural(number)) ?? (number === 1 ? one : many);
}

// A whole number in the reader's form: 1,234 or 1.234. As the filter `number` in jam/templatetags/ui.py.
export const number = (value) => digits.format(value);

const shown = (value) => (typeof value === "number" ? number(value) : String(value));

// Puts values in: an object for %(name)s, a list for each %s in turn. Numbers come out in the reader's form.
export function interpolate(text, values) {
  if (Array.isArray(values)) {
    let next = 0;
    return text.replace(/%(?:s|(%))/g, (_, percent) => percent ?? shown(values[next++]));
  }
  return text.replace(/%(?:\((\w+)\)s|(%))/g, (_, name, percent) => percent ?? shown(values[name]));
}

// The same with elements among the values: answers what goes into `replaceChildren`.
export const phrase = (text, values) => text.split(/%\((\w+)\)s/).map((part, index) => {
  if (index % 2 === 0) return part.replaceAll("%%", "%");
  return values[part] instanceof Node ? values[part] : shown(values[part]);
});
