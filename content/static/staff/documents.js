// Asks before an edited text is lost. Everything works without this script.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("revision-form");
  if (!form) return;
  let edited = false;
  form.addEventListener("input", () => { edited = true; });
  form.addEventListener("submit", () => { edited = false; });
  window.addEventListener("beforeunload", (event) => { if (edited) event.preventDefault(); });
});

// A script of the admin creates the topic search box without a label. It runs before this one, which adds the label.
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
