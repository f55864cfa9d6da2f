// Products seen before: the browser keeps their numbers, the server draws them. See README.md.

import { all, fill, getHtml, onContent } from "./dom.js";

const KEY = "recent";
const KEPT = 13;

/** The numbers kept, newest first; nothing where storage is off or holds something else. */
function kept() {
  try {
    const ids = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => /^\d{1,18}$/.test(id)) : [];
  } catch {
    return [];
  }
}

function keep(ids) {
  try {
    localStorage.setItem(KEY, JSON.stringify(ids.slice(0, KEPT)));
  } catch { /* Private windows may refuse: then nothing is remembered. */ }
}

/** Put the fragment in its place, under the title that an editor gave it where there is one. */
function show(element, html) {
  if (!html.trim()) return element.remove();
  fill(element, html);
  const heading = element.querySelector("h2");
  if (heading && element.dataset.recentTitle) heading.textContent = element.dataset.recentTitle;
}

onContent((root) => {
  for (const element of all("[data-recent]", root)) {
    const now = element.dataset.recentId;
    const before = kept().filter((id) => id !== now);
    if (now) keep([now, ...before]);
    if (before.length === 0) {
      element.remove();
      continue;
    }
    getHtml(`${element.dataset.recent}?ids=${before.slice(0, KEPT - 1).join(",")}`)
      .then((html) => show(element, html))
      .catch(() => element.remove());
  }
});
