// Two handles over the bars of prices. They stand on round amounts and move the fields "min" and "max", which the form sends.

import { all, onContent } from "./dom.js";
import { money } from "./words.js";

// Milliseconds after the last key or drag until the list follows.
const PAUSE = 350;

function range(box) {
  const borders = box.dataset.borders.split(" ").map(Number);
  const [start, end] = all("input", box);
  const ends = new Map([[start, start.form.elements.min], [end, start.form.elements.max]]);
  let timer;

  box.addEventListener("input", ({ target }) => {
    // At least one bar stays between the handles.
    if (+start.value >= +end.value) target.value = target === start ? end.value - 1 : +start.value + 1;
    const open = target.value === (target === start ? "0" : target.max);
    ends.get(target).value = open ? "" : borders[target.value];
    target.setAttribute("aria-valuetext", money(borders[target.value], box.dataset.currency, true));
    all("rect", box).forEach((bar, i) => bar.classList.toggle("on", i >= start.value && i < end.value));
  });
  box.addEventListener("change", (event) => {
    event.stopPropagation();
    clearTimeout(timer);
    timer = setTimeout(() => ends.get(event.target).dispatchEvent(new Event("change", { bubbles: true })), PAUSE);
  });
  start.parentElement.hidden = false;
}

onContent((root) => all("[data-range]", root).forEach(range));
