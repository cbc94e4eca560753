// An app's main job through the generated TypeScript client, against a live server: node main_job.js BASE_URL
// Register, follow, list, read a provision, ask, come to an event, read the inbox, read the change log.
import {
  ChangesApi, Configuration, DevicesApi, DocumentsApi, EventsApi, FollowsApi, InboxApi, QuestionsApi, TopicsApi,
} from './client';

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
