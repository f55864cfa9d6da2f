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

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-prices]") && ["country", "saved"].includes(event.target.name)) update(form);
});
