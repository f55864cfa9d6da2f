// Filters, sorting and pages of a list without a new page: the same address is fetched and its parts are swapped.
// What is fetched is the whole page, so the browser's own cache and the back button see one thing per address.

import { all, arrived } from "./dom.js";
import "./facet-find.js";
import "./price-range.js";

let request;
// Where each entry of the history was left: how far it was scrolled, and what had the focus.
const places = new Map();
let here = history.state?.listing ?? `${Date.now()}`;

function address(form, submitter) {
  const url = new URL(form.getAttribute("action") || location.pathname, location.href);
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) {
    // An empty field is no filter, and one address per list is worth having.
    if (typeof value === "string" && value !== "") query.append(name, value);
  }
  url.search = query;
  return url;
}

const state = () => String(address(document.querySelector("form[data-facets]")));

/** How to find the control with the focus again, after its surroundings were replaced. */
function focusMark() {
  const { activeElement: active } = document;
  if (!active?.closest("[data-listing]")) return null;
  if (active.id) return `#${CSS.escape(active.id)}`;
  if (active.name) return `[name="${CSS.escape(active.name)}"][value="${CSS.escape(active.value)}"]`;
  return "[data-listing-count]";
}

function swap(page, focus, keepFilters) {
  for (const old of all("[data-listing]")) {
    const { listing } = old.dataset;
    const fresh = page.querySelector(`[data-listing="${CSS.escape(listing)}"]`);
    if (!fresh || (keepFilters && listing === "facets")) continue;
    // What the visitor folded or unfolded stays so.
    for (const details of old.querySelectorAll("details[id]")) {
      fresh.querySelector(`#${CSS.escape(details.id)}`)?.toggleAttribute("open", details.open);
    }
    old.replaceChildren(...fresh.childNodes);
    arrived(old);
  }
  document.title = page.title;
  if (focus && document.activeElement === document.body) {
    const found = document.querySelector(`[data-listing] ${focus}`) ?? document.querySelector("[data-listing-count]");
    found?.focus({ preventScroll: true });
  }
  const says = document.querySelector("[data-listing-says]");
  if (says) says.textContent = document.querySelector("[data-listing-count]")?.textContent ?? "";
}

async function show(url, { push = true, top = false, place } = {}) {
  request?.abort();
  const mine = (request = new AbortController());
  const parts = all("[data-listing]");
  const asked = state();
  for (const part of parts) part.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine.signal.aborted) return;
    const { pathname } = new URL(response.url);
    if (pathname !== location.pathname || !page.querySelector("[data-listing]")) throw new Error(`${url} is another page`);
    const focus = place?.focus ?? focusMark();
    if (push) {
      leave();
      here = `${Date.now()}`;
      history.pushState({ listing: here }, "", response.url);
    }
    // Whoever has gone on typing or ticking meanwhile keeps what was typed and ticked.
    swap(page, focus, push && asked !== state());
    if (top) document.querySelector("[data-listing-top]")?.scrollIntoView({ block: "start" });
    if (place) scrollTo({ top: place.y, behavior: "instant" });
  } catch {
    // A newer request took over, or the browser shall show what the server says.
    if (!mine.signal.aborted) location.assign(url);
    return;
  }
  for (const part of parts) part.removeAttribute("aria-busy");
  request = undefined;
}

function leave() {
  places.set(here, { y: places.get(here)?.y ?? scrollY, focus: focusMark() });
}

if (document.querySelector("[data-listing]")) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-facets]")) return;
    event.preventDefault();
    if (form.matches(":popover-open")) form.hidePopover();
    show(address(form, event.submitter));
  });

  document.addEventListener("change", (event) => {
    const { form, name } = event.target;
    // The sort field submits by itself (sort.js). A filter on a phone shows its number at once, behind the open sheet.
    if (!name || !form?.matches("form[data-facets]") || event.target.closest(".sort")) return;
    if (form.checkValidity()) show(address(form));
  });

  // The button that opened the sheet may have been replaced meanwhile, and the browser knows only the old one.
  document.addEventListener("toggle", ({ target, newState }) => {
    const { activeElement: active } = document;
    if (!target.matches("form[data-facets]") || newState !== "closed") return;
    if (active !== document.body && !target.contains(active)) return;
    document.querySelector(`[data-listing] [popovertarget="${CSS.escape(target.id)}"]`)?.focus({ preventScroll: true });
  }, true);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-listing] a[data-swap]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link.href, { top: link.dataset.swap === "top" });
  });

  // While an answer is on its way it is the browser that scrolls, to where the old content ends.
  addEventListener("scroll", () => request || places.set(here, { ...places.get(here), y: scrollY }), { passive: true });

  addEventListener("popstate", (event) => {
    // Jumps to an anchor of this page are no new list.
    if (!event.state?.listing) return;
    leave();
    here = event.state.listing;
    show(location.href, { push: false, place: places.get(here) });
  });
  history.replaceState({ ...history.state, listing: here }, "");

  // What was ticked before this script had come.
  const form = document.querySelector("form[data-facets]");
  if ([...form.elements].some((input) => input.name && input.checked !== input.defaultChecked)) show(address(form));
}
