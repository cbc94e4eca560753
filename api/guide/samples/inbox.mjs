/** What came since the entry `after`, oldest first. Keep the last key, and ask again at each start and after each push. */
async function news(secret, after) {
  const entries = [];
  let next = after ? `inbox?after=${after}` : "inbox?unread=true";
  while (next) {
    const page = await call("GET", next, { secret });
    entries.push(...page.results);
    next = page.next;
  }
  return entries.reverse();
}

const key = crypto.randomUUID();
const secret = await register(key, `fcm-${key}`);
await call("PUT", "follows/topic/11-dat-dai", { body: { kinds: [] }, secret }); // every kind
for (const entry of await news(secret, null)) {
  console.log(entry.kind, entry.title, entry.subject.url);
  await call("PUT", `inbox/${entry.key}/read`, { secret });
}
