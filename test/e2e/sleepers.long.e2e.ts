/**
 * Five executions asleep at once on an n8n that runs one production execution at a time. Real time: each is awake for two minutes, one
 * after the other, so about a quarter of an hour.
 */
import { sampleVideo } from '../simulator/simulator';
import { readRows } from './dataTableScenario';
import { scenario, tables, useOwnN8n } from './ownN8nSession';
import {
	GENERATE,
	callWebhook,
	chain,
	end,
	generate,
	listCalls,
	postToWebhook,
	splitRows,
	waitFor,
	webhook,
} from './workflowParts';

const TEST_TIMEOUT_MS = 30 * 60_000;
const ASLEEP_TIMEOUT_MS = 18 * 60_000;
const WAKE_TIMEOUT_MS = 5 * 60_000;
const QUICK_MS = 5_000;
const PROMPTS = ['first', 'second', 'third', 'fourth', 'fifth'].map((number) => `The ${number} sleeper`);
const SLEEP = { downloadVideo: true, options: { whileWaiting: 'sleep' } };

useOwnN8n('sleepers', { environment: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' }, speed: 1, taskSeconds: 1 });

test(
	'with five executions asleep and one place for all, another webhook is answered at once, and all five bring their videos',
	async () => {
		const { client, simulator } = scenario;
		simulator.addFault({ on: 'create', kind: 'neverEnds', times: Infinity });
		const path = 'sleepers';
		const { id: workflowId } = await scenario.importWorkflow(
			chain('Sleepers', webhook(path), splitRows('body.rows'), generate(SLEEP), end()),
		);
		const quick = await scenario.importWorkflow(chain('Quick', webhook('quick'), end()));
		await client.publishWorkflow(workflowId);
		await client.publishWorkflow(quick.id);
		// Each is answered when the one before it has fallen asleep.
		for (const prompt of PROMPTS) await postToWebhook(client, path, { rows: [{ prompt }] });

		const areAsleep = async () => {
			const calls = await listCalls(client, workflowId);
			return (calls.length === PROMPTS.length && calls.every(({ status }) => status === 'waiting')) || undefined;
		};
		await waitFor('five sleepers', areAsleep, ASLEEP_TIMEOUT_MS);
		const calledAt = Date.now();
		const answered = await client.waitForExecution(await callWebhook(client, quick.id, 'quick', {}));
		expect(Date.now() - calledAt).toBeLessThan(QUICK_MS);
		expect(answered.status).toBe('success');
		expect(await areAsleep()).toBe(true);

		for (const { details } of simulator.tasks.values()) details.traits.ending = 'success';
		const made: string[] = [];
		for (const { id } of await listCalls(client, workflowId)) {
			const execution = await client.waitForExecution(id, undefined, WAKE_TIMEOUT_MS);
			expect([execution.status, execution.errorText]).toEqual(['success', '']);
			expect(execution.row(GENERATE).status).toBe('succeeded');
			expect((await client.downloadBinary(execution.file(GENERATE))).equals(sampleVideo)).toBe(true);
			expect(execution.output('End')[0]).toHaveLength(1);
			made.push(String(execution.row(GENERATE).prompt));
		}
		expect(made.sort()).toEqual([...PROMPTS].sort());
		expect(simulator.tasks.size).toBe(PROMPTS.length);
		expect(await readRows(tables)).toEqual([]);
	},
	TEST_TIMEOUT_MS,
);
