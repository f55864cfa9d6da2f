// Parts of a page that come later, once they are about to be seen: what was viewed recently, for example.

import { all, fill, getHtml, onContent } from "./dom.js";

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      getHtml(target.dataset.fragment)
        .then((html) => (html.trim() ? fill(target, html) : target.remove()))
        .catch(() => target.remove());
    }
  },
  { rootMargin: "200px" },
);

onContent((root) => {
  for (const element of all("[data-fragment]", root)) near.observe(element);
});
