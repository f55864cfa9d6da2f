// Suggestions under the search field: an editable combobox with a list, as the ARIA Authoring Practices describe it.
// Focus stays in the field; arrows walk the options, Enter opens one, Escape closes the list and then empties the field.

import { all, fill, getHtml } from "./dom.js";
import { numbered } from "./words.js";

const PAUSE = 120;
const SHORTEST = 2;
const KEPT = 40;

function combobox(form, field, panel, status) {
  // Answers by what was typed; the oldest goes first.
  const answers = new Map();
  let options = [];
  let at = -1;
  let timer;
  let request;
  // What the list on show answers, what was asked last, and an arrow that was pressed before its list had come.
  let answered = "";
  let asking = "";
  let waiting = 0;

  const text = () => field.value.trim().replace(/\s+/g, " ");

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

  const show = (open) => {
    const visible = open && options.length > 0;
    panel.hidden = !visible;
    field.setAttribute("aria-expanded", String(visible));
    if (!visible) mark(-1);
  };

  // Past either end lies the field itself (-1), then the other end.
  const walk = (step) => {
    show(true);
    const stops = options.length + 1;
    mark(((at + 1 + step + stops) % stops) - 1);
  };

  const receive = (asked, html) => {
    answered = asked;
    fill(panel, html);
    options = all("[role=option]", panel);
    options.forEach((option, i) => {
      option.id ||= `${panel.id}-${i}`;
    });
    mark(-1);
    show(document.activeElement === field);
    if (status) status.textContent = asked && numbered(status, options.length);
    if (waiting && options.length) walk(waiting);
    waiting = 0;
  };

  const ask = async () => {
    clearTimeout(timer);
    const asked = text();
    if (request && asked === asking) return;
    // The newest question is the only one: an older answer that is slow can never replace a newer one.
    request?.abort();
    request = undefined;
    if (asked === answered) return show(true);
    if (asked.length < SHORTEST) return receive("", "");
    if (answers.has(asked)) return receive(asked, answers.get(asked));
    asking = asked;
    const mine = (request = new AbortController());
    const url = new URL(form.dataset.suggest, location.href);
    url.searchParams.set(field.name, asked);
    let html = "";
    try {
      html = await getHtml(url, { signal: mine.signal });
      answers.set(asked, html);
      if (answers.size > KEPT) answers.delete(answers.keys().next().value);
    } catch {
      // Suggestions are a comfort: without them the field still searches.
    }
    if (mine.signal.aborted) return;
    request = undefined;
    receive(asked, html);
  };

  const stop = () => {
    clearTimeout(timer);
    request?.abort();
    request = undefined;
    show(false);
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    waiting = 0;
    // What is on show answers another text: it can be seen until the new answer comes, and no key chooses from it.
    mark(-1);
    timer = setTimeout(ask, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing) return;
    if (step && event.altKey) {
      event.preventDefault();
      if (step > 0) ask();
      else show(false);
    } else if (step) {
      if (text() !== answered) {
        waiting = step;
        event.preventDefault();
        ask();
      } else if (options.length) {
        event.preventDefault();
        walk(step);
      }
    } else if (event.key === "Escape") {
      // Closing comes first; the field is emptied by the second one.
      event.preventDefault();
      if (panel.hidden) field.value = "";
      stop();
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      options[at].click();
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) {
      // These move the caret, so the field is what is chosen again.
      mark(-1);
    }
  });
  form.addEventListener("submit", stop);
  form.parentElement.addEventListener("focusout", (event) => {
    if (event.relatedTarget !== field && !panel.contains(event.relatedTarget)) show(false);
  });
  // A press on an option must not take the focus from the field, or the list would be gone before the click.
  panel.addEventListener("mousedown", (event) => event.preventDefault());
}

for (const form of all("form[data-suggest]")) {
  const field = form.querySelector("[role=combobox]");
  const panel = field && document.getElementById(field.getAttribute("aria-controls"));
  if (panel) combobox(form, field, panel, form.parentElement.querySelector("[data-suggest-says]"));
}
