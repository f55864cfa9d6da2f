// Add to the basket without leaving the page. Whatever goes wrong, the form submits as it would without a script.

import { all, fill } from "./dom.js";
import { toast } from "./toast.js";
import { numbered } from "./words.js";

const onItsWay = new WeakSet();
const asUsual = new WeakSet();

/** How often the basket changed on this page: what was asked for before that is out of date. */
export let changes = 0;

/** Show how many things are in the basket, to eyes and to screen readers. */
export function showCount(number) {
  for (const count of all("[data-count]")) {
    count.textContent = number;
    count.hidden = number === 0;
    const button = count.closest("a, button");
    if (button?.dataset.labelOther) button.setAttribute("aria-label", numbered(button, number));
  }
}

async function send(form, submitter) {
  const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  const response = await fetch(action, {
    method: "POST",
    body: new FormData(form, submitter),
    headers: { Accept: "application/json", "X-Requested-With": "fetch" },
  });
  return response.json();
}

function show(form, answer) {
  toast(answer.message, { link: answer.ok });
  if (!answer.ok) return;
  changes += 1;
  showCount(answer.count);
  for (const basket of all("[data-mini-basket]")) fill(basket, answer.mini_basket_html);
  // A hotspot's card has done its work; the basket itself stays open.
  const panel = form.closest("[popover]");
  if (panel && !panel.querySelector("[data-mini-basket]")) panel.hidePopover?.();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-add], [data-buy-all]") || asUsual.delete(form)) return;
  // A button of the same form that does something else, such as putting it on a wish list.
  if (event.submitter?.hasAttribute("data-plain")) return;
  event.preventDefault();
  // A second click while the first is on its way would buy twice.
  if (onItsWay.has(form)) return;
  onItsWay.add(form);
  let answer;
  try {
    answer = await send(form, event.submitter);
  } catch {
    answer = null;
  }
  onItsWay.delete(form);
  if (answer?.ok || answer?.message) {
    show(form, answer);
  } else {
    asUsual.add(form);
    form.requestSubmit(event.submitter);
  }
});
