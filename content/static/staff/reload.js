// Loads a page again and again while its box is ticked. The choice stays in this tab; without this script nothing reloads.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("input[data-reload-seconds]");
  if (!box) return;
  const KEY = "no-reload";
  let waiting;
  const follow = () => {
    clearTimeout(waiting);
    if (box.checked) waiting = setTimeout(() => location.reload(), Number(box.dataset.reloadSeconds) * 1000);
  };
  box.closest("[hidden]").hidden = false;
  box.checked = sessionStorage.getItem(KEY) === null;
  box.addEventListener("change", () => {
    if (box.checked) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, "1");
    follow();
  });
  follow();
});
