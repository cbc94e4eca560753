// Calls to our own server, as any app would make them. All texts here are for people.

const AWAY = "Không gọi được máy chủ Luật Mở. Có lẽ nó đã dừng: hãy xem cửa sổ đang chạy script/serve.";
const PATIENCE = 10_000; // milliseconds

/** What went wrong, in words for the reader. `status` is 0 when no answer came. */
export class Trouble extends Error {
  constructor(message, status = 0, code = "") {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** JSON in, JSON out; null for 204. Throws Trouble. */
export async function call(method, path, { body, secret } = {}) {
  const headers = { Accept: "application/json", "Accept-Language": "vi" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (secret) headers.Authorization = `Bearer ${secret}`;
  const answer = await reach(path, {
    method, headers, cache: "no-cache", body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.status === 204) return null;
  const said = await answer.json().catch(() => null);
  if (answer.ok && said !== null) return said;
  throw new Trouble(said?.detail || `Máy chủ trả lời ${answer.status}.`, answer.status, said?.code);
}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Trouble(AWAY);
  }
}

/** An element with attributes and children; texts only ever become text. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") element.className = value;
    else if (key === "onclick") element.addEventListener("click", value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
