// The entry: small helps on top of pages that work without them. See README.md for what each expects of the page.

import "./toast.js";
import "./basket.js";
import "./stepper.js";
import "./suggest.js";
import "./sort.js";
import "./personal.js";
import "./scheme.js";

// What only some pages have is fetched on those.
if (document.querySelector(".gallery")) import("./gallery.js");
if (document.querySelector("form[data-variants]")) import("./variants.js");
if (document.querySelector("[data-listing]")) import("./facets.js");
if (document.querySelector("form[data-buy-all]")) import("./buy-all.js");
if (document.querySelector("[data-recent], [data-recent-id]")) import("./recent.js");
if (document.querySelector("form[data-prices]")) import("./checkout.js");
