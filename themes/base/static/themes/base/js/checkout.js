// Another country has other deliveries, taxes and sums: they are shown as soon as it is chosen, not after the next step.

import { all, arrived } from "./dom.js";

let request;

async function update(form) {
  request?.abort();
  const mine = (request = new AbortController());
  const sent = new FormData(form);
  sent.set("do", "prices");
  try {
    const response = await fetch(location.href, { method: "POST", body: sent, signal: mine.signal });
    if (!response.ok || response.redirected) throw new Error(`${location.href} answered ${response.status}`);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const old of all("[data-priced]")) {
      const fresh = page.querySelector(`[data-priced="${CSS.escape(old.dataset.priced)}"]`);
      if (!fresh) continue;
      old.replaceChildren(...fresh.childNodes);
      arrived(old);
    }
    form.elements.seen.value = page.querySelector("[name=seen]").value;
  } catch {
    // A newer request took over, or the next step says what differs.
  }
}

const DECIDES = ["country", "saved"];

// Whether a field holds something else than it came with.
function isChanged(field) {
  if (!field.options) return field.checked !== field.defaultChecked;
  return [...field.options].some((option) => option.selected !== option.defaultSelected);
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-prices]") && DECIDES.includes(event.target.name)) update(form);
});

// Whoever was quicker than this script, or came back to a form that the browser has filled in again.
for (const form of all("[data-prices]")) {
  if ([...form.elements].some((field) => DECIDES.includes(field.name) && isChanged(field))) update(form);
}
