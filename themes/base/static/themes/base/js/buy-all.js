// Buy everything in a story: the total follows the boxes. Sending the form is basket.js's work.

import { money, numbered } from "./words.js";

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-buy-all]");
  if (!form) return;
  const chosen = [...form.querySelectorAll("input[data-price]:checked")];
  const sum = chosen.reduce((total, input) => total + Number(input.dataset.price), 0);
  const total = form.querySelector("[data-total] .price__now");
  const number = form.querySelector("[data-number]");
  if (total) total.textContent = money(sum, form.dataset.currency, "wholePrices" in form.dataset);
  if (number) number.textContent = numbered(number, chosen.length);
  for (const button of form.querySelectorAll("[type=submit]")) button.disabled = chosen.length === 0;
});
