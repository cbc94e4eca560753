// An app's main job through the generated TypeScript client, against a live server: node main_job.js BASE_URL
// Register, follow, list, read a provision with what it cites, ask, come to an event, read the inbox, read the change log.
import {
  ChangesApi, CitationsApi, Configuration, DevicesApi, DocumentsApi, EventsApi, FollowsApi, InboxApi, QuestionsApi, TopicsApi,
} from './client';

/** `key`: of a sample law one of whose points names a clause of it. */
async function checkCitations(configuration: Configuration, key: string): Promise<void> {
  const documents = new DocumentsApi(configuration);
  const citations = new CitationsApi(configuration);
  const units = (await documents.getDocumentText({ key })).provisions;
  const unit = units.find((each) => each.links.length > 0)!;
  const link = unit.links[0]!;
  if (!unit.text.slice(link.start, link.end).includes('khoản 2 Điều 2')) throw new Error('a link beside its words');
  const citing = (await citations.listCitingProvisions({ key, eid: link.eids[0]! })).results;
  if (!citing.some((each) => each.eid === unit.eid)) throw new Error('not cited by what cites it');

  const resolveCitationsRequest = { text: 'Xem khoản 2 Điều 2 Luật này.', context: { document: key } };
  const [citation] = (await citations.resolveCitations({ resolveCitationsRequest })).citations;
  if (citation?.candidates[0]?.provisions[0]?.eid !== link.eids[0]) throw new Error('a citation not resolved');
  const [asked] = (await citations.getDocumentStatuses({ documentStatusesRequest: { references: [key] } })).results;
  const { number } = asked!.candidates[0]!.document;
  const found = (await citations.lookUpDocument({ number })).candidates;
  if (!found.some((each) => each.document.key === key)) throw new Error('not found by its number');

  // what is not JSON: the types are of JSON only (`/docs/clients` of the guide)
  const markdown = await (await documents.getDocumentTextRaw({ key, format: 'md' })).raw.text();
  const akn = await (await documents.getProvisionRaw({ key, eid: unit.eid, format: 'akn' })).raw.text();
  if (!markdown.startsWith('---') || !akn.includes('<akomaNtoso')) throw new Error('not the format asked for');
}

async function main(basePath: string): Promise<void> {
  const anybody = new Configuration({ basePath });
  const installationKey = `client-${crypto.randomUUID()}`;
  const device = await new DevicesApi(anybody).putDevice({
    installationKey,
    deviceRequest: { registrationId: `registration-${crypto.randomUUID()}`, idKind: 'token', platform: 'ios' },
  });
  const mine = new Configuration({ basePath, accessToken: device.secret ?? '' });

  const topic = (await new TopicsApi(anybody).listTopics()).results[0]!;
  await new FollowsApi(mine).follow({ key: topic.key, target: 'topic', followRequest: { kinds: ['new'] } });

  const documents = new DocumentsApi(anybody);
  const law = (await documents.listDocuments({ status: ['in_force'], pageSize: 5 })).results[0]!;
  const text = await documents.getDocumentText({ key: law.key });
  const article = text.provisions.find((unit) => unit.kind === 'article')!;
  const provision = await documents.getProvision({ key: law.key, eid: article.eid });
  if (!provision.text || !provision.citation) throw new Error('an empty provision');

  await checkCitations(anybody, 'luat-2024-00-0000-mau');

  const question = await new QuestionsApi(mine).ask({
    idempotencyKey: crypto.randomUUID(),
    newQuestionRequest: { title: 'Thử máy', text: 'Điều này còn hiệu lực không?', consentToPublish: false },
  });
  const own = (await new QuestionsApi(mine).listMyQuestions()).results;
  if (own.length !== 1 || own[0]!.key !== question.key) throw new Error('not my question');

  const event = (await new EventsApi(anybody).listEvents({ status: 'announced' })).results[0]!;
  const registration = await new EventsApi(mine).register({ key: event.key, newRegistrationRequest: {} });
  if (registration.status !== 'seated') throw new Error('no seat');
  const coming = (await new EventsApi(mine).listMyEvents()).results;
  if (coming.length !== 1 || coming[0]!.event.key !== event.key) throw new Error('not my event');
  if ((await new InboxApi(mine).listInbox()).results.length !== 0) throw new Error('told of nothing yet');

  const changes = await new ChangesApi(anybody).listChanges({ after: '0', pageSize: 3 });
  if (changes.cursor !== changes.results.at(-1)!.key) throw new Error('a cursor that is no key');
  await new DevicesApi(mine).deleteDevice({ installationKey });
  console.log(`typescript client: ${law.number}, ${provision.citation}, ${event.key}: the main job is done`);
}

main(process.argv[2]!).catch((error) => {
  console.error(error);
  process.exit(1);
});
