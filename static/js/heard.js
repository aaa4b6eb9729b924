// What the jam says, on document: each event once and in order, whichever way it came.
//
//   jam:event    detail: the event          jam:counts  detail: {post: {agree, pass, disagree}}
//   jam:here     detail: {here}             jam:reset   detail: {seq}; too much was missed, the page should load anew
//   jam:offline  nothing reaches us, and it is being mended      jam:online  it is mended
//
// body.dataset.seq is always the last seq that was heard of.
const { body } = document;

let seq = body.dataset.seq ? Number(body.dataset.seq) : null;
let offline = false;
let saying = 0; // the timer after which we say that we are offline

export const lastSeq = () => seq;
export const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

function moveTo(number) {
  seq = number;
  body.dataset.seq = number;
}

// Passes a frame on. Answers false, and passes nothing on, if something before it is missing.
export function take(frame) {
  isOnline();
  if (frame.reset) {
    moveTo(frame.seq);
    tell("jam:reset", { seq });
    return true;
  }
  if (seq === null) moveTo(frame.after);
  if (frame.after > seq) return false;
  for (const event of frame.events) {
    if (event.seq <= seq) continue;
    moveTo(event.seq);
    tell("jam:event", event);
  }
  if (frame.seq > seq) moveTo(frame.seq);
  if (frame.counts) tell("jam:counts", frame.counts);
  if (frame.here !== undefined) tell("jam:here", { here: frame.here });
  return true;
}

// Says so unless something is heard within `soon` milliseconds.
export function isOffline(soon) {
  if (offline || (saying && soon)) return;
  clearTimeout(saying);
  saying = setTimeout(() => {
    saying = 0;
    offline = true;
    tell("jam:offline");
  }, soon);
}

export function isOnline() {
  clearTimeout(saying);
  saying = 0;
  if (!offline) return;
  offline = false;
  tell("jam:online");
}

// Neither any more: the page is on its own.
export function isOver() {
  clearTimeout(saying);
  offline = false;
}
