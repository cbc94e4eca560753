// The page: switches the phone on, polls its state, and opens what the reader taps.

import * as contests from "./contests.js";
import * as device from "./device.js";
import * as law from "./law.js";
import * as topics from "./topics.js";
import * as tray from "./tray.js";

const POLL_MILLISECONDS = 700;
const RETRY_MILLISECONDS = 2000; // after a failed poll
const byId = (id) => document.getElementById(id);

const trouble = { page: "", phone: "" }; // the last action that failed; whether the phone can be seen

function say(where, words) {
  trouble[where] = words;
  const all = [...new Set(Object.values(trouble).filter(Boolean))].join(" ");
  if (byId("trouble").textContent !== all) byId("trouble").textContent = all;
  byId("trouble").hidden = !all;
}

/** Run what the reader asked for, and show the message if it fails. */
async function attempt(action) {
  try {
    await action();
    say("page", "");
  } catch (problem) {
    say("page", problem.message);
  }
}

let started = false; // registered since this page was loaded
let drawn = "";

let switchingOn = null; // under way: the button and the poll share it, or each would register a phone

function switchOn() {
  switchingOn ??= registerAndDraw().finally(() => { switchingOn = null; });
  return switchingOn;
}

async function registerAndDraw() {
  await device.start();
  started = true;
  await topics.refresh();
  await contests.refresh();
  await refreshPhone();
}

async function refreshPhone() {
  const phone = await device.state();
  if (!device.exists()) return; // deleted during the call
  tray.draw(phone);
  show(phone);
}

function show(phone) {
  const state = JSON.stringify([phone.online, phone.topics, phone.waiting, phone.tray.length]);
  if (state === drawn) return;
  drawn = state;
  byId("handset").dataset.state = phone.online ? "online" : "offline";
  byId("dark").hidden = true;
  byId("controls").hidden = false;
  byId("online").setAttribute("aria-checked", String(phone.online));
  byId("reach").textContent = reach(phone);
  byId("hush").textContent = phone.tray.length ? "" : hush(phone);
}

function reach(phone) {
  if (!phone.online) return phone.waiting ? `Mất mạng · ${phone.waiting} thông báo đang chờ` : "Mất mạng · thông báo sẽ chờ trên máy chủ";
  return phone.topics ? `Trực tuyến · đang nghe ${phone.topics} kênh FCM` : "Trực tuyến · chưa nghe kênh nào";
}

const hush = (phone) => phone.topics
  ? "Chưa có thông báo. Công bố một văn bản thuộc chủ đề đang theo dõi, nó sẽ hiện ở đây."
  : "Chưa có thông báo. Hãy theo dõi một chủ đề trước.";

function showNone() {
  drawn = "";
  started = false;
  tray.clear();
  byId("handset").dataset.state = "none";
  byId("dark").hidden = false;
  byId("controls").hidden = true;
}

/** Poll as long as the page is visible. A failure is shown once, and hidden when it is over. */
async function poll() {
  let pause = POLL_MILLISECONDS;
  if (!document.hidden) {
    try {
      if (!topics.loaded()) await topics.load();
      if (device.exists()) await (started ? refreshPhone() : switchOn());
      say("phone", "");
    } catch (problem) {
      if (problem.status === 404) started = false; // FCM forgot the phone: register again, as an app would
      say("phone", messageOf(problem));
      pause = RETRY_MILLISECONDS;
    }
  }
  setTimeout(poll, pause);
}

function messageOf(problem) {
  if (problem.code !== "fcm_away") return problem.message;
  return "Máy chủ FCM cục bộ không trả lời. Thông báo không mất: chúng sẽ đến khi nó chạy lại.";
}

async function followHash() {
  if (location.hash === "#main") return; // the link for those who skip the phone
  const [, key, eid] = location.hash.match(/^#van-ban\/([a-z0-9-]+)(?:\/([a-z0-9_]+))?$/) ?? [];
  await attempt(() => (key ? law.open(key, eid) : law.close()));
}

function tick() {
  const now = new Date();
  const time = now.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
  for (const place of document.querySelectorAll("[data-clock]")) place.textContent = time;
  byId("date").textContent = now.toLocaleDateString("vi-VN", { weekday: "long", day: "numeric", month: "long" });
}

byId("power").addEventListener("click", () => attempt(async () => {
  await switchOn();
  const { activeElement } = document;
  if (activeElement === byId("power") || activeElement === document.body) { // else the reader went on meanwhile
    byId("search").focus({ preventScroll: true });
  }
}));
byId("online").addEventListener("click", () => attempt(async () => {
  show(await device.setOnline(byId("online").getAttribute("aria-checked") !== "true"));
}));
byId("forget").addEventListener("click", () => attempt(async () => {
  await device.forget();
  showNone();
  await topics.refresh();
  await contests.refresh();
  byId("power").focus();
}));
byId("copy").addEventListener("click", () => attempt(async () => {
  await navigator.clipboard.writeText(byId("command").textContent);
  byId("copy").textContent = "Đã chép";
}));
byId("cards").addEventListener("click", (event) => {
  if (event.target.closest("a")?.hash === location.hash) followHash(); // tapped again: there is no hashchange event
});
window.addEventListener("hashchange", followHash);

tick();
setInterval(tick, 5000);
followHash();
topics.begin((words) => say("page", words));
contests.begin((words) => say("page", words));
poll();
