// The 45 subjects and their headings: search without accents, follow and unfollow.

import { call, make } from "./api.js";
import * as device from "./device.js";

const MAX_ROWS = 60;
const SUGGESTED_KEY = "11-dat-dai"; // the samples have this topic
const byId = (id) => document.getElementById(id);

let subjects = [];
let followed = new Map(); // key → name
let say = () => {};

/** Lower case without diacritics, đ as d: the reader may type either. */
export const fold = (text) =>
  text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("ð", "d");

/** `tell` shows a message, "" if there is none. */
export function begin(tell) {
  say = tell;
  byId("search").addEventListener("input", render);
  render();
}

export const loaded = () => subjects.length > 0;

export async function load() {
  const { results } = await call("GET", "/api/v1/topics");
  subjects = results.map((subject) => ({
    ...searchable(subject), children: subject.children.map(searchable),
  }));
  render();
}

const searchable = (topic) => ({ ...topic, folded: fold(`${topic.number} ${topic.name}`) });

/** Fetch what this phone follows. */
export async function refresh() {
  const { results } = device.exists() ? await device.asMe("GET", "follows") : { results: [] };
  followed = new Map(results.filter((each) => each.target === "topic").map((each) => [each.subject.key, each.subject.name]));
  render();
}

async function toggle(topic) {
  try {
    if (!device.exists()) return say("Hãy bật điện thoại ảo trước.");
    const ends = followed.has(topic.key);
    await device.asMe(ends ? "DELETE" : "PUT", `follows/topic/${topic.key}`, ends ? undefined : {});
    await refresh();
    say("");
    focusOn(topic.key);
  } catch (trouble) {
    say(trouble.message);
  }
}

/** Focus the button that was pressed: it was drawn again, and a keyboard must not lose its place. */
function focusOn(key) {
  document.querySelector(`#topics [data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

function matches() {
  const words = fold(byId("search").value).split(/\s+/).filter(Boolean);
  const hit = (topic) => words.every((word) => topic.folded.includes(word));
  if (!words.length) return subjects.map((subject) => ({ subject, headings: [] }));
  return subjects
    .map((subject) => ({ subject, own: hit(subject), headings: subject.children.filter(hit) }))
    .filter(({ own, headings }) => own || headings.length);
}

function render() {
  renderFollowing();
  const found = matches();
  const rows = found.flatMap(({ subject, headings }) => [row(subject), ...headings.map((each) => row(each, subject))]);
  byId("topics").replaceChildren(...rows.slice(0, MAX_ROWS));
  byId("found").textContent = summary(rows.length);
}

function summary(count) {
  if (!subjects.length) return "Đang lấy danh sách chủ đề…";
  if (!byId("search").value.trim()) return "";
  if (!count) return "Không có chủ đề nào khớp. Thử ít từ hơn.";
  return count > MAX_ROWS ? `${count} kết quả, ${MAX_ROWS} kết quả đầu ở dưới. Gõ thêm để thu hẹp.` : `${count} kết quả`;
}

function row(topic, parent) {
  const name = make("span", { class: "name" }, make("b", {}, topic.number), ` ${topic.name}`);
  if (parent) name.append(make("small", {}, `thuộc ${parent.name}`));
  else name.append(make("small", {}, `${topic.children.length} đề mục`));
  const covered = parent && followed.has(parent.key) && !followed.has(topic.key);
  const act = covered ? make("span", { class: "covered" }, "đã gồm trong chủ đề") : button(topic);
  return make("li", { class: parent ? "heading" : "subject" }, name, act);
}

function button(topic) {
  const on = followed.has(topic.key);
  const label = on ? "✓ Đang theo dõi" : "Theo dõi";
  return make(
    "button",
    {
      type: "button", class: on ? "follow on" : "follow", "data-key": topic.key, "aria-pressed": String(on),
      "aria-label": `Theo dõi ${topic.name}`, disabled: !device.exists(), onclick: () => toggle(topic),
    },
    label,
  );
}

function renderFollowing() {
  const place = byId("following");
  if (!device.exists()) return place.replaceChildren(make("p", { class: "hint" }, "Hãy bật điện thoại ảo trước, rồi chọn chủ đề cho nó."));
  if (!followed.size) {
    const first = subjects.find((subject) => subject.key === SUGGESTED_KEY);
    const suggestion = first && make("button", { type: "button", class: "chip try", onclick: () => toggle(first) }, `Thử: ${first.name}`);
    return place.replaceChildren(make("p", { class: "hint" }, "Chưa theo dõi chủ đề nào. "), ...(suggestion ? [suggestion] : []));
  }
  const chips = [...followed].map(([key, name]) =>
    make("li", {}, make(
      "button", { type: "button", class: "chip", "aria-label": `Thôi theo dõi ${name}`, onclick: () => toggle({ key, name }) },
      name, make("span", { "aria-hidden": "true" }, " ×"),
    )));
  return place.replaceChildren(make("ul", { class: "chips", "aria-label": "Đang theo dõi" }, ...chips));
}
