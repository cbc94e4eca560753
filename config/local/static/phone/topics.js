// The 45 subjects and their headings: search without accents, follow and unfollow.

import { call, make } from "./api.js";
import * as device from "./device.js";

const MOST_SHOWN = 60;
const TRY_THIS = "11-dat-dai"; // the samples are filed there
const byId = (id) => document.getElementById(id);

let subjects = [];
let followed = new Map(); // key → name
let say = () => {};

/** Small letters without marks, đ as d: how the reader may type. */
export const fold = (text) =>
  text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("ð", "d");

/** `tell` says in words what went wrong ("" when all is well). */
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

/** Ask anew what this phone follows. */
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

/** The button that was pressed is drawn anew; a keyboard must not lose its place. */
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
  byId("topics").replaceChildren(...rows.slice(0, MOST_SHOWN));
  byId("found").textContent = summary(rows.length);
}

function summary(count) {
  if (!subjects.length) return "Đang lấy danh sách chủ đề…";
  if (!byId("search").value.trim()) return "";
  if (!count) return "Không có chủ đề nào khớp. Thử ít từ hơn.";
  return count > MOST_SHOWN ? `${count} kết quả, ${MOST_SHOWN} kết quả đầu ở dưới. Gõ thêm để thu hẹp.` : `${count} kết quả`;
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
    const first = subjects.find((subject) => subject.key === TRY_THIS);
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
