/**
 * While Waiting: Sleep After Two Minutes, on a complete n8n that runs one production execution at a time. Real time: two minutes
 * awake, then sleeps of 65 seconds; so everything happens at once.
 */
import { sampleVideo } from '../simulator/simulator';
import type { SimulatedTask } from '../simulator/simulatedTask';
import { readRows } from './dataTableScenario';
import type { Execution } from './host/execution';
import { scenario, tables, useOwnN8n } from './ownN8nSession';
import {
	callWebhook,
	chain,
	end,
	generate,
	GENERATE,
	manualTrigger,
	rows,
	splitRows,
	waitFor,
	webhook,
} from './workflowParts';

const TIMEOUT_MS = 600_000;
const QUICK_MS = 5_000;
/** When they end: awake, in the first sleep, in the second. */
const LENGTHS = ['short', 'medium', 'long'];
const SLEEP = { downloadVideo: true, options: { whileWaiting: 'sleep' } };

useOwnN8n('sleep', { environment: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' }, speed: 1, taskSeconds: 80 });

const tasksOf = (word: string): SimulatedTask[] =>
	[...scenario.simulator.tasks.values()].filter(({ details }) => details.prompt.includes(word));
const setEnding = (word: string, ending: 'success' | 'never') => {
	for (const { details } of tasksOf(word)) details.traits.ending = ending;
};
const promptsOf = (name: string) => LENGTHS.map((length) => ({ prompt: `A ${length} video ${name}` }));

async function expectVideos(execution: Execution, name: string): Promise<void> {
	expect([execution.status, execution.errorText]).toEqual(['success', '']);
	const items = execution.output(GENERATE)[0];
	const prompts = items.map(({ json }) => scenario.simulator.tasks.get(String(json.taskId))?.details.prompt);
	expect(prompts).toEqual(promptsOf(name).map(({ prompt }) => prompt));
	expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
	expect(Object.keys(items[0].json)).toEqual(Object.keys(items[2].json));
	for (const { binary } of items) {
		if (!binary) throw new Error('An item has no file');
		expect((await scenario.client.downloadBinary(binary.data)).equals(sampleVideo)).toBe(true);
	}
	expect(execution.output('End')[0]).toHaveLength(LENGTHS.length);
}

test(
	'videos of different lengths come out of their sleep with their files, by hand and by webhook, and others run meanwhile',
	async () => {
		const { client, simulator } = scenario;
		const byHand = await scenario.importWorkflow(
			chain('By hand', manualTrigger(), ...rows(promptsOf('by hand')), generate(SLEEP), end()),
		);
		const path = 'sleep';
		const byWebhook = await scenario.importWorkflow(
			chain('By webhook', webhook(path), splitRows('body.rows'), generate(SLEEP), end()),
		);
		const quick = await scenario.importWorkflow(chain('Quick', webhook('quick'), end()));
		await client.publishWorkflow(byWebhook.id);
		await client.publishWorkflow(quick.id);
		const ids = [
			await client.runWorkflow(byHand.id, byHand.nodes[0].name),
			await callWebhook(client, byWebhook.id, path, { rows: promptsOf('by webhook') }),
		];
		await waitFor('six tasks', () => simulator.tasks.size === 6 || undefined, 180_000);
		setEnding('medium', 'never');
		setEnding('long', 'never');

		for (const id of ids) await client.waitForExecution(id, ({ status }) => status === 'waiting', TIMEOUT_MS);
		const open = [...tasksOf('medium'), ...tasksOf('long')].map(({ id }) => id).sort();
		const recorded = async () => (await readRows(tables))?.map(({ taskId }) => String(taskId)).sort();
		expect(await recorded()).toEqual(expect.arrayContaining(open));
		const calledAt = Date.now();
		await client.waitForExecution(await callWebhook(client, quick.id, 'quick', {}));
		expect(Date.now() - calledAt).toBeLessThan(QUICK_MS);

		setEnding('medium', 'success');
		const looks = () =>
			simulator.requests.filter(
				({ route, path: asked }) =>
					route === 'status' && asked.includes(tasksOf('long by webhook')[0]?.id ?? tasksOf('long')[1].id),
			).length;
		const seen = looks();
		await waitFor('a look at the long tasks', () => looks() > seen || undefined, TIMEOUT_MS);
		setEnding('long', 'success');
		const executions = [];
		for (const id of ids) executions.push(await client.waitForExecution(id, undefined, TIMEOUT_MS));
		await expectVideos(executions[0], 'by hand');
		await expectVideos(executions[1], 'by webhook');
		expect(simulator.tasks.size).toBe(6);
		expect(await recorded()).toEqual([]);
		// The execution itself, and the sub-workflow that looked at the tasks.
		for (const { id } of [byHand, byWebhook])
			expect((await client.listExecutions({ workflowId: id })).map(({ status }) => status)).toEqual([
				'success',
				'success',
			]);
	},
	TIMEOUT_MS,
);
