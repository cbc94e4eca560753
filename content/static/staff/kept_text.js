// Keeps what is typed into a form until the server has saved it. A lost sign-in, an error page or a text that is too
// large then loses nothing. The text stays in this tab (sessionStorage). It is erased at sign-out, when another person
// signs in, and with the first page that opens 12 hours after it was typed. Forms that show the words of a reader
// (data-kept="no") are not kept. The page says so if the browser cannot store the text.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const PREFIX = "typed:";
  const SENT = "typed-sent"; // the path of the page that was sent last in this tab, until the next page
  const MOST_MILLISECONDS = 12 * 3600 * 1000; // as long as a sign-in lasts: SESSION_MAX_SECONDS in the settings
  const KEPT_FIELDS = "textarea, input[type=text]";
  const person = document.getElementById("user-tools")?.dataset.person;
  const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  const read = (key) => JSON.parse(sessionStorage.getItem(key));
  const hasExpired = (kept) => !(Date.now() - kept.at < MOST_MILLISECONDS);
  const keep = (key, kept) => {
    try {
      sessionStorage.setItem(key, JSON.stringify(kept));
      return true;
    } catch {
      sessionStorage.removeItem(key); // half a text would come back as if it were all of it
      return false;
    }
  };

  for (const key of keys()) if (hasExpired(read(key))) sessionStorage.removeItem(key);
  if (!person) return; // the page of the sign-in
  const sent = document.querySelector(".messagelist .success") && read(SENT);
  sessionStorage.removeItem(SENT);
  for (const key of keys()) {
    const kept = read(key);
    const isSaved = kept.sent && kept.path === sent; // all steps of a page that has several
    if (kept.person !== person || isSaved) sessionStorage.removeItem(key);
  }
  document.getElementById("logout-form")?.addEventListener("submit", () => keys().forEach((key) => sessionStorage.removeItem(key)));
  document.addEventListener("submit", () => sessionStorage.removeItem(SENT), { capture: true }); // before the form's own

  const forms = [...document.querySelectorAll("#content form[method=post]")].filter((form) => form.querySelector("textarea"));
  forms.forEach((form, number) => {
    if (form.dataset.kept === "no") return;
    const key = `${PREFIX}${location.pathname}#${number}`;
    const fields = [...form.querySelectorAll(KEPT_FIELDS)].filter((field) => field.name && field.autocomplete !== "one-time-code");
    const warning = notice(".no-room");
    const kept = sessionStorage.getItem(key) && read(key);
    if (kept) restore(form, fields, key, kept);
    const remember = (sent) => {
      const values = fields.map((field) => [field.name, field.value]);
      if (keep(key, { person, path: location.pathname, at: Date.now(), sent, values })) warning.remove();
      else if (!warning.isConnected) form.prepend(warning);
    };
    form.addEventListener("input", () => remember(false));
    form.addEventListener("submit", () => {
      if (!sessionStorage.getItem(key)) return;
      remember(true);
      keep(SENT, location.pathname);
    });
  });

  function notice(which) {
    return document.getElementById("kept-text").content.querySelector(which).cloneNode(true);
  }

  function restore(form, fields, key, kept) {
    const before = fields.map((field) => field.value);
    const given = fields.map((field, at) => (kept.values[at]?.[0] === field.name ? kept.values[at][1] : field.value));
    if (given.every((value, at) => value === before[at])) return;
    fields.forEach((field, at) => { field.value = given[at]; });
    const restored = notice(".restored");
    restored.querySelector("button").addEventListener("click", () => {
      fields.forEach((field, at) => { field.value = before[at]; });
      sessionStorage.removeItem(key);
      restored.remove();
    });
    form.prepend(restored);
  }
});
