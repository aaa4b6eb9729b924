// What was truly in view: at least half of it, or half of the window full of it, for a second, while somebody looks at
// the tab.
//
//   watch(elements, onShown)   calls back once for each of them, with the element; one that is watched already by the
//                              same callback is not watched twice
//   forget(element)            nobody wants to hear of it any more
const LONG_ENOUGH = 1_000;
const ENOUGH = 0.5;
const STEPS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]; // a long post never shows half of itself at once

const wanted = new Map(); // element: the callbacks that wait for it
const inView = new Set();
const timers = new Map();

const isEnough = ({ intersectionRatio, intersectionRect, rootBounds }) =>
  intersectionRatio >= ENOUGH || intersectionRect.height >= ENOUGH * (rootBounds?.height ?? innerHeight);

function wait(element) {
  if (document.hidden || timers.has(element)) return;
  timers.set(element, setTimeout(() => shown(element), LONG_ENOUGH));
}

function stop(element) {
  clearTimeout(timers.get(element));
  timers.delete(element);
}

function shown(element) {
  const callbacks = wanted.get(element) ?? [];
  forget(element);
  if (element.isConnected) for (const callback of callbacks) callback(element);
}

const observer = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const { target } = entry;
    if (entry.isIntersecting && isEnough(entry)) {
      inView.add(target);
      wait(target);
    } else {
      inView.delete(target);
      stop(target);
    }
  }
}, { threshold: STEPS });

document.addEventListener("visibilitychange", () => {
  for (const element of inView) (document.hidden ? stop : wait)(element);
});

export function forget(element) {
  stop(element);
  inView.delete(element);
  wanted.delete(element);
  observer.unobserve(element);
}

export function watch(elements, onShown) {
  for (const element of elements) {
    const callbacks = wanted.get(element) ?? new Set();
    callbacks.add(onShown);
    if (wanted.has(element)) continue;
    wanted.set(element, callbacks);
    observer.observe(element);
  }
}
