// Light or dark as chosen before. A classic script at the top of <head>: it runs before the first paint, so that
// nobody sees the other scheme flash. Everything else about the switch is in scheme.js.
{
  try {
    const chosen = localStorage.getItem("scheme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.scheme = chosen;
  } catch {
    // No storage, no choice: the page follows the system.
  }
}
