// A field that finds values of a long filter by their name. Those that are not on the page yet are fetched by the
// link to them, so that the server writes them here too; without a script there is that link.

import { all, getHtml, onContent } from "./dom.js";
import { numbered } from "./words.js";

// What was typed, by the field's id: the filters are replaced with every answer.
const typed = new Map();

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

function narrow(field) {
  const box = field.closest("details");
  const text = fold(field.value);
  let number = 0;
  for (const item of all("li", box)) {
    const fits = fold(item.querySelector("input").nextSibling.data).includes(text);
    number += fits;
    item.hidden = !fits && !item.querySelector(":checked");
  }
  box.querySelector("[role=status]").textContent = text && numbered(box.querySelector("[role=status]"), number);
}

async function fetchAll(box) {
  const link = box.querySelector(".facets__more");
  if (!link) return;
  link.remove();
  try {
    const page = new DOMParser().parseFromString(await getHtml(link.href), "text/html");
    box.querySelector("ul").replaceWith(page.getElementById(box.id).querySelector("ul"));
    // The next answers bring all of them too.
    box.append(...all("form[data-facets] [name=all]", page));
  } catch {
    box.append(link);
  }
}

onContent((root) => {
  for (const field of all("[data-facet-find]", root)) {
    field.hidden = false;
    field.addEventListener("focus", async () => {
      await fetchAll(field.closest("details"));
      narrow(field);
    });
    field.addEventListener("input", () => {
      typed.set(field.id, field.value);
      narrow(field);
    });
    field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    if (typed.get(field.id)) {
      field.value = typed.get(field.id);
      narrow(field);
    }
  }
});
