// Words come from the page, translated; numbers are set by the page's language.

const language = document.documentElement.lang || undefined;
const rules = new Intl.PluralRules(language);

/**
 * The text for `number` from the data-label-zero, -one, -few, -many or -other of `element`; # stands for the
 * number. Without such attributes it is the number alone.
 */
export function numbered(element, number) {
  const labels = element.dataset;
  const kind = rules.select(number);
  const text = (number === 0 && labels.labelZero) || labels[`label${kind[0].toUpperCase()}${kind.slice(1)}`] || labels.labelOther || "#";
  return text.replace("#", number.toLocaleString(language));
}

/** An amount in the page's language. `whole` leaves ".00" out, as the price component does. */
export function money(amount, currency, whole) {
  return amount.toLocaleString(language, {
    style: "currency",
    currency,
    trailingZeroDisplay: whole ? "stripIfInteger" : "auto",
  });
}
