// The installation of the app on the virtual phone: its key, its FCM registration, its secret.

import { call, Trouble } from "./api.js";

const SHELF = "luatmo.phone";
let me = stored();

function stored() {
  try {
    const kept = JSON.parse(localStorage.getItem(SHELF));
    return kept?.key && kept?.registration && kept?.secret ? kept : null;
  } catch {
    return null; // no storage here, or somebody else's words in it: a new phone, for as long as the page lives
  }
}

function keep(device) {
  me = device;
  try {
    if (me) localStorage.setItem(SHELF, JSON.stringify(me));
    else localStorage.removeItem(SHELF);
  } catch { /* as above */ }
}

function random(bytes) {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const exists = () => me !== null;

const door = () => `/phone/devices/${me.registration}`;

/** The phone as it is; 404 (Trouble) when the FCM server has forgotten it. */
export const look = () => call("GET", door());

export const setOnline = (online) => call("PUT", door(), { body: { online } });

/** As an app at each start: make sure FCM knows the phone, and tell the API of it. Makes a phone if there is none. */
export async function start() {
  const before = me;
  try {
    if (!me) me = { key: `phone-${random(16)}`, registration: random(24) };
    else if (!(await known())) me = { ...me, registration: random(24) }; // FCM forgot: a new registration, same app
    await call("PUT", door(), { body: {} });
    await register();
  } catch (trouble) {
    me = before;
    throw trouble;
  }
}

async function known() {
  try {
    return await look();
  } catch (trouble) {
    if (trouble.status === 404) return null;
    throw trouble;
  }
}

async function register() {
  const papers = {
    registration_id: me.registration, id_kind: "token", platform: "android", app_version: "phone-page", language: "vi",
  };
  const put = () => call("PUT", `/api/v1/devices/${me.key}`, { body: papers, secret: me.secret });
  let answer;
  try {
    answer = await put();
  } catch (trouble) {
    if (![401, 404].includes(trouble.status) || !me.secret) throw trouble;
    me = { key: `phone-${random(16)}`, registration: me.registration }; // the API has forgotten us: a new installation
    answer = await put();
  }
  keep({ ...me, secret: answer.secret ?? me.secret });
}

/** The API forgets the installation and what it follows; then we do. */
export async function forget() {
  try {
    await asMe("DELETE", `devices/${me.key}`);
  } catch (trouble) {
    if (trouble.status !== 401) throw trouble; // 401: it had forgotten us already
  }
  keep(null);
}

/** A call that shows the secret; `path` under /api/v1. */
export function asMe(method, path, body) {
  if (!me) throw new Trouble("Hãy bật điện thoại ảo trước.");
  return call(method, `/api/v1/${path}`, { body, secret: me.secret });
}
