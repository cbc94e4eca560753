// Keys of the queue: j and k go down and up, space ticks, Enter confirms what is ticked. Everything works without this.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const list = document.getElementById("cases");
  if (!list) return;
  const cases = [...list.querySelectorAll(".case")];
  const ticks = [...list.querySelectorAll(".case-tick")];
  const confirm = document.getElementById("confirm");
  const plain = confirm && confirm.textContent;
  const all = document.querySelector(".tick-certain");

  function count() {
    const chosen = ticks.filter((tick) => tick.checked).length;
    if (confirm) confirm.textContent = chosen ? confirm.dataset.some.replace("{count}", chosen) : plain;
  }

  function current() {
    const focused = document.activeElement && document.activeElement.closest(".case");
    return focused ? cases.indexOf(focused) : -1;
  }

  function go(place) {
    const next = cases[Math.max(0, Math.min(cases.length - 1, place))];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  list.addEventListener("change", count);
  window.addEventListener("pageshow", count); // a browser that goes back keeps the ticks
  if (all) {
    all.hidden = false;
    all.addEventListener("click", () => {
      ticks.forEach((tick) => { if ("certain" in tick.dataset) tick.checked = true; });
      count();
    });
  }
  document.addEventListener("keydown", (event) => {
    const here = document.activeElement;
    if (event.ctrlKey || event.altKey || event.metaKey || here.matches("input[type=text], input[type=search], textarea, select")) return;
    const place = current();
    if (event.key === "j" || event.key === "k") {
      go(place + (event.key === "j" ? 1 : -1));
      event.preventDefault();
    } else if (event.key === " " && here.matches(".case")) {
      const tick = here.querySelector(".case-tick");
      if (tick) { tick.checked = !tick.checked; count(); }
      event.preventDefault();
    } else if (event.key === "Enter" && here.matches(".case, .case-tick") && confirm && ticks.some((tick) => tick.checked)) {
      event.preventDefault();
      confirm.click();
    }
  });
});
