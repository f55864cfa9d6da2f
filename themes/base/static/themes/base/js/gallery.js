// Gallery: thumbnails move the strip, the strip marks the thumbnail.

import { all, onContent } from "./dom.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Bring the picture with this id to the front of its gallery. */
export function showPicture(id) {
  const picture = document.getElementById(id);
  const stage = picture?.closest(".gallery__stage");
  if (!stage) return;
  const left = picture.offsetLeft - stage.firstElementChild.offsetLeft;
  stage.scrollTo({ left, behavior: still.matches ? "instant" : "smooth" });
}

document.addEventListener("click", (event) => {
  const thumb = event.target.closest(".gallery__thumbs a");
  if (!thumb) return;
  event.preventDefault();
  showPicture(thumb.hash.slice(1));
});

onContent((root) => {
  for (const gallery of all(".gallery", root)) {
    const stage = gallery.querySelector(".gallery__stage");
    const thumbs = all(".gallery__thumbs a", gallery);
    const seen = new IntersectionObserver(
      (entries) => {
        const front = entries.find((entry) => entry.isIntersecting)?.target;
        if (!front) return;
        for (const thumb of thumbs) thumb.setAttribute("aria-current", String(thumb.hash === `#${front.id}`));
      },
      { root: stage, threshold: 0.6 },
    );
    for (const picture of stage?.children ?? []) seen.observe(picture);
  }
});
