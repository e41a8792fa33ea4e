/** Servers that repeat the key in disguise: in headers, and in characters that JSON has escaped. */
import { SIMULATOR_API_KEY } from '../simulator/simulator';
import { errorText } from '../support/errorText';
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
