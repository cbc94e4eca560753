const registration = `phone-${crypto.randomUUID()}`; // instead of the registration token of Firebase
const phone = `https://luatmo.example/phone/devices/${registration}`;
const json = { "Content-Type": "application/json" };
await fetch(phone, { method: "PUT", headers: json, body: "{}" }); // the local FCM server knows this phone now

const secret = await register(crypto.randomUUID(), registration);
await call("PUT", "follows/topic/11-dat-dai", { body: { kinds: [] }, secret });

/** What the phone shows, the newest first. Ask once a second. */
async function tray() {
  return (await (await fetch(phone)).json()).tray;
}
for (const card of await tray()) console.log(card.title, card.body, card.data); // data: nid, kind, link, page_url, key
