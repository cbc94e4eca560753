const API = "https://luatmo.example/api/v1";

/** Call the API; throws an Error with `code` and `status` of the problem. */
export async function call(method, path, { body, secret } = {}) {
  const headers = { Accept: "application/json", "Accept-Language": "vi" };
  if (body) headers["Content-Type"] = "application/json";
  if (secret) headers.Authorization = `Bearer ${secret}`;
  const answer = await fetch(path.startsWith("http") ? path : `${API}/${path}`, {
    method, headers, body: body && JSON.stringify(body),
  });
  if (answer.status === 204) return null;
  const json = await answer.json();
  if (answer.ok) return json;
  const words = json.errors?.map((each) => each.detail).join(" ") || json.detail || json.title; // for people
  throw Object.assign(new Error(words), { code: json.code, status: answer.status });
}

/** Register this installation; `secret` is null at the first start. Returns the secret to keep. */
export async function register(key, registrationId, secret = null, platform = "web") {
  const body = { registration_id: registrationId, id_kind: "token", platform, language: "vi" };
  return (await call("PUT", `devices/${key}`, { body, secret })).secret ?? secret;
}
