// The words of a post's fragment. One that comes with a live event is in English, the same for everybody, and says by
// data-word (its text) and data-label (its aria-label) what they mean; one in a page is in the reader's language already.
import { gettext, interpolate, language, phrase } from "./words.js";

const WORDS = {
  agree: () => gettext("Agree"),
  answers: () => gettext("answers %(name)s"),
  best: () => gettext("Best"),
  disagree: () => gettext("Disagree"),
  edited: () => gettext("edited"),
  emerging: () => gettext("Emerging"),
  flag_of: () => gettext("Flag the post by %(name)s"),
  hidden_idea: () => gettext("This idea is hidden."),
  hidden_post: () => gettext("This post is hidden."),
  idea_by: () => gettext("An idea by %(name)s"),
  keep: () => gettext("Keep"),
  pass: () => gettext("Pass"),
  prompt: () => gettext("A facilitator asks"),
  reply: () => gettext("Reply"),
  reply_to: () => gettext("Reply to %(name)s"),
  tags: () => gettext("Tags"),
  upvote: () => gettext("Upvote"),
  upvotes: () => gettext("Upvotes"),
  withdrawn_idea: () => gettext("The author withdrew this idea."),
  withdrawn_post: () => gettext("The author withdrew this post."),
  your_vote: () => gettext("Your vote"),
};

export const word = (name) => WORDS[name]();

// Puts the reader's words in place of the English ones.
export function translate(post) {
  if (language === "en") return;
  const author = post.querySelector(".post-author")?.textContent ?? "";
  for (const element of post.querySelectorAll("[data-word]")) {
    // A name that is an element of its own stays one.
    const name = element.querySelector("bdi") ?? author;
    element.replaceChildren(...phrase(word(element.dataset.word), { name }));
  }
  for (const element of post.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", interpolate(word(element.dataset.label), { name: author }));
  }
}
