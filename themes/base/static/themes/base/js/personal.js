// What is the visitor's own on a page that is the same for everyone: account link, basket count, mini basket.

import { all, arrived, getHtml, parse } from "./dom.js";
import { changes, showCount } from "./basket.js";

/** Put a part of the fragment in place of the page's. The element stays, so that an open basket stays open. */
function replace(element, part) {
  for (const { name, value } of part.attributes) element.setAttribute(name, value);
  element.replaceChildren(...part.childNodes);
  arrived(element);
}

async function load() {
  const before = changes;
  const fragment = parse(await getHtml(document.body.dataset.personal));
  // Something was bought meanwhile: that answer is newer than this one.
  if (changes !== before) return;
  for (const part of fragment.querySelectorAll("[data-personal]")) {
    for (const element of all(`[data-personal="${CSS.escape(part.dataset.personal)}"]`)) replace(element, part.cloneNode(true));
  }
  const count = document.querySelector("[data-count]");
  if (count) showCount(Number(count.textContent));
}

if (document.body.dataset.personal) {
  const quietly = () => load().catch(() => { /* The page is whole without it: the links lead to the same places. */ });
  quietly();
  // Back from the checkout: the browser shows the page as it was left, and the basket is another one.
  addEventListener("pageshow", (event) => { if (event.persisted) quietly(); });
}
