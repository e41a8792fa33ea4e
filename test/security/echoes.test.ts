/** Servers that repeat the key in disguise: in headers, and in characters that JSON has escaped. */
import { SIMULATOR_API_KEY, sampleVideo } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { sendJson, startTinyService } from '../support/tinyService';
import { everythingIn, secretsIn } from '../support/secrets';
import { VideoNodeTest } from '../support/videoNode';

const escapedAll = Array.from(SIMULATOR_API_KEY, (character) => `\\u00${character.charCodeAt(0).toString(16)}`).join(
	'',
);
const escapedSome = SIMULATOR_API_KEY.replace(
	/[a-z]/g,
	(letter) => `\\u00${letter.charCodeAt(0).toString(16).toUpperCase()}`,
);

test.each([
	['all of its characters escaped', `{"error":{"message":"bad key ${escapedAll} here"}}`, {}],
	['some of its characters escaped', `{"error":{"message":"bad key ${escapedSome} here"}}`, {}],
	['JSON inside the text of JSON', JSON.stringify({ error: { message: `{"key":"${escapedAll}"} here` } }), {}],
	['the header of the request id', '{"error":{"message":"no, here"}}', { 'x-cometapi-request-id': SIMULATOR_API_KEY }],
	['the other header of it', '{"error":{"message":"no, here"}}', { 'x-oneapi-request-id': `id ${SIMULATOR_API_KEY}` }],
])('%s', async (_what, body, headers) => {
	const node = await VideoNodeTest.start();
	node.simulator.addFault({
		on: 'create',
		kind: 'reply',
		status: 400,
		body,
		headers: { 'content-type': 'application/json', ...headers },
	});
	const { error, engineRun } = await node.run({ prompt: 'A lighthouse' });
	expect(errorText(error)).toContain('here');
	const shown = everythingIn(error) + JSON.stringify(engineRun.run.data.resultData);
	expect(secretsIn(shown)).toEqual([]);
	expect(shown).not.toContain(escapedAll.slice(0, 30));
	await node.close();
});

/** Not every key begins in a way by which it could be known. */
const PLAIN_KEY = 'comet.0123456789-abcdefghijklmnopqrstuvwxyz';
const escapedPlain = PLAIN_KEY.replace(/[a-z]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);

test.each<[string, number, string, string | Buffer]>([
	['in the content type of something else', 200, `text/${PLAIN_KEY}`, 'no video'],
	['in the content type, where it would be cut in two', 200, `application/x-${'y'.repeat(20)}${PLAIN_KEY}`, '{}'],
	['in the content type of a video', 200, `video/mp4; key=${PLAIN_KEY}`, sampleVideo],
	['in the words of a refusal', 403, 'application/json', JSON.stringify({ message: `no: ${PLAIN_KEY}` })],
	['in these with escapes', 403, 'application/json', `{"message":"no: ${escapedPlain}"}`],
	['in a page', 500, `text/html; ${PLAIN_KEY}`, `<html>${PLAIN_KEY}</html>`],
])('the place of the file repeats the key %s', async (_where, status, contentType, body) => {
	const node = await VideoNodeTest.start();
	const heard: Array<string | undefined> = [];
	const service = await startTinyService(node.clock, ({ url, headers }, response) => {
		if (url === '/v1/videos/task_1') return sendJson(response, { id: 'task_1', status: 'completed' });
		if (url !== '/v1/videos/task_1/content') return false;
		heard.push(headers.authorization);
		response.writeHead(status, { 'content-type': contentType }).end(body);
		return true;
	});
	const { error, engineRun } = await node.run(
		{ resource: 'task', operation: 'download', taskId: 'task_1', taskProvider: 'seedance' },
		{ baseUrl: service.origin, apiKey: PLAIN_KEY },
	);
	expect(heard).toContain(`Bearer ${PLAIN_KEY}`);
	const shown = everythingIn(error) + JSON.stringify(engineRun.run.data.resultData);
	expect(shown).not.toContain(PLAIN_KEY.slice(0, 16));
	await Promise.all([node.close(), service.close()]);
});

const KEY = `${PLAIN_KEY}/end`;
const escapedKey = `${escapedPlain}/end`;

test.each<[string, string, Record<string, string>]>([
	['in the header of the request id', '{"message":"no, here"}', { 'x-cometapi-request-id': KEY }],
	['in the other header of it', '{"message":"no, here"}', { 'x-oneapi-request-id': `id ${KEY}` }],
	['in the words', JSON.stringify({ message: `no: ${KEY} here` }), {}],
	['in these with escapes', `{"message":"no: ${escapedKey} here"}`, {}],
	['in these with an escaped slash', `{"message":"no: ${KEY.replace('/', '\\/')} here"}`, {}],
	['in JSON inside the text of JSON', JSON.stringify({ message: `{"key":"${escapedKey}"} here` }), {}],
])('a create that is refused repeats the key %s', async (_where, body, headers) => {
	const node = await VideoNodeTest.start();
	const service = await startTinyService(node.clock, ({ url }, response) => {
		if (url !== '/v1/videos') return false;
		response.writeHead(400, { 'content-type': 'application/json', ...headers }).end(body);
		return true;
	});
	const { error, engineRun } = await node.run({ prompt: 'A boat' }, { baseUrl: service.origin, apiKey: KEY });
	expect(errorText(error)).toContain('here');
	const shown = everythingIn(error) + JSON.stringify(engineRun.run.data.resultData);
	for (const form of [KEY, escapedKey]) expect(shown).not.toContain(form.slice(6, 40));
	await Promise.all([node.close(), service.close()]);
});
