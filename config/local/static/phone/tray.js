// The cards on the phone's screen: one per tag, the newest first, as Android shows them.

import { make } from "./api.js";

const byId = (id) => document.getElementById(id);
const cards = new Map(); // tag → its <li>
const OPENED = "luatmo.opened";
const opened = new Set(storedOpened());

function storedOpened() {
  try {
    const saved = JSON.parse(localStorage.getItem(OPENED));
    return Array.isArray(saved) ? saved : [];
  } catch {
    return [];
  }
}

/** The key of the document that a push without a page opens; null for any other address. Only the path counts. */
function keyOf(link) {
  try {
    return new URL(link).pathname.match(/^\/api\/v1\/documents\/([a-z0-9-]+)$/)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** The path of the page that a push names; null where it names none. */
function pageOf(address) {
  try {
    const { pathname } = new URL(address);
    return /^\/(?:van-ban|hoi-dap|su-kien|cuoc-thi)\/[a-z0-9_\/-]+$/.test(pathname) ? pathname : null;
  } catch {
    return null;
  }
}

/** Draw the phone. Existing cards are changed in place, so that a screen reader reads only new ones. */
export function draw(phone) {
  const list = byId("cards");
  const tags = new Set(phone.tray.map((card) => card.tag));
  for (const [tag, item] of cards) {
    if (!tags.has(tag)) {
      item.remove();
      cards.delete(tag);
    }
  }
  phone.tray.forEach((card, place) => {
    const item = itemOf(card);
    if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
  });
}

export function clear() {
  byId("cards").replaceChildren();
  cards.clear();
}

function itemOf(card) {
  const item = cards.get(card.tag);
  if (item?.dataset.id === card.id) return item;
  const made = item ?? make("li");
  made.dataset.id = card.id;
  made.classList.toggle("opened", opened.has(card.id));
  made.replaceChildren(contentOf(card, made));
  cards.set(card.tag, made);
  return made;
}

function contentOf(card, item) {
  const page = pageOf(card.data?.page_url);
  const key = page ? page.match(/^\/van-ban\/([a-z0-9-]+)$/)?.[1] : keyOf(card.link);
  const opens = key ? `#van-ban/${key}` : page; // a whole document is drawn here; whatever else has a page is read there
  const content = [
    make("span", { class: "from" }, make("i", { "aria-hidden": "true" }), "Luật Mở", make("time", { datetime: card.at }, clock(card.at))),
    make("span", { class: "title" }, card.title ?? ""),
    make("span", { class: "body" }, card.body ?? ""),
  ];
  if (!opens) return make("div", { class: "card" }, ...content);
  return make("a", { class: "card", href: opens, onclick: () => markOpened(card.id, item) }, ...content);
}

function markOpened(id, item) {
  opened.add(id);
  item.classList.add("opened");
  try {
    localStorage.setItem(OPENED, JSON.stringify([...opened].slice(-200)));
  } catch { /* remembered as long as the page lives */ }
}

function clock(at) {
  if (!at) return "";
  const moment = new Date(at);
  const hour = moment.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
  const isToday = moment.toDateString() === new Date().toDateString();
  return isToday ? hour : `${moment.toLocaleDateString("vi-VN", { day: "2-digit", month: "2-digit" })} ${hour}`;
}
