/** What a person gets who lets n8n deal with errors: the error output, Retry On Fail, Retry in the list of executions. */
import type { INodeExecutionData } from 'n8n-workflow';
import { documentedReplies } from '../simulator/simulator';
import type { RecordedRequest } from '../simulator/simulator';
import type { Execution } from './host/execution';
import { Scenario } from './scenario';
import { callWebhook, chain, generate, GENERATE, manualTrigger, rows, splitRows, webhook } from './workflowParts';

const ROWS = [{ prompt: 'A paper boat' }, { prompt: 'A red kite' }];
const RETRY_ON_FAIL = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 };
/** Two pauses between three tries, and the life of a task, which no try can cut short. */
const THREE_TRIES_MS = 2 * RETRY_ON_FAIL.waitBetweenTries + 3000;

let scenario: Scenario;

beforeEach(async () => {
	scenario = await Scenario.start();
});

afterEach(async () => {
	await scenario.close();
});

const orders = (prompt: string) => (request: RecordedRequest) => request.body.includes(prompt);

const countCreates = () => scenario.simulator.requests.filter(({ route }) => route === 'create').length;

const promptOf = ({ json }: INodeExecutionData) => scenario.simulator.tasks.get(String(json.taskId))?.details.prompt;

/** Of the first task with the prompt. */
const taskIdOf = (prompt: string) =>
	[...scenario.simulator.tasks.values()].find(({ details }) => details.prompt === prompt)?.id;

/** Neither CometAPI's delivery network nor CometAPI itself gives the file. */
function breakDownload(times: number): void {
	for (const on of ['result', 'content'] as const) scenario.simulator.addFault({ on, kind: 'notVideo', times });
}

test('with On Error = error output, bad rows leave by the second output and the good ones go on in their order', async () => {
	const { client, simulator } = scenario;
	simulator.addFault({ on: 'create', ...documentedReplies.noCredit, when: orders('refused') });
	simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'the content check said no', when: orders('fails') });
	const prompts = ['first', 'refused', 'second', 'fails', '', 'third'];
	const list = prompts.map((prompt) => ({ prompt }));
	const { id, nodes } = await scenario.importWorkflow(
		chain('Error output', manualTrigger(), ...rows(list), generate({}, { onError: 'continueErrorOutput' })),
	);
	const execution = await client.waitForExecution(await client.runWorkflow(id, nodes[0].name));
	const [good, bad] = execution.output(GENERATE);
	expect(execution.status).toBe('success');
	expect(good.map(promptOf)).toEqual(['first', 'second', 'third']);
	expect(good.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
	expect(bad.map(({ json }) => json)).toEqual([
		{
			prompt: 'refused',
			error: 'Your CometAPI account is out of credit: user quota is not enough',
			message: expect.stringContaining('Add credit in the CometAPI console'),
			details: expect.not.objectContaining({ taskId: expect.anything() }),
		},
		{
			prompt: 'fails',
			error: `The content check refused this video (task ${taskIdOf('fails')}): the content check said no`,
			message: expect.stringContaining('Reword the prompt or use another picture'),
			details: expect.objectContaining({ taskId: taskIdOf('fails'), provider: 'seedance', rawStatus: 'failed' }),
		},
		{
			prompt: '',
			error: 'Prompt is empty in item 5; nothing was created for it',
			message: expect.stringContaining('Describe the video in the field "Prompt".'),
			details: {},
		},
	]);
	// The refused row was asked for as well; the empty one never.
	expect(countCreates()).toBe(prompts.length - 1);
});

test('Retry On Fail does not order a second time what has failed, nor the video beside it', async () => {
	scenario.simulator.addFault({ on: 'create', kind: 'taskFails', times: Infinity, when: orders('red kite') });
	const execution = await scenario.run(
		chain('Retry On Fail', manualTrigger(), ...rows(ROWS), generate({}, RETRY_ON_FAIL)),
	);
	expect(execution.status).toBe('error');
	expect(execution.errorText).toContain(`CometAPI could not make the video of task ${taskIdOf('A red kite')}`);
	expect(execution.errorText).toContain(
		`Other tasks of this run exist at CometAPI: ${taskIdOf('A paper boat')} (item 1)`,
	);
	expect(execution.taskData(GENERATE)?.executionTime).toBeGreaterThanOrEqual(THREE_TRIES_MS);
	expect(countCreates()).toBe(ROWS.length);
});

test('Retry On Fail fetches the file of a video that is there already', async () => {
	breakDownload(2);
	const execution = await scenario.run(
		chain('Retry On Fail', manualTrigger(), ...rows(ROWS), generate({}, RETRY_ON_FAIL)),
	);
	expect([execution.status, execution.errorText]).toEqual(['success', '']);
	expect(execution.output(GENERATE)[0].map(promptOf)).toEqual(ROWS.map(({ prompt }) => prompt));
	expect(execution.output(GENERATE)[0].every(({ binary }) => binary?.data.mimeType === 'video/mp4')).toBe(true);
	expect(execution.taskData(GENERATE)?.executionTime).toBeGreaterThanOrEqual(THREE_TRIES_MS);
	expect(countCreates()).toBe(ROWS.length);
});

test('Retry in the list of executions takes up what exists and orders only what has failed', async () => {
	const { client, simulator } = scenario;
	simulator.addFault({ on: 'create', kind: 'taskFails', when: orders('red kite') });
	const path = 'retry-failed';
	const { id } = await scenario.importWorkflow(chain('Retry', webhook(path), splitRows('body.rows'), generate()));
	await client.publishWorkflow(id);
	const failed = await client.waitForExecution(await callWebhook(client, id, path, { rows: ROWS }));
	expect([failed.status, countCreates()]).toEqual(['error', ROWS.length]);
	await expectRetryToSucceed(failed);
	expect(countCreates()).toBe(ROWS.length + 1);
	await client.unpublishWorkflow(id);
});

test('Retry in the list of executions fetches the file of a video that is there already', async () => {
	const { client, simulator } = scenario;
	breakDownload(Infinity);
	const { id, nodes } = await scenario.importWorkflow(chain('Retry', manualTrigger(), ...rows(ROWS), generate()));
	const failed = await client.waitForExecution(await client.runWorkflow(id, nodes[0].name));
	expect([failed.status, countCreates()]).toEqual(['error', ROWS.length]);
	expect(failed.errorText).toMatch(/is finished at CometAPI, but its file is not there: .* instead of a video/);
	simulator.clearFaults();
	await expectRetryToSucceed(failed);
	expect(countCreates()).toBe(ROWS.length);
});

async function expectRetryToSucceed({ id, summary: { workflowId } }: Execution): Promise<void> {
	const { client } = scenario;
	await client.retryExecution(id);
	const [{ id: retryId, mode, retryOf }] = await client.listExecutions({ workflowId });
	expect([mode, retryOf]).toEqual(['retry', id]);
	const retry = await client.readExecution(retryId);
	expect([retry.status, retry.errorText]).toEqual(['success', '']);
	expect(retry.output(GENERATE)[0].map(promptOf)).toEqual(ROWS.map(({ prompt }) => prompt));
}
