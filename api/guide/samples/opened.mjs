/** What a tap shows: the object of page_url, as the article that the news is about; of private news, its entry. */
async function opened({ link, page_url }, secret) {
  return call("GET", link.includes("/inbox/") ? link : page_url, { secret }); // call asks for JSON and follows the 303
}

const law = await call("GET", "documents/luat-2024-31-2024-qh15/provisions/art_15"); // as if a push had led here
console.log((await opened({ link: law.document.url, page_url: law.page_url }, secret)).citation);
