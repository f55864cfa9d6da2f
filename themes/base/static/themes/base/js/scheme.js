// The switch between light and dark. Without a choice the page follows the system; a choice that agrees with the
// system is forgotten, so that the page follows it again.

import { all, onContent } from "./dom.js";

const root = document.documentElement;
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const system = () => (systemDark.matches ? "dark" : "light");
const current = () => root.dataset.scheme || system();

function label(button) {
  // The name says what a press does.
  const text = current() === "dark" ? button.dataset.textLight : button.dataset.textDark;
  const words = button.querySelector("[data-scheme-text]");
  if (words) words.textContent = text;
  else if (text) button.setAttribute("aria-label", text);
}

function remember(scheme) {
  try {
    if (scheme === system()) localStorage.removeItem("scheme");
    else localStorage.setItem("scheme", scheme);
  } catch {
    // Private windows may refuse; the choice then lasts for this page.
  }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-scheme-switch]")) return;
  const scheme = current() === "dark" ? "light" : "dark";
  root.dataset.scheme = scheme;
  remember(scheme);
  all("[data-scheme-switch]").forEach(label);
});

systemDark.addEventListener("change", () => all("[data-scheme-switch]").forEach(label));

onContent((arrivedRoot) => {
  for (const button of all("[data-scheme-switch]", arrivedRoot)) {
    button.hidden = false;
    label(button);
  }
});
