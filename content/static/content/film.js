// A film is loaded only when somebody asks for it. Loaded by pages that hold one; without it the links lead to the film.
//
// `[data-film="player address"][data-film-title="what it shows"]` holds links `a[data-film-play]` to the film’s own page.

document.addEventListener("click", (event) => {
  const play = event.target.closest("[data-film-play]");
  const film = play?.closest("[data-film]");
  if (!film || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const player = document.createElement("iframe");
  player.src = film.dataset.film;
  player.title = film.dataset.filmTitle;
  player.className = "film__player";
  player.allow = "fullscreen; picture-in-picture";
  player.allowFullscreen = true;
  player.referrerPolicy = "strict-origin-when-cross-origin";
  for (const link of film.querySelectorAll("[data-film-play]")) link.remove();
  film.prepend(player);
  player.focus();
});
