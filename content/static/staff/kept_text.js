// Keeps what is typed into a form until the server has saved it. A lost sign-in, an error page or a text that is too
// large then loses nothing. The text stays in this tab (sessionStorage) and is erased at sign-out, and when another
// person signs in.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const PREFIX = "typed:";
  const KEPT_FIELDS = "textarea, input[type=text]";
  const person = document.getElementById("user-tools")?.dataset.person;
  const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  const read = (key) => JSON.parse(sessionStorage.getItem(key));
  const keep = (key, kept) => {
    try { sessionStorage.setItem(key, JSON.stringify(kept)); } catch { /* larger than the browser keeps */ }
  };

  if (!person) return; // the page of the sign-in, or an error page
  for (const key of keys()) {
    const kept = read(key);
    const isSaved = kept.sent && document.querySelector(".messagelist .success");
    if (kept.person !== person || isSaved) sessionStorage.removeItem(key);
  }
  document.getElementById("logout-form")?.addEventListener("submit", () => keys().forEach((key) => sessionStorage.removeItem(key)));

  const forms = [...document.querySelectorAll("#content form[method=post]")].filter((form) => form.querySelector("textarea"));
  forms.forEach((form, number) => {
    const key = `${PREFIX}${location.pathname}#${number}`;
    const fields = [...form.querySelectorAll(KEPT_FIELDS)].filter((field) => field.name && field.autocomplete !== "one-time-code");
    const kept = sessionStorage.getItem(key) && read(key);
    if (kept) restore(form, fields, key, kept);
    const remember = (sent) => {
      const values = fields.map((field) => [field.name, field.value]);
      keep(key, { person, sent, values });
    };
    form.addEventListener("input", () => remember(false));
    form.addEventListener("submit", () => { if (sessionStorage.getItem(key)) remember(true); });
  });

  function restore(form, fields, key, kept) {
    const before = fields.map((field) => field.value);
    const given = fields.map((field, at) => (kept.values[at]?.[0] === field.name ? kept.values[at][1] : field.value));
    if (given.every((value, at) => value === before[at])) return;
    fields.forEach((field, at) => { field.value = given[at]; });
    const texts = document.getElementById("kept-text").content.cloneNode(true);
    const notice = texts.querySelector("p");
    notice.querySelector("button").addEventListener("click", () => {
      fields.forEach((field, at) => { field.value = before[at]; });
      sessionStorage.removeItem(key);
      notice.remove();
    });
    form.prepend(notice);
  }
});
