// Calls to our own server, as any app would make them.

const SERVER_AWAY = "Không gọi được máy chủ Luật Mở. Có lẽ nó đã dừng: hãy xem cửa sổ đang chạy script/serve.";
const TIMEOUT_MILLISECONDS = 10_000;

/** A call that failed. The message is for the reader; `status` is 0 if no answer came. */
export class CallFailed extends Error {
  constructor(message, status = 0, code = "") {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Send and receive JSON; null for 204. Throws CallFailed. */
export async function call(method, path, { body, secret } = {}) {
  const headers = { Accept: "application/json", "Accept-Language": "vi" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (secret) headers.Authorization = `Bearer ${secret}`;
  const answer = await fetchOrFail(path, {
    method, headers, cache: "no-cache", body: JSON.stringify(body), signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  if (answer.status === 204) return null;
  const json = await answer.json().catch(() => null);
  if (answer.ok && json !== null) return json;
  throw new CallFailed(json?.detail || `Máy chủ trả lời ${answer.status}.`, answer.status, json?.code);
}

async function fetchOrFail(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new CallFailed(SERVER_AWAY);
  }
}

/** Create an element with attributes and children. Strings become text, never HTML. */
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
