// The entry: small helps on top of pages that work without them. See README.md for what each expects of the page.

import "./toast.js";
import "./basket.js";
import "./stepper.js";
import "./suggest.js";
import "./sort.js";
import "./personal.js";
import "./scheme.js";
