const found = await call("GET", `search?q=${encodeURIComponent("đất đai")}&page_size=5`);
console.log(found.results.map((hit) => hit.document?.title));

const key = crypto.randomUUID(); // keep both: key and secret
const secret = await register(key, `fcm-${key}`);
await call("PUT", "follows/topic/11-dat-dai", { body: { kinds: ["new", "amended"] }, secret });

const inbox = await call("GET", "inbox?unread=true", { secret });
for (const entry of inbox.results) console.log(entry.title, (await call("GET", entry.subject.url)).title);
