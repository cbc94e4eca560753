// A starter for an app on the API of Luật Mở, in plain web: registers, searches, follows, syncs the inbox, opens the law.
// Copy it and change it (Apache-2.0). It asks the inbox for news; for web push add the web SDK of Firebase and give its
// registration token as `registration_id`. Set `data-api` on <html> if the API has another address.
const API = document.documentElement.dataset.api ?? "/api/v1";
const POLL_MILLISECONDS = 15_000; // without pushes the inbox is asked for news
const $ = (id) => document.getElementById(id);
const kept = {
  get: (name) => localStorage.getItem(`luatmo.${name}`),
  set: (name, value) => localStorage.setItem(`luatmo.${name}`, value),
};

class Problem extends Error {
  constructor(detail, status, code) {
    super(detail);
    Object.assign(this, { status, code });
  }
}

async function call(method, path, { body, secret } = {}) {
  const headers = { Accept: "application/json", "Accept-Language": "vi" };
  if (body) headers["Content-Type"] = "application/json";
  if (secret) headers.Authorization = `Bearer ${secret}`;
  const address = /^https?:/.test(path) ? path : `${API}/${path}`;
  const sent = { method, headers, body: body && JSON.stringify(body), keepalive: method === "PUT" }; // also on leaving
  const answer = await fetch(address, sent).catch(() => {
    throw new Problem("Không có mạng. Sẽ thử lại.", 0, "offline");
  });
  if (answer.status === 204) return null;
  const json = await answer.json();
  if (answer.ok) return json;
  const words = json.errors?.map((each) => each.detail).join(" ") || json.detail || json.title;
  throw new Problem(words, answer.status, json.code);
}

// -- this installation

async function register() {
  const key = kept.get("key") ?? crypto.randomUUID();
  const body = { registration_id: `web-${key}`, id_kind: "token", platform: "web", app_version: "starter", language: "vi" };
  try {
    const device = await call("PUT", `devices/${key}`, { body, secret: kept.get("secret") });
    kept.set("key", key);
    if (device.secret) kept.set("secret", device.secret);
  } catch (problem) {
    if (![401, 404].includes(problem.status) || !kept.get("secret")) throw problem;
    ["key", "secret", "after", "unsent"].forEach((name) => localStorage.removeItem(`luatmo.${name}`)); // erased: begin again
    await register();
  }
}

const asMe = (method, path, body) => call(method, path, { body, secret: kept.get("secret") });

// -- the inbox: what is kept, and what came since

const entries = JSON.parse(kept.get("entries") ?? "[]");

let syncing = null; // one at a time: two would add the same news twice
const sync = () => (syncing ??= fetchNews().finally(() => (syncing = null)));

async function fetchNews() {
  await sendRead();
  let next = kept.get("after") ? `inbox?after=${kept.get("after")}` : "inbox";
  const news = [];
  while (next) {
    const page = await asMe("GET", next);
    news.push(...page.results.filter((entry) => !entries.some((known) => known.key === entry.key)));
    next = page.next;
  }
  if (!news.length) return;
  kept.set("after", news[0].key); // the newest is first
  entries.unshift(...news);
  kept.set("entries", JSON.stringify(entries.slice(0, 200)));
  drawInbox();
}

function drawInbox() {
  $("empty").hidden = entries.length > 0;
  $("inbox").replaceChildren(...entries.map((entry) => {
    const link = make("a", `${entry.title} ${entry.body}`, { href: placeOf(entry) });
    link.className = entry.read_at ? "" : "unread";
    link.addEventListener("click", () => guarded(() => markRead(entry)));
    return make("li", link);
  }));
}

/** Read from now on, here at once; the server hears of it now or, had the page gone or the network, at the next sync. */
async function markRead(entry) {
  if (entry.read_at) return;
  entry.read_at = new Date().toISOString();
  kept.set("entries", JSON.stringify(entries.slice(0, 200)));
  kept.set("unsent", JSON.stringify([...unsent(), entry.key]));
  drawInbox();
  await sendRead();
}

const unsent = () => JSON.parse(kept.get("unsent") ?? "[]");

async function sendRead() {
  for (const key of unsent()) {
    await asMe("PUT", `inbox/${key}/read`).catch((problem) => {
      if (problem.status !== 404) throw problem; // gone from the inbox: nothing to mark
    });
    kept.set("unsent", JSON.stringify(unsent().filter((each) => each !== key)));
  }
}

// -- topics

async function drawTopics() {
  const [topics, follows] = await Promise.all([call("GET", "topics"), asMe("GET", "follows")]);
  const followed = new Set(follows.results.filter((each) => each.target === "topic").map((each) => each.key));
  $("topics").replaceChildren(...topics.results.map((topic) => {
    const button = make("button", "", { type: "button" });
    const label = () => {
      const on = followed.has(topic.key);
      button.textContent = on ? "Thôi theo dõi" : "Theo dõi";
      button.setAttribute("aria-label", `${button.textContent} ${topic.name}`);
    };
    button.addEventListener("click", () => guarded(async () => {
      const on = followed.has(topic.key);
      await asMe(on ? "DELETE" : "PUT", `follows/topic/${topic.key}`, on ? undefined : { kinds: [] });
      if (on) followed.delete(topic.key);
      else followed.add(topic.key);
      label();
    }));
    label();
    return make("li", make("span", topic.name), button);
  }));
}

// -- search and pages

async function search(words) {
  const page = await call("GET", `search?q=${encodeURIComponent(words)}&page_size=10`);
  const rows = page.results.map((hit) => {
    const target = hit.provision ?? hit.document ?? hit.question ?? hit.event;
    const title = hit.provision ? `${hit.provision.citation}` : target.title;
    return make("li", make("a", title, { href: hashOf(target.url) }), make("span", hit.effect_status_name ?? ""));
  });
  if (page.missing_document) rows.unshift(make("li", `Ở đây không có «${page.missing_document}».`));
  $("found").replaceChildren(...(rows.length ? rows : [make("li", `Không tìm thấy. ${page.did_you_mean}`)]));
}

/** What people read: the page of the news. Private news has none, and is drawn in this page. */
const placeOf = (entry) => (new URL(entry.page_url).pathname === "/" ? hashOf(entry.subject.url) : entry.page_url);

/** An address of the API as a place in this page: #documents/luat-2024-31-2024-qh15. */
const hashOf = (url) => `#${new URL(url, location.href).pathname.split("/api/v1/")[1]}`;

async function open() {
  const path = decodeURIComponent(location.hash.slice(1)).replace(/^[a-z+.-]*:.*/i, ""); // never another host
  $("home").hidden = Boolean(path);
  $("page").hidden = !path;
  if (!path) return;
  const page = await asMe("GET", path); // private news needs the secret
  const isLaw = page.outline !== undefined;
  const text = isLaw ? (await call("GET", `documents/${page.key}/text`)).provisions.map((each) => each.text).join("") : page.text;
  const effect = page.effect_doubt ? page.effect_doubt.words : page.effect_status_name;
  $("page").replaceChildren(
    make("p", make("a", "← Trở lại", { href: "#" })),
    make("h2", isLaw ? page.title : (page.citation ?? page.title), { tabindex: "-1" }),
    make("p", [page.number, effect].filter(Boolean).join(" · ")),
    make("pre", text ?? page.answer?.text ?? page.description ?? ""),
  );
  $("page").querySelector("h2").focus();
}

// -- plumbing

/** An element; strings become text, never HTML. */
function make(name, ...rest) {
  const element = document.createElement(name);
  for (const each of rest) {
    if (typeof each === "string" || each instanceof Node) element.append(each);
    else Object.entries(each).forEach(([key, value]) => element.setAttribute(key, value));
  }
  return element;
}

/** Run it; say what went wrong, and take it away when something works again. */
async function guarded(work) {
  try {
    await work();
    $("trouble").hidden = true;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    $("trouble").textContent = problem.message;
    $("trouble").hidden = false;
  }
}

$("search").addEventListener("submit", (event) => {
  event.preventDefault();
  guarded(() => search(new FormData(event.target).get("q")));
});
addEventListener("hashchange", () => guarded(open));
addEventListener("online", () => guarded(sync));
drawInbox();
guarded(async () => {
  await register();
  await Promise.all([open(), drawTopics(), sync()]);
});
setInterval(() => guarded(sync), POLL_MILLISECONDS);
