// For comfort only: everything works without it. Provisions are looked up without loading the page anew, and what is
// ticked moves to the law the answer cites.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-provisions]");
  if (!form) return;
  const found = document.getElementById("found");
  const cited = document.getElementById("cited");
  let touched = false;
  let asked = 0;

  const lookUp = async () => {
    const given = new URLSearchParams();
    for (const name of ["typed", "looked_up", "document", "article"]) {
      const field = form.elements.namedItem(name);
      if (field) given.set(name, field.value);
    }
    const number = ++asked;
    const answer = await fetch(`${form.dataset.provisions}?${given}`, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = await answer.text();
    if (number === asked) found.innerHTML = page;
  };

  form.addEventListener("input", (event) => { if (event.target.name === "text" || event.target.name === "cite") touched = true; });
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.name === "find") {
      event.preventDefault();
      lookUp().catch(() => { touched = false; sendWhole(event.submitter); });
      return;
    }
    touched = false;
  });
  const sendWhole = (button) => {
    const field = document.createElement("input");
    field.type = "hidden"; field.name = button.name; field.value = button.value;
    form.append(field);
    form.submit();
  };
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.name === "typed") {
      event.preventDefault();
      form.querySelector("input[name=find]").click();
    }
  });
  found.addEventListener("change", (event) => {
    if (event.target.tagName === "SELECT") lookUp().catch(() => {});
    if (event.target.name !== "cite" || !event.target.checked) return;
    const twin = [...cited.querySelectorAll("input[name=cite]")].find((box) => box.value === event.target.value);
    if (twin) {
      twin.checked = true;
      event.target.checked = false;
      return;
    }
    const unit = event.target.closest("li").cloneNode(true);
    const box = unit.querySelector("input");
    box.id = `cited-${box.value}`;
    box.checked = true;
    unit.querySelector("label").setAttribute("for", box.id);
    unit.className = "unit";
    cited.append(unit);
    event.target.checked = false;
  });
  window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
});
