// A law, read through the public API: its facts, its outline, its complete text.

import { call, make, CallFailed } from "./api.js";

const byId = (id) => document.getElementById(id);
const HIGHER = ["part", "chapter", "section", "subsection"];
const NAMES = {
  part: "Phần", chapter: "Chương", section: "Mục", subsection: "Tiểu mục", article: "Điều", clause: "Khoản", point: "Điểm",
  annex: "Phụ lục", preamble: "Phần mở đầu", conclusions: "Phần kết",
};
let shown = null; // the key of the law on the page
let asked = 0; // number of requests: if two are under way, only the later one is shown

/**
 * Show the law of that key and, with an eid, scroll to that unit. Without an eid the law is fetched again: it may have
 * been corrected. Throws CallFailed and leaves the page as it was.
 */
export async function open(key, eid) {
  const mine = ++asked;
  if (shown !== key || !eid) {
    const [law, text] = await fetched(`/api/v1/documents/${key}`);
    if (mine !== asked) return;
    byId("law").replaceChildren(head(law), outline(law), body(text.provisions), foot(law));
    shown = key;
  }
  byId("steps").hidden = true;
  byId("law").hidden = false;
  const place = (eid && document.getElementById(`u-${eid}`)) || byId("law").querySelector("h2");
  place.focus({ preventScroll: true });
  (eid ? place : byId("law")).scrollIntoView();
}

async function fetched(path) {
  try {
    return await Promise.all([call("GET", path), call("GET", `${path}/text`)]);
  } catch (trouble) {
    if (trouble.status !== 404) throw trouble;
    throw new CallFailed("Văn bản này không còn ở đây: có lẽ nó đã được rút lại.", 404);
  }
}

export function close() {
  asked += 1;
  byId("law").hidden = true;
  byId("steps").hidden = false;
}

function head(law) {
  const facts = [
    ["Cơ quan ban hành", law.issuer?.name],
    ["Ngày ban hành", day(law.issued_on)], ["Có hiệu lực từ", day(law.effective_on)], ["Hết hiệu lực từ", day(law.expires_on)],
    ["Chủ đề", law.topics.map((topic) => topic.name).join(", ")],
  ].filter(([, value]) => value);
  return make(
    "header", {},
    make("a", { class: "back", href: "#" }, "← Trở lại"),
    law.is_sample ? make("p", { class: "sample" }, "Văn bản mẫu để thử phần mềm, không phải văn bản pháp luật.") : null,
    make("p", { class: "kicker" }, make("span", { class: `badge ${law.effect_status}` }, law.effect_status_name), ` ${law.type_name} ${law.number}`),
    make("h2", { tabindex: "-1" }, law.title),
    make("dl", {}, ...facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)))),
    law.effect_stated_on ? null : make("p", { class: "small" }, "Tình trạng hiệu lực tính từ những ngày Luật Mở biết; chưa có nguồn chính thức xác nhận."),
  );
}

function outline(law) {
  const units = law.outline.filter((unit) => unit.kind !== "preamble" && unit.kind !== "conclusions");
  if (!units.length) return make("p", { class: "small" }, "Văn bản này chưa chia được thành điều.");
  return make("nav", { "aria-label": "Mục lục" }, make("details", { open: true }, make("summary", {}, "Mục lục"), branch(law.key, units)));
}

function branch(key, units) {
  return make("ol", {}, ...units.map((unit) => make(
    "li", {},
    make("a", { href: `#van-ban/${key}/${unit.eid}` }, label(unit)),
    unit.children.length ? branch(key, unit.children) : null,
  )));
}

function label(unit) {
  const name = [NAMES[unit.kind] ?? "", unit.number].filter(Boolean).join(" ");
  return [name, unit.heading].filter(Boolean).join(". ") || unit.eid;
}

function body(units) {
  const text = make("div", { class: "text" });
  if (!units.length) text.append(make("p", {}, "Chưa có toàn văn."));
  for (const unit of units) text.append(...paragraphs(unit));
  return text;
}

/** The unit's own text, complete. The first line of an article is its heading. */
function paragraphs(unit) {
  const place = { id: `u-${unit.eid}`, tabindex: "-1" };
  if (unit.removed) return removed(unit, place);
  const lines = unit.text.trim().split("\n");
  if (HIGHER.includes(unit.kind)) return [make("h3", place, lines.join("\n"))];
  const first = unit.kind === "article" ? make("h4", place, lines.shift()) : make("p", { ...place, class: unit.kind }, lines.shift());
  const { on, act } = unit.amended ?? {};
  const amended = act ? [make("p", { class: `small ${unit.kind}` }, `Sửa đổi, bổ sung từ ${day(on)}, theo ${act.number || act.title}.`)] : [];
  return [first, ...amended, ...lines.filter((line) => line.trim()).map((line) => make("p", { class: unit.kind }, line))];
}

/** A unit that is no longer in the text stays as one line, so that its number and its address lead somewhere. */
function removed(unit, place) {
  const { on, act, is_repealed } = unit.removed;
  const verb = is_repealed ? "bị bãi bỏ" : "không còn trong văn bản";
  const title = make(unit.kind === "article" ? "h4" : "p", { ...place, class: `removed ${unit.kind}` }, label(unit));
  return [title, make("p", { class: `small ${unit.kind}` }, `Từ ${day(on)} ${verb}, theo ${act.number || act.title}.`)];
}

function foot(law) {
  return make(
    "footer", { class: "small" },
    law.provenance.source ? `Nguồn: ${law.provenance.source}. ` : "",
    make("a", { href: `/api/v1/documents/${law.key}` }, "Xem dữ liệu mà API trả về"), " · ",
    make("a", { href: "#" }, "Trở lại"),
  );
}

const day = (iso) => iso && iso.split("-").reverse().join("/");
