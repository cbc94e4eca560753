import type { components } from "./contract"; // made by openapi-typescript

type Schemas = components["schemas"];
const API = "https://luatmo.example/api/v1";

class Problem extends Error {
  constructor(readonly status: number, readonly problem: Schemas["Problem"]) {
    super(problem.errors.map((each) => each.detail).join(" ") || problem.detail || problem.title);
  }
}

async function call<Answer>(method: string, path: string, body?: unknown, secret?: string): Promise<Answer> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": "vi" };
  if (body) headers["Content-Type"] = "application/json";
  if (secret) headers["Authorization"] = `Bearer ${secret}`;
  const init: RequestInit = { method, headers };
  if (body) init.body = JSON.stringify(body);
  const answer = await fetch(path.startsWith("http") ? path : `${API}/${path}`, init);
  if (answer.status === 204) return undefined as Answer;
  const json = await answer.json();
  if (!answer.ok) throw new Problem(answer.status, json);
  return json;
}

async function main(): Promise<void> {
  const found = await call<Schemas["SearchResponse"]>("GET", `search?q=${encodeURIComponent("đất đai")}`);
  console.log(found.results.map((hit) => hit.document?.title));

  const me: Schemas["DeviceRequest"] = { registration_id: `fcm-${crypto.randomUUID()}`, id_kind: "token", platform: "web" };
  const device = await call<Schemas["RegisteredDevice"]>("PUT", `devices/${crypto.randomUUID()}`, me);
  const secret = device.secret ?? undefined; // keep it: it is null at the next start
  const wanted: Schemas["FollowRequest"] = { kinds: ["new", "amended"] };
  await call<Schemas["Follow"]>("PUT", "follows/topic/11-dat-dai", wanted, secret);

  const inbox = await call<Schemas["InboxEntryPage"]>("GET", "inbox?unread=true", undefined, secret);
  for (const entry of inbox.results) {
    switch (entry.kind) {
      case "amended": console.log("sửa đổi:", entry.title); break;
      default: console.log(entry.title); // also a kind that this program does not know yet
    }
  }
}

void main();
