// For comfort only: everything works without it.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("manuscript-form");
  if (!form) return;
  let touched = false;
  form.addEventListener("input", () => { touched = true; });
  form.addEventListener("submit", () => { touched = false; });
  window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
});
