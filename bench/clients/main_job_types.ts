// An app's main job through the types of openapi-typescript and openapi-fetch, against a live server: node … BASE_URL
import createClient from 'openapi-fetch';

import type { paths } from './contract';

/** Without these an answer that may also be XML or Markdown has a type of all its formats. */
type Media = 'application/json' | 'application/problem+json';

/** The answer, or the problem as an error. */
async function got<Answer>(answer: Promise<{ data?: Answer; error?: unknown; response: Response }>): Promise<Answer> {
  const { data, error, response } = await answer;
  if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(error)}`);
  return data as Answer;
}

/** `key`: of a sample law one of whose points names a clause of it. */
async function checkCitations(baseUrl: string, key: string): Promise<void> {
  const anybody = createClient<paths, Media>({ baseUrl });
  const text = await got(anybody.GET('/api/v1/documents/{key}/text', { params: { path: { key } } }));
  const unit = text.provisions.find((each) => each.links.length > 0)!;
  const link = unit.links[0]!;
  if (!unit.text.slice(link.start, link.end).includes('khoản 2 Điều 2')) throw new Error('a link beside its words');
  const citing = await got(anybody.GET('/api/v1/documents/{key}/cited-by', {
    params: { path: { key }, query: { eid: link.eids[0]! } },
  }));
  if (!citing.results.some((each) => each.eid === unit.eid)) throw new Error('not cited by what cites it');

  const resolved = await got(anybody.POST('/api/v1/citations/resolve', {
    body: { text: 'Xem khoản 2 Điều 2 Luật này.', context: { document: key } },
  }));
  if (resolved.citations[0]?.candidates[0]?.provisions[0]?.eid !== link.eids[0]) throw new Error('not resolved');
  const asked = await got(anybody.POST('/api/v1/documents/status', { body: { references: [key] } }));
  const { number } = asked.results[0]!.candidates[0]!.document;
  const found = await got(anybody.GET('/api/v1/documents/lookup', { params: { query: { number } } }));
  if (!found.candidates.some((each) => each.document.key === key)) throw new Error('not found by its number');

  const markdown = await got(anybody.GET('/api/v1/documents/{key}/text', {
    params: { path: { key }, query: { format: 'md' } }, parseAs: 'text',
  }));
  if (!String(markdown).startsWith('---')) throw new Error('not the format asked for');
}

async function main(baseUrl: string): Promise<void> {
  const anybody = createClient<paths, Media>({ baseUrl });
  const installation_key = `client-${crypto.randomUUID()}`;
  const device = await got(anybody.PUT('/api/v1/devices/{installation_key}', {
    params: { path: { installation_key } },
    body: { registration_id: `registration-${crypto.randomUUID()}`, id_kind: 'token', platform: 'ios', app_version: '', language: 'vi' },
  }));
  const mine = createClient<paths, Media>({ baseUrl, headers: { Authorization: `Bearer ${device.secret}` } });

  const topic = (await got(anybody.GET('/api/v1/topics'))).results[0]!;
  await got(mine.PUT('/api/v1/follows/{target}/{key}', {
    params: { path: { target: 'topic', key: topic.key } }, body: { kinds: ['new'], frequency: 'instant' },
  }));

  const laws = await got(anybody.GET('/api/v1/documents', { params: { query: { status: ['in_force'], page_size: 5 } } }));
  const law = laws.results[0]!;
  const text = await got(anybody.GET('/api/v1/documents/{key}/text', { params: { path: { key: law.key } } }));
  const article = text.provisions.find((unit) => unit.kind === 'article')!;
  const provision = await got(anybody.GET('/api/v1/documents/{key}/provisions/{eid}', {
    params: { path: { key: law.key, eid: article.eid } },
  }));
  if (!provision.text || !provision.citation) throw new Error('an empty provision');

  await checkCitations(baseUrl, 'luat-2024-00-0000-mau');

  const question = await got(mine.POST('/api/v1/questions', {
    params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: { title: 'Thử máy', text: 'Điều này còn hiệu lực không?', consent_to_publish: false },
  }));
  const own = (await got(mine.GET('/api/v1/questions/mine'))).results;
  if (own.length !== 1 || own[0]!.key !== question.key) throw new Error('not my question');

  const event = (await got(anybody.GET('/api/v1/events', { params: { query: { status: 'announced' } } }))).results[0]!;
  await got(mine.PUT('/api/v1/events/{key}/registration', { params: { path: { key: event.key } }, body: {} }));
  const coming = (await got(mine.GET('/api/v1/events/mine'))).results;
  if (coming.length !== 1 || coming[0]!.event.key !== event.key) throw new Error('not my event');
  if ((await got(mine.GET('/api/v1/inbox'))).results.length !== 0) throw new Error('told of nothing yet');

  const changes = await got(anybody.GET('/api/v1/changes', { params: { query: { after: '0', page_size: 3 } } }));
  if (changes.cursor !== changes.results.at(-1)!.key) throw new Error('a cursor that is no key');
  await got(mine.DELETE('/api/v1/devices/{installation_key}', { params: { path: { installation_key } } }));
  console.log(`openapi-typescript: ${law.number}, ${provision.citation}, ${event.key}: the main job is done`);
}

main(process.argv[2]!).catch((error) => {
  console.error(error);
  process.exit(1);
});
