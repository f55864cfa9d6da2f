// Steppers: minus and plus appear only where they work, and "Update" only once there is something to update.

import { all, onContent } from "./dom.js";

onContent((root) => {
  for (const box of all("[data-stepper]", root)) {
    for (const button of box.querySelectorAll("button")) button.hidden = false;
  }
  for (const button of all("[data-if-changed]", root)) button.hidden = true;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-stepper] button");
  if (!button) return;
  const input = button.parentElement.querySelector("input");
  const before = input.value;
  if (button.compareDocumentPosition(input) & Node.DOCUMENT_POSITION_FOLLOWING) input.stepDown();
  else input.stepUp();
  if (input.value !== before) input.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("input", (event) => {
  if (!event.target.closest("[data-stepper]")) return;
  const button = event.target.form?.querySelector("[data-if-changed]");
  if (button) button.hidden = event.target.value === event.target.defaultValue;
});
