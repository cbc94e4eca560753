const API = "https://luatmo.example/api/v1";
const law = await (await fetch(`${API}/documents/luat-2024-31-2024-qh15/text`)).json();

/** A text as parts: words, and words that lead to the page of a provision. */
function parts({ text, links }) {
  const found = [];
  let at = 0;
  for (const { start, end, page_url } of links) {
    found.push({ words: text.slice(at, start) }, { words: text.slice(start, end), page_url });
    at = end;
  }
  return [...found, { words: text.slice(at) }];
}

for (const unit of law.provisions) {
  const shown = parts(unit);
  if (shown.map((part) => part.words).join("") !== unit.text) throw new Error(unit.eid); // no letter is lost
  console.log(unit.eid, shown.filter((part) => part.page_url));
}
