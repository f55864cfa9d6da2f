// Sorting applies at once, so its button goes. The form is a plain GET without this.

import { all, onContent } from "./dom.js";

onContent((root) => {
  for (const button of all("[data-nojs]", root)) button.hidden = true;
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".sort select")) event.target.form.requestSubmit();
});
