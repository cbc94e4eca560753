// The installation of the app on the virtual phone: its key, its FCM registration, its secret.

import { call, CallFailed } from "./api.js";

const STORAGE_KEY = "luatmo.phone";
let me = stored();

function stored() {
  try {
    const saved = JSON.parse(localStorage.getItem(STORAGE_KEY));
    return saved?.key && saved?.registration && saved?.secret ? saved : null;
  } catch {
    return null; // no storage here, or foreign content in it: a new phone that lives as long as the page
  }
}

function save(device) {
  me = device;
  try {
    if (me) localStorage.setItem(STORAGE_KEY, JSON.stringify(me));
    else localStorage.removeItem(STORAGE_KEY);
  } catch { /* no storage: see stored() */ }
}

function random(bytes) {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const exists = () => me !== null;

const phoneUrl = () => `/phone/devices/${me.registration}`;

/** The state of the phone. Throws CallFailed with status 404 if the FCM server has forgotten it. */
export const state = () => call("GET", phoneUrl());

export const setOnline = (online) => call("PUT", phoneUrl(), { body: { online } });

/** Register as an app does at each start: with FCM, then with the API. Creates a phone if there is none. */
export async function start() {
  const before = me;
  try {
    if (!me) me = { key: `phone-${random(16)}`, registration: random(24) };
    else if (!(await known())) me = { ...me, registration: random(24) }; // FCM forgot: a new registration, same app
    await call("PUT", phoneUrl(), { body: {} });
    await register();
  } catch (trouble) {
    me = before;
    throw trouble;
  }
}

async function known() {
  try {
    return await state();
  } catch (trouble) {
    if (trouble.status === 404) return null;
    throw trouble;
  }
}

async function register() {
  const registration = {
    registration_id: me.registration, id_kind: "token", platform: "android", app_version: "phone-page", language: "vi",
  };
  const put = () => call("PUT", `/api/v1/devices/${me.key}`, { body: registration, secret: me.secret });
  let answer;
  try {
    answer = await put();
  } catch (trouble) {
    if (![401, 404].includes(trouble.status) || !me.secret) throw trouble;
    me = { key: `phone-${random(16)}`, registration: me.registration }; // the API has deleted us: become a new installation
    answer = await put();
  }
  save({ ...me, secret: answer.secret ?? me.secret });
}

/** Delete the installation and its follows at the API, then here. */
export async function forget() {
  try {
    await asMe("DELETE", `devices/${me.key}`);
  } catch (trouble) {
    if (trouble.status !== 401) throw trouble; // 401: the API has deleted it already
  }
  save(null);
}

/** Call the API with the secret of this installation; `path` is below /api/v1. */
export function asMe(method, path, body) {
  if (!me) throw new CallFailed("Hãy bật điện thoại ảo trước.");
  return call(method, `/api/v1/${path}`, { body, secret: me.secret });
}
