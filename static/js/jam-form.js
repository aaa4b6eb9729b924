import { gettext } from "./words.js";

// The form of a jam: an address made from the title while nobody wrote one, and the accent as it will be shown.
const slug = document.querySelector("[data-slug-from]");
const title = slug && document.getElementById(slug.dataset.slugFrom);

const slugOf = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60).replace(/-+$/, "");

if (title && !slug.value) {
  let own = false;
  slug.addEventListener("input", () => { own = slug.value !== ""; });
  title.addEventListener("input", () => { if (!own) slug.value = slugOf(title.value); });
}

const field = document.querySelector("[data-swatch]");
const swatches = document.querySelector("[data-swatches]");
const loaded = new Set();

function show() {
  const colour = field.value.trim().toLowerCase();
  const fits = /^#[0-9a-f]{6}$/.test(colour);
  swatches.hidden = !fits;
  if (!fits) return;
  const key = colour.slice(1);
  swatches.className = `swatches accent-${key}`;
  if (picker.value !== colour) picker.value = colour;
  if (loaded.has(key)) return;
  loaded.add(key);
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = `/accents/${key}.css`;
  document.head.append(sheet);
}

const picker = document.createElement("input");
if (field && swatches) {
  picker.type = "color";
  picker.className = "picker";
  picker.setAttribute("aria-label", gettext("Pick the accent"));
  picker.value = field.value || "#0b6670";
  field.after(picker);
  let wait = 0;
  picker.addEventListener("input", () => {
    field.value = picker.value;
    clearTimeout(wait);
    wait = setTimeout(show, 120);
  });
  field.addEventListener("input", show);
  show();
}
