// Says that a file is too large before it is sent, beside the field that holds it.
const megabyte = 1024 * 1024;

for (const field of document.querySelectorAll("input[type=file][data-max-bytes]")) {
  const limit = Number(field.dataset.maxBytes);
  field.addEventListener("change", () => {
    const size = field.files[0]?.size ?? 0;
    const words = `This file has ${Math.ceil(size / megabyte)} MB; at most ${Math.floor(limit / megabyte)} MB can be sent.`;
    field.setCustomValidity(size > limit ? words : "");
    field.reportValidity();
  });
}
