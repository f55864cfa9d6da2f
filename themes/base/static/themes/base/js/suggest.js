// Suggestions under the search field: a combobox with a list, as the ARIA Authoring Practices describe it.
// Focus stays in the field; arrows walk the options, Enter opens one, Escape closes.

import { all, fill, getHtml } from "./dom.js";

const PAUSE = 140;
const SHORTEST = 2;

function combobox(form, field, panel, status) {
  let options = [];
  let at = -1;
  let timer;
  let request;
  let answered = "";

  const show = (open) => {
    const visible = open && options.length > 0;
    panel.hidden = !visible;
    field.setAttribute("aria-expanded", String(visible));
    if (!visible) mark(-1);
  };

  const mark = (index) => {
    at = index;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at < 0) {
      field.removeAttribute("aria-activedescendant");
    } else {
      field.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    }
  };

  const receive = (text, html) => {
    answered = text;
    fill(panel, html);
    options = all("[role=option]", panel);
    options.forEach((option, i) => {
      option.id ||= `${panel.id}-${i}`;
      option.tabIndex = -1;
    });
    if (status) status.textContent = panel.querySelector("[data-suggest-status]")?.dataset.suggestStatus ?? "";
    mark(-1);
    show(document.activeElement === field);
  };

  const ask = async () => {
    const text = field.value.trim();
    // The newest question is the only one: an older answer that is slow can never replace a newer one.
    request?.abort();
    if (text.length < SHORTEST) return receive("", "");
    if (text === answered) return show(true);
    const mine = (request = new AbortController());
    const url = new URL(form.dataset.suggest, location.href);
    url.searchParams.set(field.name, text);
    try {
      const html = await getHtml(url, { signal: mine.signal });
      if (!mine.signal.aborted) receive(text, html);
    } catch {
      // Suggestions are a comfort: without them the field still searches.
      if (!mine.signal.aborted) receive("", "");
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length > 0) {
      event.preventDefault();
      show(true);
      // Past either end lies the field itself (-1), then the other end.
      const places = options.length + 1;
      mark(((at + 1 + step + places) % places) - 1);
    } else if (event.key === "Escape" && !panel.hidden) {
      event.preventDefault();
      show(false);
    } else if (event.key === "Enter" && at >= 0 && !panel.hidden) {
      event.preventDefault();
      options[at].click();
    }
  });
  form.parentElement.addEventListener("focusout", (event) => {
    if (!form.parentElement.contains(event.relatedTarget)) show(false);
  });
  // A press on an option must not take the focus from the field, or the list would be gone before the click.
  panel.addEventListener("mousedown", (event) => event.preventDefault());
}

for (const form of all("form[data-suggest]")) {
  const field = form.querySelector("[role=combobox]");
  const panel = field && document.getElementById(field.getAttribute("aria-controls"));
  if (panel) combobox(form, field, panel, form.parentElement.querySelector("[data-suggest-says]"));
}
