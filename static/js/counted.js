// How many of something, in words. Each phrase stands here once, and once in jam/templatetags/counted.py.
import { interpolate, ngettext, phrase } from "./words.js";

const PHRASES = {
  thread: (count) => ngettext("%(count)s idea", "%(count)s ideas", count),
  post: (count) => ngettext("%(count)s post", "%(count)s posts", count),
  reply: (count) => ngettext("%(count)s reply", "%(count)s replies", count),
};

// Says it anew wherever it is said: <span data-reply-count="3">3 replies</span>.
export function put(within, name, count) {
  for (const element of within.querySelectorAll(`[data-${name}-count]`)) {
    element.setAttribute(`data-${name}-count`, count);
    element.textContent = interpolate(PHRASES[name](count), { count });
  }
}

// Of the fold of a branch: <span class="fold" data-branch-count="3">3 replies to <bdi>…</bdi></span>.
export function putBranch(fold, count, name = fold.querySelector("bdi")?.textContent ?? "") {
  fold.dataset.branchCount = count;
  const bdi = Object.assign(document.createElement("bdi"), { textContent: name });
  fold.replaceChildren(...phrase(ngettext("%(count)s reply to %(name)s", "%(count)s replies to %(name)s", count), { count, name: bdi }));
}
