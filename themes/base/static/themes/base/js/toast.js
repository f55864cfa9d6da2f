// Toast: one polite message at a time, gone after six seconds unless someone is on it.

const STAYS = 6000;
const shelf = document.querySelector("[data-toasts]");
let timer;

function leaveSoon(box) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (box.matches(":hover, :focus-within")) leaveSoon(box);
    else box.remove();
  }, STAYS);
}

/** Show `text`, with the shelf's own link (data-link-href, data-link-text) where `link` is true. */
export function toast(text, { link = false } = {}) {
  if (!shelf || !text) return;
  const box = document.createElement("div");
  box.className = "toast";
  box.append(text);
  if (link && shelf.dataset.linkHref) {
    const a = document.createElement("a");
    a.href = shelf.dataset.linkHref;
    a.textContent = shelf.dataset.linkText;
    box.append(a);
  }
  shelf.replaceChildren(box);
  leaveSoon(box);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toast]");
  if (button) toast(button.dataset.toast);
});
