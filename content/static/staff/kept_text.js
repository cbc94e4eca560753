// Keeps what is typed, chosen and ticked in a form until the server has saved it. A lost sign-in, an error page or a
// text that is too large then loses nothing. It stays in this tab (sessionStorage). It is erased at sign-out, when
// another person signs in, and with the first page that opens 12 hours after it was typed. Forms that show the words of
// a reader (data-kept="no") are not kept. What was not touched is not kept either: another person may have changed it
// since. The version of the text that was changed (a hidden field with data-kept="with-text") comes back with it, so that
// the server refuses it if somebody saved another meanwhile. What confirms something, or cannot be undone, must be ticked again. The page says so if the browser cannot store the text; if the server would
// refuse that text too, the form is not sent, because it would be lost.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const PREFIX = "typed:";
  const SENT = "typed-sent"; // the path of the page that was sent last in this tab, until the next page
  const MOST_MILLISECONDS = 12 * 3600 * 1000; // as long as a sign-in lasts: SESSION_MAX_SECONDS in the settings
  const MOST_BYTES = 1024 * 1024; // of a form without its files: DATA_UPLOAD_MAX_MEMORY_SIZE in the settings
  const NOT_KEPT = ["hidden", "file", "password", "submit", "button", "image", "reset"]; // kinds of fields
  const NEVER_TICKED = ["accepted", "by_issuer", "instruction", "is_whole", "notify", "delete_files"]; // names of fields
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

  const forms = [...document.querySelectorAll("#content form[method=post]")].filter((form) => form.querySelector("textarea") || form.dataset.kept === "yes");
  forms.forEach((form, number) => {
    if (form.dataset.kept === "no") return;
    const key = `${PREFIX}${location.pathname}#${number}`;
    const noRoom = notice(".no-room"), tooLarge = notice(".too-large");
    const kept = sessionStorage.getItem(key) && read(key);
    const version = form.querySelector("input[type=hidden][data-kept=with-text]");
    const inPage = new Set(fieldsOf(form).map(({ id }) => id));
    const touched = new Set(kept?.fields?.map(({ id }) => id)); // after an error the page shows what was typed as its own
    const changesOf = () => statesOf(form, ({ field, id }) => touched.has(id) || !inPage.has(id) || isChanged(field));
    if (kept?.fields) restore(form, key, kept, touched, version);
    const shown = JSON.stringify(statesOf(form));
    const remember = (sent) => {
      const isKept = keep(key, { person, path: location.pathname, at: Date.now(), sent, version: version?.value, fields: changesOf() });
      if (isKept) { noRoom.remove(); tooLarge.remove(); }
      else if (!noRoom.isConnected) form.prepend(noRoom);
      return isKept;
    };
    const note = () => { remember(false); };
    form.addEventListener("input", note);
    if (window.django?.jQuery) window.django.jQuery(form).on("change", note); // a search box changes its field with jQuery only
    else form.addEventListener("change", note);
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || (!sessionStorage.getItem(key) && JSON.stringify(statesOf(form)) === shown)) return;
      if (remember(true)) keep(SENT, location.pathname);
      else if (bytesOf(form) > MOST_BYTES) {
        event.preventDefault();
        form.prepend(tooLarge);
        tooLarge.scrollIntoView();
      }
    });
  });

  function notice(which) {
    return document.getElementById("kept-text").content.querySelector(which).cloneNode(true);
  }

  function bytesOf(form) {
    const given = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    if (form.enctype !== "multipart/form-data") return new URLSearchParams(given).toString().length;
    return new Blob(given.flat()).size;
  }

  // -- fields: a tick is known by its name and value, any other field by its name and its place among those of the name

  function fieldsOf(form) {
    const count = {};
    return [...form.elements].filter((field) => (
      field.name && "value" in field && !NOT_KEPT.includes(field.type) && field.autocomplete !== "one-time-code"
    )).map((field) => {
      const isTick = field.type === "checkbox" || field.type === "radio";
      const place = isTick ? field.value : (count[field.name] = (count[field.name] ?? 0) + 1);
      const list = isTick && listOfTicks(form, field.name)?.contains(field) ? "#list" : "";
      return { field, isTick, id: `${field.name}=${place}${list}` };
    });
  }

  function findsItsOptions(field) {
    return field.classList.contains("admin-autocomplete"); // only the options that are chosen are in the page
  }

  function listOfTicks(form, name) {
    return form.querySelector(`[data-ticks="${CSS.escape(name)}"]`); // scripts add to it
  }

  function isChanged(field) { // from what the page showed first
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
    const options = [...field.options];
    if (!field.multiple && !options.some((option) => option.defaultSelected)) return field.selectedIndex > 0; // the first is shown
    return options.some((option) => option.selected !== option.defaultSelected);
  }

  function statesOf(form, isWanted = () => true) {
    return fieldsOf(form).filter(isWanted).map(({ field, isTick, id }) => {
      if (isTick) {
        const words = field.checked && listOfTicks(form, field.name)?.contains(field) ? field.labels[0]?.textContent.trim() : undefined;
        return { id, name: field.name, value: field.value, ticked: field.checked, words };
      }
      if (field.tagName !== "SELECT") return { id, text: field.value };
      return { id, chosen: [...field.selectedOptions].map((option) => [option.value, findsItsOptions(field) ? option.text : ""]) };
    });
  }

  function put(form, states) {
    const fields = new Map(fieldsOf(form).map((each) => [each.id, each.field]));
    for (const state of states) {
      const field = fields.get(state.id);
      if (!field) {
        const list = state.ticked && state.words && listOfTicks(form, state.name);
        if (list) list.append(tickOf(state));
      } else if (state.chosen) choose(field, state.chosen);
      else if ("ticked" in state && field.checked !== state.ticked) {
        field.checked = state.ticked;
        field.dispatchEvent(new Event("change", { bubbles: true })); // what counts the ticks counts it
      } else if ("text" in state) field.value = state.text;
    }
  }

  function choose(field, chosen) {
    for (const [value, words] of chosen) {
      const isThere = [...field.options].some((option) => option.value === value);
      if (!isThere && findsItsOptions(field)) field.append(new Option(words, value));
    }
    for (const option of field.options) option.selected = chosen.some(([value]) => value === option.value);
    if (findsItsOptions(field)) field.dispatchEvent(new Event("change", { bubbles: true })); // its search box shows it
  }

  function tickOf(state) {
    const row = document.createElement("li");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: state.name, value: state.value, checked: true });
    box.id = `kept-${state.name}-${state.value}`;
    const label = Object.assign(document.createElement("label"), { htmlFor: box.id, textContent: ` ${state.words}` });
    row.className = "unit";
    row.append(box, label);
    return row;
  }

  function restore(form, key, kept, touched, version) {
    const before = statesOf(form), present = version?.value;
    put(form, kept.fields.filter((state) => !(state.ticked && NEVER_TICKED.includes(state.name))));
    if (JSON.stringify(statesOf(form)) === JSON.stringify(before)) return;
    const restored = notice(".restored");
    if (version && kept.version) version.value = kept.version;
    if (version?.value !== present) restored.querySelector("[hidden]")?.removeAttribute("hidden");
    restored.querySelector("button").addEventListener("click", () => {
      form.querySelectorAll("[id^=kept-]").forEach((box) => box.closest("li").remove());
      put(form, before);
      if (version) version.value = present;
      sessionStorage.removeItem(key);
      touched.clear();
      restored.remove();
    });
    form.prepend(restored);
  }
});
