// What every module needs: finding elements, and set-up that also reaches content which arrives later.

const setUps = [];

/** Every element in `root` that matches, `root` itself included. */
export function all(selector, root = document) {
  const found = [...root.querySelectorAll(selector)];
  return root instanceof Element && root.matches(selector) ? [root, ...found] : found;
}

/** Run `setUp(root)` for the page now, and for each piece of HTML that arrives later. */
export function onContent(setUp) {
  setUps.push(setUp);
  setUp(document);
}

/** Say that the content of `root` is new. */
export function arrived(root) {
  for (const setUp of setUps) setUp(root);
}

/** Our own server's HTML as nodes. Never call it with anything that a visitor typed. */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** Put our own server's HTML in place of what `element` holds. */
export function fill(element, html) {
  element.replaceChildren(parse(html));
  arrived(element);
}

/** GET our own server's HTML. Rejects where the answer is an error or something else. */
export async function getHtml(url, options = {}) {
  const response = await fetch(url, options);
  const kind = response.headers.get("Content-Type") ?? "";
  if (!response.ok || !kind.startsWith("text/html")) throw new Error(`${url} answered ${response.status} ${kind}`);
  return response.status === 204 ? "" : response.text();
}
