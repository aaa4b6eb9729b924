// What a reader may do to a post beside taking part: change or withdraw their own, hide another's. As threads/views/tree.py.
import { mayPost } from "./posts.js";

const template = document.getElementById("tools");
const MINUTE = 60_000;
const IS_OVER_EVERY = 15_000;

const writtenAt = (post) => Date.parse(post.querySelector(".post-at time")?.dateTime);

function uses(node, post) {
  const hidden = post.matches(".post-hidden");
  const withdrawn = post.matches(".post-withdrawn");
  const mine = "own" in node.dataset && mayPost();
  const move = post.dataset.depth !== "0";
  return { move, edit: mine && !hidden, withdraw: mine && !hidden, put_back: mine && withdrawn, hide: withdrawn || !hidden, restore: hidden && !withdrawn };
}

const isOver = (tool, post) => tool.dataset.tool === "edit" && !(Date.now() < writtenAt(post) + tool.dataset.minutes * MINUTE);

// Puts those under a post that its reader has a use for.
export function tools(node) {
  node.querySelector(":scope > .tools")?.remove();
  if (!template) return;
  const post = node.querySelector(":scope > .post");
  const element = template.content.firstElementChild.cloneNode(true);
  const useful = uses(node, post);
  for (const tool of element.querySelectorAll("[data-tool]")) {
    const name = tool.localName === "a" ? "href" : "formaction";
    tool.setAttribute(name, tool.getAttribute(name).replace("/posts/0/", `/posts/${post.dataset.postId}/`));
    if (!useful[tool.dataset.tool] || isOver(tool, post)) tool.remove();
  }
  if (element.querySelector("[data-tool]")) post.after(element);
}

// The time to change a post ends while its page is open.
setInterval(() => {
  for (const tool of document.querySelectorAll(".node > .tools > [data-tool=edit]")) {
    if (isOver(tool, tool.closest(".node").querySelector(":scope > .post"))) tool.remove();
  }
}, IS_OVER_EVERY);
