import { gettext, interpolate } from "./words.js";

// Says that a file is too large before it is sent, beside the field that holds it.
const megabyte = 1024 * 1024;

for (const field of document.querySelectorAll("input[type=file][data-max-bytes]")) {
  const limit = Number(field.dataset.maxBytes);
  field.addEventListener("change", () => {
    const size = field.files[0]?.size ?? 0;
    const words = interpolate(gettext("This file has %(size)s MB; at most %(limit)s MB can be sent."), { size: Math.ceil(size / megabyte), limit: Math.floor(limit / megabyte) });
    field.setCustomValidity(size > limit ? words : "");
    field.reportValidity();
  });
}
