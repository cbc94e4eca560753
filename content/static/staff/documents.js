// For comfort only: everything works without it.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("revision-form");
  if (!form) return;
  let touched = false;
  form.addEventListener("input", () => { touched = true; });
  form.addEventListener("submit", () => { touched = false; });
  window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
});

// The box that searches topics is made by a script of the admin, without a name. Its turn comes before ours.
window.addEventListener("load", () => {
  if (!window.django) return;
  window.django.jQuery(() => {
    document.querySelectorAll(".form-row").forEach((row) => {
      const box = row.querySelector(".select2-search__field");
      const label = row.querySelector("label");
      if (box && label) box.setAttribute("aria-label", label.textContent.replace(/:$/, ""));
    });
  });
});
