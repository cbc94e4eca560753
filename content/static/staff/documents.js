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

// A script of the admin creates search boxes without a label. It runs before this one, which adds the label.
window.addEventListener("load", () => {
  if (!window.django) return;
  window.django.jQuery(() => {
    document.querySelectorAll(".form-row").forEach((row) => {
      const label = row.querySelector("label");
      if (!label) return;
      const words = label.textContent.replace(/:$/, "");
      row.querySelector(".select2-search__field")?.setAttribute("aria-label", words);
      const chosen = row.querySelector(".select2-selection--single");
      if (!chosen) return;
      const value = chosen.querySelector(".select2-selection__rendered");
      label.id ||= `${value.id}-label`;
      chosen.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
      value.setAttribute("aria-labelledby", label.id);
    });
  });
});
