/**
 * What a time limit makes of a run that is to sleep: the workflow's own, which a node can read, and that of n8n's environment, which it
 * cannot. Real time: two minutes awake each, and then the rest of the limit.
 */
import { sampleVideo } from '../simulator/simulator';
import type { SimulatedTask } from '../simulator/simulatedTask';
import { readRows } from './dataTableScenario';
import { scenario, tables, useOwnN8n } from './ownN8nSession';
import { POLL_INTERVAL_SECONDS } from './scenario';
import { chain, cometApi, end, generate, manualTrigger, rows, waitFor } from './workflowParts';

const TEST_TIMEOUT_MS = 900_000;
/** Beyond the two minutes awake, and before the end of the first sleep. */
const LIMIT_SECONDS = 150;
const RECOVER = 'Recover';
const SLEEP = { downloadVideo: true, options: { whileWaiting: 'sleep' } };

useOwnN8n('timeLimit', { environment: { EXECUTIONS_TIMEOUT: String(LIMIT_SECONDS) }, speed: 1, taskSeconds: 1 });

/** Runs a workflow whose task ends when the test says so. @param settings of the workflow */
async function start(prompt: string, settings: { executionTimeout?: number }) {
	const { client, simulator } = scenario;
	simulator.addFault({ on: 'create', kind: 'neverEnds' });
	const definition = chain(prompt, manualTrigger(), ...rows([{ prompt }]), generate(SLEEP), end());
	const { id, nodes } = await scenario.importWorkflow({
		...definition,
		settings: { ...definition.settings, ...settings },
	});
	return { workflowId: id, executionId: await client.runWorkflow(id, nodes[0].name) };
}

const taskOf = (prompt: string): SimulatedTask => {
	const task = [...scenario.simulator.tasks.values()].find(({ details }) => details.prompt === prompt);
	if (!task) throw new Error(`No task for ${prompt}`);
	return task;
};

/** @returns the task's ID */
function endTask(prompt: string): string {
	const { id, details } = taskOf(prompt);
	details.traits.ending = 'success';
	return id;
}

/** Undefined when the table has no row of the task. */
async function recordedStatus(taskId: string): Promise<unknown> {
	return (await readRows(tables))?.find((row) => row.taskId === taskId)?.status;
}

/** As a user does it. */
async function expectTaskWaitToFetch(taskId: string): Promise<void> {
	const options = { pollInterval: POLL_INTERVAL_SECONDS };
	const operation = { resource: 'task', operation: 'wait', useRecordedTasks: true, downloadVideo: true };
	const recovery = await scenario.run(chain('Recover', manualTrigger(), cometApi(RECOVER, { ...operation, options })));
	expect([recovery.status, recovery.errorText]).toEqual(['success', '']);
	expect(recovery.output(RECOVER)[0].map(({ json }) => [json.taskId, json.status])).toEqual([[taskId, 'succeeded']]);
	expect((await scenario.client.downloadBinary(recovery.file(RECOVER))).equals(sampleVideo)).toBe(true);
	expect(await recordedStatus(taskId)).toBe('succeeded');
}

test(
	'with a limit of its own a run stays awake, is cancelled at the limit, and Task > Wait fetches the video that it had to leave',
	async () => {
		const { client } = scenario;
		const prompt = 'A lighthouse';
		const { executionId, workflowId } = await start(prompt, { executionTimeout: LIMIT_SECONDS });
		const statuses = new Set<string>();
		const ended = await client.waitForExecution(
			executionId,
			({ status, hasEnded }) => {
				statuses.add(status);
				return hasEnded;
			},
			TEST_TIMEOUT_MS,
		);
		expect(ended.status).toBe('canceled');
		expect([...statuses]).not.toContain('waiting');
		expect(await client.listExecutions({ workflowId })).toHaveLength(1);
		const taskId = endTask(prompt);
		expect(await recordedStatus(taskId)).toBe('pending');
		await expectTaskWaitToFetch(taskId);
	},
	TEST_TIMEOUT_MS,
);

test(
	'a limit of the environment ends the execution when it is woken; the video is in the execution of the sub-workflow, or still in the table',
	async () => {
		const { client } = scenario;
		// The limit counts for the sub-workflow, too, from its own beginning: one sees its video before that, one does not.
		const [seen, unseen] = ['A harbour', 'A volcano'];
		const runs = [await start(seen, {}), await start(unseen, {})];
		for (const { executionId } of runs)
			await client.waitForExecution(executionId, ({ status }) => status === 'waiting', TEST_TIMEOUT_MS);
		const seenId = endTask(seen);
		const ended = await client.waitForExecution(runs[0].executionId, undefined, TEST_TIMEOUT_MS);
		expect(ended.status).toBe('canceled');
		expect(await recordedStatus(seenId)).toBeUndefined();
		const [look] = await client.listExecutions({ workflowId: runs[0].workflowId, status: ['success'] });
		const found = (await client.readExecution(look.id)).output('Look at the tasks').flat();
		expect(found.map(({ json }) => [json.taskId, json.status])).toEqual([[seenId, 'succeeded']]);
		expect(found[0].binary?.data).toBeDefined();

		const isCanceled = async () =>
			(await client.listExecutions({ workflowId: runs[1].workflowId, status: ['canceled'] })).length > 0 || undefined;
		await waitFor('the end of the sub-workflow', isCanceled, TEST_TIMEOUT_MS);
		const unseenId = endTask(unseen);
		expect(await recordedStatus(unseenId)).toBe('pending');
		await expectTaskWaitToFetch(unseenId);
		// Nobody wakes it before its deadline.
		expect((await client.readExecution(runs[1].executionId)).status).toBe('waiting');
		await client.stopExecution(runs[1].executionId);
	},
	TEST_TIMEOUT_MS,
);
