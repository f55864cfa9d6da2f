// Variants on a product page: price, stock, details, picture and address follow the choice. The contract is in README.md.

import { all, fill, onContent } from "./dom.js";
import { showPicture } from "./gallery.js";

const optionsOf = (variant) => (variant.dataset.options ?? "").split(" ");
const isChosen = (variant) => variant.checked || variant.selected;

function choose(variant) {
  if (variant instanceof HTMLOptionElement) variant.selected = true;
  else variant.checked = true;
}

/** Show in every group which option the chosen variant has, and which would lead to nothing on sale. */
function markOptions(groups, variants, chosen) {
  const wanted = optionsOf(chosen);
  groups.forEach((group, place) => {
    for (const input of all("input", group)) {
      input.checked = input.value === wanted[place];
      const combination = wanted.with(place, input.value).join(" ");
      const meant = variants.find((variant) => variant.dataset.options === combination);
      const none = !meant || "unavailable" in meant.dataset;
      input.closest("label")?.toggleAttribute("data-none", none);
    }
  });
}

/** The variant with the option just chosen that keeps most of the others; one that can be bought, if there is one. */
function nearest(groups, variants, chosen, place, value) {
  const wanted = optionsOf(chosen).with(place, value);
  const score = (variant) => {
    const same = optionsOf(variant).filter((option, i) => option === wanted[i]).length;
    return same * 2 + ("unavailable" in variant.dataset ? 0 : 1);
  };
  return variants.filter((variant) => optionsOf(variant)[place] === value).sort((a, b) => score(b) - score(a))[0];
}

function show(form, chosen) {
  const page = form.closest("[data-product]") ?? document;
  for (const part of ["price", "stock", "details"]) {
    if (chosen.dataset[part] === undefined) continue;
    for (const element of all(`[data-variant-${part}]`, page)) fill(element, chosen.dataset[part]);
  }
  for (const button of all("[data-variant-submit]", form)) button.disabled = "unavailable" in chosen.dataset;
  if (chosen.dataset.picture) showPicture(chosen.dataset.picture);
  // Of the product's own page only: a panel in a story is not what its address is about.
  if (!page.dataset?.product) return;
  const address = new URL(location.href);
  address.searchParams.set("variant", chosen.value);
  history.replaceState(history.state, "", address);
}

function setUp(form) {
  const variants = all("[data-variant]", form);
  const groups = all("[data-option-group]", form);
  const current = () => variants.find(isChosen) ?? variants[0];
  if (variants.length === 0) return;
  if (groups.length > 0) {
    for (const group of groups) group.hidden = false;
    for (const list of all("[data-variant-list]", form)) list.hidden = true;
    choose(current());
    markOptions(groups, variants, current());
  }
  // The browser may have restored another choice than the one that the page was rendered for.
  const { defaultChecked, defaultSelected } = current();
  if (!defaultChecked && !defaultSelected) show(form, current());
  form.addEventListener("change", (event) => {
    const place = groups.findIndex((group) => group.contains(event.target));
    if (place >= 0) {
      const found = nearest(groups, variants, current(), place, event.target.value);
      if (found) choose(found);
      markOptions(groups, variants, current());
    } else if (!variants.some((variant) => variant === event.target || event.target.contains(variant))) {
      return;
    }
    show(form, current());
  });
}

onContent((root) => {
  for (const form of all("form[data-variants]", root)) setUp(form);
});
