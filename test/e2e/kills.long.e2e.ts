/**
 * n8n is killed ten times, at random moments, while executions sleep and others wait awake. Real time: about twenty minutes, of which the
 * last ten are the deadline of executions that were woken and killed in the same second. The same `SEED` gives the same moments.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IBinaryKeyData, INodeExecutionData } from 'n8n-workflow';
import { sampleVideo } from '../simulator/simulator';
import { Random } from '../soak/random';
import { readRows } from './dataTableScenario';
import type { Execution } from './host/execution';
import { n8n, restartOwnN8n, scenario, tables, useOwnN8n } from './ownN8nSession';
import { POLL_INTERVAL_SECONDS } from './scenario';
import { GENERATE, chain, cometApi, end, generate, manualTrigger, splitRows, waitFor, webhook } from './workflowParts';

const START_TIMEOUT_MS = 600_000;
const TEST_TIMEOUT_MS = 45 * 60_000;
const KILLS = 10;
const SLEEPING_EXECUTIONS = 8;
const SECONDS_BETWEEN_ORDERS = 8;
/** Of each sleeping execution, and of each that stays awake. */
const VIDEOS = { asleep: 3, awake: 2 };
/** Seconds from the create to the end of a task. */
const LENGTHS = { asleep: [60, 420], awake: [20, 90] } as const;
const TIMEOUT_MINUTES = 7;
/** After its last time-out an execution that nobody has woken comes out by itself. */
const DEADLINE_MS = (TIMEOUT_MINUTES + 10) * 60_000;
/** n8n looks once a minute for what is to be woken. */
const SLACK_MS = 150_000;
const LOOK_TIMEOUT_MS = 80_000;
const ROWS_TIMEOUT_MS = 120_000;
/** A look, its downloads, and the hand-over of the rows. */
const LOOK_MS = 1500;
/** Of n8n 2.41. */
const START_FAULT = 'OTel settings not yet initialized';
const UNENDED = ['new', 'running', 'waiting'];
const RECOVER = 'Recover';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const random = new Random(seed);
const startedAt = Date.now();
const say = (text: string) =>
	process.stdout.write(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${text}\n`);

let stopClock: () => void;

// The tasks end when this file says so.
afterAll(() => stopClock?.());
useOwnN8n('kills', { speed: 1, taskSeconds: 1 });

beforeAll(async () => {
	say(`SEED=${seed}`);
	stopClock = endTasksInTime();
	await publish('asleep', { whileWaiting: 'sleep', timeout: TIMEOUT_MINUTES });
	await publish('awake', {});
}, START_TIMEOUT_MS);

type Kind = 'asleep' | 'awake';

async function publish(path: Kind, options: Record<string, string | number>): Promise<void> {
	const { id } = await scenario.importWorkflow(
		chain(path, webhook(path), splitRows('body.rows'), generate({ downloadVideo: true, options }), end()),
	);
	await scenario.client.publishWorkflow(id);
}

/** @returns ends it */
function endTasksInTime(): () => void {
	const endsAt = new Map<string, number>();
	const timer = setInterval(() => {
		for (const { id, details } of scenario.simulator.tasks.values()) {
			const [shortest, longest] = LENGTHS[details.prompt.startsWith('asleep') ? 'asleep' : 'awake'];
			const end = endsAt.get(id) ?? Date.now() + random.integer(shortest * 1000, longest * 1000);
			endsAt.set(id, end);
			details.traits.ending = Date.now() < end ? 'never' : 'success';
		}
	}, 100);
	return () => clearInterval(timer);
}

const ordered: string[] = [];
const createdPrompts = () => [...scenario.simulator.tasks.values()].map(({ details }) => details.prompt);
const recordedIds = async () => ((await readRows(tables)) ?? []).map(({ taskId }) => String(taskId));

/** Resolves when the tasks are in the table, which they are a moment after their creates. */
async function order(kind: Kind, name: string): Promise<void> {
	const prompts = Array.from({ length: VIDEOS[kind] }, (_, index) => `${kind} ${name} video ${index + 1}`);
	const body = JSON.stringify({ rows: prompts.map((prompt) => ({ prompt })) });
	const headers = { 'content-type': 'application/json' };
	// Just started, n8n listens a moment later.
	await waitFor('the webhook', async () => {
		const { ok } = await fetch(`${n8n.baseUrl}/webhook/${kind}`, { method: 'POST', headers, body });
		return ok || undefined;
	});
	ordered.push(...prompts);
	const readIds = () =>
		[...scenario.simulator.tasks.values()].flatMap(({ id, details }) => (prompts.includes(details.prompt) ? [id] : []));
	const areRecorded = async () => {
		const [ids, recorded] = [readIds(), await recordedIds()];
		return (ids.length >= prompts.length && ids.every((id) => recorded.includes(id))) || undefined;
	};
	await waitFor(`the rows of ${kind} ${name}`, areRecorded, ROWS_TIMEOUT_MS).catch(async (error: unknown) => {
		say(`created ${String(readIds())}; recorded ${String(await recordedIds())}`);
		throw error;
	});
}

const sleepingLooks = () =>
	scenario.simulator.requests.filter(({ route, path }) => {
		const task = scenario.simulator.tasks.get(path.split('/').at(-1) ?? '');
		return route === 'status' && task?.details.prompt.startsWith('asleep');
	}).length;

/** @returns in words, when it is */
async function waitForMoment(): Promise<string> {
	const looks = sleepingLooks();
	if (random.chance(0.5)) {
		const delay = random.integer(0, LOOK_MS);
		const isThere = await waitFor('a look', () => sleepingLooks() > looks || undefined, LOOK_TIMEOUT_MS).catch(
			() => false,
		);
		await sleep(delay);
		return isThere ? `${delay} ms after a sleeping execution looked` : 'nobody looked any more';
	}
	const delay = random.integer(0, 35_000);
	await sleep(delay);
	return `${delay} ms after an order`;
}

async function countByStatus(): Promise<Record<string, number>> {
	const counts: Record<string, number> = {};
	for (const { status } of await listAll()) counts[status] = (counts[status] ?? 0) + 1;
	return counts;
}

const listAll = async (status?: string[]) => await scenario.client.listExecutions({ status, limit: 100 });

async function readAll(status: string[]): Promise<Execution[]> {
	const executions: Execution[] = [];
	for (const { id } of await listAll(status)) executions.push(await scenario.client.readExecution(id));
	return executions;
}

/**
 * n8n wakes what is due the moment it begins to start, and when a part of it is not there yet, that execution fails. Its stored data go
 * on from there when a person presses Retry; of a sub-workflow there is nothing to retry.
 */
async function retry(id: string): Promise<void> {
	const { client } = scenario;
	const execution = await client.readExecution(id);
	expect(execution.errorText).toContain(START_FAULT);
	if (!execution.taskData(GENERATE)) return;
	await client.retryExecution(id);
	const retried = (await listAll()).find(({ retryOf }) => retryOf === id);
	say(`retried execution ${id}: ${retried?.status}`);
}

async function expectFile(binary: IBinaryKeyData | undefined): Promise<void> {
	if (!binary) throw new Error('An item has no file');
	expect((await scenario.client.downloadBinary(binary.data)).equals(sampleVideo)).toBe(true);
}

const succeeded = (items: readonly INodeExecutionData[]) => items.filter(({ json }) => json.status === 'succeeded');
const idsOf = (items: readonly INodeExecutionData[]) => items.map(({ json }) => String(json.taskId));

test(
	'n8n is killed ten times: no video is lost or ordered twice, and no execution waits for ever',
	async () => {
		const { simulator } = scenario;
		for (let number = 1; number <= SLEEPING_EXECUTIONS; number++) {
			await order('asleep', String(number));
			await sleep(SECONDS_BETWEEN_ORDERS * 1000);
		}
		const lastOrderAt = Date.now();
		let sleepersKilled = 0;
		for (let kill = 1; kill <= KILLS; kill++) {
			await order('awake', String(kill));
			const isFallingAsleep = kill === 1;
			// Two minutes after the first order, when one after the other falls asleep.
			if (isFallingAsleep)
				await waitFor(
					'sleep',
					async () => (await listAll(['waiting'])).length >= SLEEPING_EXECUTIONS || undefined,
					240_000,
				);
			const moment = await waitForMoment();
			await n8n.kill();
			say(`kill ${kill}, ${moment}`);
			await restartOwnN8n();
			const counts = await countByStatus();
			sleepersKilled += counts.waiting ?? 0;
			say(`n8n is back: ${JSON.stringify(counts)}`);
		}
		expect(sleepersKilled).toBeGreaterThan(0);

		const isOver = async () => (await listAll(UNENDED)).length === 0 || undefined;
		await waitFor('the end of all executions', isOver, lastOrderAt + DEADLINE_MS + SLACK_MS - Date.now());
		say(`all have ended: ${JSON.stringify(await countByStatus())}`);
		const failed = (await listAll(['error'])).map(({ id }) => id);
		for (const id of failed) await retry(id);
		const executions = await readAll(['success']);
		const rows = executions.flatMap((execution) => execution.output(GENERATE).flat());
		const handedOver = succeeded(rows);
		expect(await countByStatus()).not.toHaveProperty('canceled');

		const options = { pollInterval: POLL_INTERVAL_SECONDS };
		const wait = cometApi(RECOVER, {
			...{ resource: 'task', operation: 'wait', useRecordedTasks: true, downloadVideo: true, limit: 500 },
			options,
		});
		const recovery = await scenario.run(chain('Recover', manualTrigger(), wait));
		expect([recovery.status, recovery.errorText]).toEqual(['success', '']);
		const recovered = recovery.output(RECOVER).flat();
		say(`${handedOver.length} videos came out of their executions, ${recovered.length} out of Task > Wait`);

		expect(createdPrompts().sort()).toEqual([...ordered].sort());
		const fetched = new Set([...idsOf(handedOver), ...idsOf(recovered)]);
		expect([...fetched].sort()).toEqual([...simulator.tasks.keys()].sort());
		expect(succeeded(recovered)).toHaveLength(recovered.length);
		for (const { binary } of [...handedOver, ...recovered]) await expectFile(binary);
		const unknown = rows.filter((row) => !handedOver.includes(row));
		expect(idsOf(recovered)).toEqual(expect.arrayContaining(idsOf(unknown)));
		// Of an execution that nobody woke, a video that was finished before it slept comes out, and is in the table, too.
		const interrupted = executions.flatMap((execution) => {
			const items = execution.output(GENERATE).flat();
			return items.some(({ json }) => json.timedOut) ? idsOf(succeeded(items)) : [];
		});
		const twice = idsOf(recovered).filter((id) => idsOf(handedOver).includes(id));
		expect(interrupted).toEqual(expect.arrayContaining(twice));
		// Both ways were taken.
		expect(Math.min(handedOver.length, recovered.length)).toBeGreaterThan(0);
	},
	TEST_TIMEOUT_MS,
);
