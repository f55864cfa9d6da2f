// The dashboard's small helps. Every page works without them; see README.md for what each expects of the page.

const editor = document.querySelector("script[data-editor]");

/** Descriptions as they will look: TinyMCE on every textarea that asks for it. */
async function writeRichly(areas) {
  const script = document.createElement("script");
  script.src = editor.dataset.editor;
  await new Promise((done, fail) => {
    script.onload = done;
    script.onerror = fail;
    document.head.append(script);
  });
  for (const target of areas) {
    target.required = false;
    window.tinymce.init({
      target,
      base_url: editor.dataset.editorBase,
      suffix: ".min",
      license_key: "gpl",
      menubar: false,
      statusbar: false,
      branding: false,
      entity_encoding: "raw",
      plugins: "link lists",
      toolbar: "styles | bold italic | bullist numlist | link | removeformat",
      content_style: "body { font: 16px/1.5 system-ui, sans-serif }",
    });
  }
}

const areas = document.querySelectorAll("textarea[data-rich]");
if (areas.length && editor?.dataset.editor) writeRichly(areas);

// What is under way is looked at again, unless somebody is reading with the keyboard inside it.
const again = document.querySelector("[data-again]");
if (again) setTimeout(() => location.reload(), 1000 * Number(again.dataset.again));

// A box that ticks all others of its table.
for (const all of document.querySelectorAll("input[data-all]")) {
  all.hidden = false;
  const boxes = () => all.closest("table").querySelectorAll("tbody input[type=checkbox]");
  all.addEventListener("change", () => boxes().forEach((box) => (box.checked = all.checked)));
}

// Products by the first letters of their name.
for (const field of document.querySelectorAll("input[data-products]")) {
  const list = document.createElement("datalist");
  list.id = `${field.id}-list`;
  field.after(list);
  field.setAttribute("list", list.id);
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    const text = field.value.trim();
    if (text.length < 2 || text.endsWith("]")) return;
    waiting = setTimeout(async () => {
      const answer = await fetch(`${field.dataset.products}?q=${encodeURIComponent(text)}`);
      if (!answer.ok) return;
      const { results } = await answer.json();
      list.replaceChildren(...results.map(({ text: name }) => new Option(name, name)));
    }, 200);
  });
}
