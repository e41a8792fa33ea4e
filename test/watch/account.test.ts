/** The trigger on all tasks of the account: whatever form the list has, every task once. */
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { SIMULATOR_ACCESS_TOKEN, SIMULATOR_API_KEY, SIMULATOR_USER_ID } from '../simulator/simulator';
import type { TaskListForm, TaskRow } from '../simulator/simulator';
import { atLength } from '../support/longRun';
import type { CrashPoint, TriggerOptions } from '../support/triggerNode';
import { TriggerNodeTest } from '../support/triggerNode';

let trigger: TriggerNodeTest;

/** The panel; a test may change it afterwards. */
let panel: IDataObject;

async function watch(parameters: IDataObject = {}, options: TriggerOptions = {}) {
	panel = { watch: 'account', ...parameters };
	trigger = await TriggerNodeTest.start(panel as never, options);
}

afterEach(async () => {
	await trigger.close();
	jest.restoreAllMocks();
});

const seconds = () => Math.floor(trigger.clock.now() / 1000);

/** A row of the list, as the gateway writes it. */
function addRow(fields: Partial<TaskRow> = {}): TaskRow {
	return trigger.simulator.addTaskRow({
		platform: '54',
		action: 'textGenerate',
		properties: { origin_model_name: 'doubao-seedance-2-0' },
		...fields,
	});
}

function finish(row: TaskRow, fields: Partial<TaskRow> = {}): TaskRow {
	return Object.assign(row, {
		status: 'SUCCESS',
		progress: '100%',
		finish_time: seconds(),
		updated_at: seconds(),
		fail_reason: 'https://cdn.example.com/video.mp4',
		...fields,
	});
}

const listRequests = () => trigger.simulator.requests.filter(({ route }) => route === 'taskList');

test('a task of the account starts the workflow once when it is finished', async () => {
	await watch();
	await trigger.activate();
	const taskId = await trigger.createTask();
	expect(await trigger.poll(30_000)).toEqual([]);
	const [row, ...others] = await trigger.poll();
	expect(others).toEqual([]);
	expect(row).toMatchObject({
		taskId,
		provider: 'seedance',
		model: 'doubao-seedance-2-0',
		status: 'succeeded',
		createdAt: '2026-11-21T12:00:00.000Z',
	});
	expect(row.videoUrl).toContain(trigger.simulator.resultOrigin);
	expect(await trigger.poll()).toEqual([]);
	expect(listRequests()[0].headers.authorization).toBe(SIMULATOR_ACCESS_TOKEN);
	expect(listRequests()[0].headers['new-api-user']).toBeUndefined();
});

test('the gateway that CometAPI derives from is understood as well', async () => {
	const credential = {
		apiKey: SIMULATOR_API_KEY,
		accessToken: SIMULATOR_ACCESS_TOKEN,
		userId: String(SIMULATOR_USER_ID),
	};
	await watch({}, { simulator: { profile: 'upstream-strict' }, credential });
	await trigger.activate();
	const taskId = await trigger.createTask();
	expect(await trigger.poll()).toMatchObject([{ taskId, status: 'succeeded' }]);
});

describe('which tasks are news', () => {
	test('one that was created before the last poll and is finished after it', async () => {
		await watch();
		const row = addRow();
		await trigger.activate();
		expect(await trigger.poll()).toEqual([]);
		finish(row);
		expect(await trigger.poll()).toMatchObject([{ taskId: row.task_id }]);
		expect(await trigger.poll()).toEqual([]);
	});

	test('an older one that ends after a newer one', async () => {
		await watch();
		await trigger.activate();
		const older = addRow();
		const newer = addRow();
		finish(newer);
		expect(await trigger.poll()).toMatchObject([{ taskId: newer.task_id }]);
		finish(older);
		expect(await trigger.poll()).toMatchObject([{ taskId: older.task_id }]);
	});

	test('one that was created and finished between two polls', async () => {
		await watch();
		await trigger.activate();
		const row = finish(addRow());
		expect(await trigger.poll()).toMatchObject([{ taskId: row.task_id }]);
	});

	test('not what was over when the workflow was switched on, also after a restart', async () => {
		await watch();
		for (let count = 0; count < 30; count++) finish(addRow());
		await trigger.activate();
		await trigger.poll();
		await trigger.restart();
		await trigger.poll();
		expect(trigger.started).toEqual([]);
	});

	test('what ends while n8n is down', async () => {
		await watch();
		const row = addRow();
		await trigger.activate();
		trigger.clock.advance(3 * 3_600_000);
		finish(row);
		expect(await trigger.restart()).toMatchObject([{ taskId: row.task_id }]);
	});
});

describe('more tasks than fit on a page', () => {
	test('210 that end together: each once', async () => {
		await watch();
		await trigger.activate();
		const rows = Array.from({ length: 210 }, () => finish(addRow()));
		expect(idsOf(await trigger.poll())).toEqual(idsOf(rows.map(({ task_id }) => ({ taskId: task_id }))));
		expect(await trigger.poll()).toEqual([]);
	});

	test('rows that move to the next page between two reads', async () => {
		await watch();
		await trigger.activate();
		const rows = Array.from({ length: 150 }, () => finish(addRow()));
		trigger.simulator.onTaskListRead = ({ query }) => {
			if (query.get('p') === '2') for (let count = 0; count < 20; count++) rows.push(finish(addRow()));
		};
		await trigger.poll();
		trigger.simulator.onTaskListRead = undefined;
		await trigger.poll();
		expect(idsOf(trigger.started)).toEqual(idsOf(rows.map(({ task_id }) => ({ taskId: task_id }))));
	});

	test('a row that is in the list twice', async () => {
		await watch();
		await trigger.activate();
		const row = finish(addRow());
		addRow({ ...row });
		expect(await trigger.poll()).toHaveLength(1);
	});

	test('more than a poll may read: at most 20 requests a poll, and all are found', async () => {
		await watch();
		await trigger.activate();
		const rows = Array.from({ length: atLength(2010, 4500) }, () => addRow());
		for (const row of rows) finish(row);
		for (let polls = 1; polls <= atLength(2, 4); polls++) {
			const before = listRequests().length;
			await trigger.poll();
			expect(listRequests().length - before).toBeLessThanOrEqual(20);
		}
		expect(idsOf(trigger.started)).toEqual(idsOf(rows.map(({ task_id }) => ({ taskId: task_id }))));
		const { done } = (trigger.stored['node:Trigger'] ?? {}) as { done: object };
		expect(Object.keys(done).length).toBeLessThanOrEqual(5000);
	});
});

test.each<TaskListForm>(['paged', 'bareArray', 'nestedData', 'nullItems'])(
	'the list in the form %s',
	async (taskListForm) => {
		await watch({}, { simulator: { taskListForm } });
		await trigger.activate();
		const rows = Array.from({ length: 25 }, () => finish(addRow()));
		expect(idsOf(await trigger.poll())).toEqual(idsOf(rows.map(({ task_id }) => ({ taskId: task_id }))));
		expect(await trigger.poll()).toEqual([]);
	},
);

test.each([3600, -3600])("CometAPI's clock is %d seconds off", async (accountClockOffsetSeconds) => {
	await watch({}, { simulator: { accountClockOffsetSeconds } });
	const before = await trigger.createTask();
	trigger.clock.advance(120_000);
	await trigger.activate();
	const after = await trigger.createTask();
	trigger.clock.advance(23 * 3_600_000);
	expect(await trigger.poll()).toMatchObject([{ taskId: after }]);
	expect(await trigger.poll(25 * 3_600_000)).toEqual([]);
	expect(idsOf(trigger.started)).not.toContain(before);
});

test.each([86_400_000, -86_400_000])(
	"n8n's clock is %d ms off for a while: nothing is lost or repeated",
	async (error) => {
		await watch();
		const slow = addRow();
		const before = finish(addRow());
		await trigger.activate();
		trigger.clock.advance(error);
		const quick = finish(addRow({ submit_time: seconds() - error / 1000 }));
		expect(idsOf(await trigger.poll())).toEqual([quick.task_id]);
		await trigger.poll();
		trigger.clock.advance(-error);
		finish(slow);
		for (let polls = 0; polls < 3; polls++) await trigger.poll();
		expect(idsOf(trigger.started).sort()).toEqual([quick.task_id, slow.task_id].sort());
		expect(idsOf(trigger.started)).not.toContain(before.task_id);
	},
);

test("n8n's clock is set back by an hour: nothing is repeated", async () => {
	await watch();
	await trigger.activate();
	finish(addRow());
	expect(await trigger.poll()).toHaveLength(1);
	await trigger.poll(26.5 * 3_600_000);
	expect(await trigger.poll(-3_600_000)).toEqual([]);
});

describe('odd rows', () => {
	const cases: Array<[string, () => Partial<TaskRow>, IDataObject | undefined]> = [
		[
			'the link in fail_reason alone',
			() => ({}),
			{ status: 'succeeded', videoUrl: 'https://cdn.example.com/video.mp4', failureReason: null },
		],
		[
			'the link in result_url',
			() => ({ fail_reason: '', result_url: 'https://cdn.example.com/b.mp4' }),
			{ videoUrl: 'https://cdn.example.com/b.mp4' },
		],
		[
			'a link to CometAPI itself, which needs the key',
			() => ({ fail_reason: `${trigger.simulator.baseUrl}/v1/videos/x/content` }),
			{ status: 'succeeded', videoUrl: null },
		],
		[
			'a failure whose result_url repeats the reason',
			() => ({ status: 'FAILURE', fail_reason: 'Too dark', result_url: 'Too dark' }),
			{ status: 'failed', failureReason: 'Too dark', videoUrl: null },
		],
		[
			'a failure without an end',
			() => ({ status: 'FAILURE', fail_reason: 'Lost', finish_time: 0, updated_at: seconds() }),
			{ status: 'failed', completedAt: new Date('2026-11-21T12:01:00Z').toISOString() },
		],
		[
			'another word for a failure',
			() => ({ status: 'violation', fail_reason: '' }),
			{ status: 'failed', failureReason: null },
		],
		['another word for a success', () => ({ status: 'completed' }), { status: 'succeeded' }],
		['no data', () => ({ data: null }), { status: 'succeeded' }],
		[
			'an id that is text, times in milliseconds',
			() => ({ id: 'row-7', submit_time: trigger.clock.now() }),
			{ createdAt: '2026-11-21T12:01:00.000Z' },
		],
		[
			'times that are null',
			() => ({ start_time: null, finish_time: null, updated_at: null }),
			{ status: 'succeeded', completedAt: null },
		],
		[
			'a model that no provider has',
			() => ({ properties: { origin_model_name: 'model-of-tomorrow' } }),
			{ provider: 'custom', model: 'model-of-tomorrow' },
		],
		['no properties', () => ({ properties: null }), { provider: 'custom', model: null }],
		[
			'a provider with several routes',
			() => ({ properties: { origin_model_name: 'kling-v3' } }),
			{ provider: 'kling', route: null },
		],
		['music', () => ({ platform: 'suno', action: 'MUSIC' }), undefined],
		['a picture', () => ({ fail_reason: 'https://cdn.example.com/picture.png?x=1' }), undefined],
		['an unknown word with a link: finished', () => ({ status: 'POLISHING' }), { status: 'succeeded' }],
		[
			'an unknown word without a link: still running',
			() => ({ status: 'POLISHING', progress: '100%', fail_reason: '', result_url: '', data: null }),
			undefined,
		],
		['progress 100 while running', () => ({ status: 'IN_PROGRESS', progress: '100%' }), undefined],
		['no task id', () => ({ task_id: null }), undefined],
	];

	test.each(cases)('%s', async (_what, fields, expected) => {
		await watch();
		await trigger.activate();
		trigger.clock.advance(60_000);
		finish(addRow(), fields());
		const rows = await trigger.pollNow();
		expect(rows).toMatchObject(expected ? [expected] : []);
		expect(rows).toHaveLength(expected ? 1 : 0);
		expect(trigger.errors).toEqual([]);
	});
});

describe('filters and options', () => {
	test('provider, model and action', async () => {
		await watch({ filters: { providers: ['seedance'], model: 'FAST', action: 'generate' } });
		await trigger.activate();
		finish(addRow());
		finish(addRow({ action: 'generate', properties: { origin_model_name: 'wan2.7-fast' } }));
		const wanted = finish(
			addRow({ action: 'Generate', properties: { origin_model_name: 'doubao-seedance-2-0-fast' } }),
		);
		expect(await trigger.poll()).toMatchObject([{ taskId: wanted.task_id }]);
	});

	test('raw data', async () => {
		await watch({ simplify: false });
		await trigger.activate();
		const row = finish(addRow());
		expect(await trigger.poll()).toMatchObject([{ raw: { id: row.id, action: 'textGenerate', platform: '54' } }]);
	});

	test('Midjourney has a list of its own', async () => {
		await watch({ options: { includeMidjourney: true } });
		await trigger.activate();
		const links = [1, 2].map((number) => `https://cdn.example.com/${number}.mp4`);
		const row = trigger.simulator.addMidjourneyRow({
			action: 'VIDEO',
			mj_id: '1700',
			status: 'SUCCESS',
			video_urls: JSON.stringify(links.map((url) => ({ url }))),
		});
		trigger.simulator.addMidjourneyRow({
			action: 'IMAGINE',
			status: 'SUCCESS',
			image_url: 'https://cdn.example.com/1.png',
		});
		expect(await trigger.poll()).toMatchObject([
			{ taskId: row.mj_id, provider: 'midjourney', route: '/mj/task', status: 'succeeded', videoUrls: links },
		]);
		expect(await trigger.poll()).toEqual([]);
	});
});

describe('a refusal has its own message', () => {
	const refusals: Array<[string, () => void, RegExp, RegExp, ICredentialDataDecryptedObject]> = [
		[
			'a redirect to a website',
			() => trigger.simulator.addFault({ on: 'taskList', kind: 'redirect', location: 'https://www.cometapi.com/' }),
			/^CometAPI does not offer the list of an account's tasks at http.*\/api\/task\/self \(HTTP 301\)$/,
			/Watch tasks in an n8n Data Table/,
			{},
		],
		[
			'a web page',
			() => trigger.simulator.addFault({ on: 'taskList', kind: 'html' }),
			/does not offer the list.*it answers with something else/,
			/Watch tasks in an n8n Data Table/,
			{},
		],
		[
			'404',
			() => (trigger.simulator.taskListForm = 'absent'),
			/does not offer the list.*HTTP 404/,
			/Watch tasks in an n8n Data Table/,
			{},
		],
		[
			'401',
			() => {},
			/^CometAPI does not accept the access token: Unauthorized/,
			/Personal Settings/,
			{ accessToken: 'wrong' },
		],
		[
			'success: false',
			() =>
				trigger.simulator.addFault({
					on: 'taskList',
					kind: 'reply',
					status: 200,
					body: { success: false, message: 'The account is locked' },
				}),
			/^CometAPI refused the list of the account's tasks: The account is locked$/,
			/Watch tasks/,
			{},
		],
		[
			'an API key as access token',
			() => {},
			/^The Access Token in the credential is an API key/,
			/Personal Settings/,
			{ accessToken: 'sk-another-key' },
		],
		[
			'no access token',
			() => {},
			/^The credential has no Access Token/,
			/Personal Settings.*Watch tasks/,
			{ accessToken: '' },
		],
		[
			'an answer that is no list',
			() =>
				trigger.simulator.addFault({
					on: 'taskList',
					kind: 'reply',
					status: 200,
					body: { success: true, data: 'soon' },
				}),
			/could not be understood/,
			/Watch tasks/,
			{},
		],
		[
			'no answer',
			() => trigger.simulator.addFault({ on: 'taskList', kind: 'resetBeforeAccept' }),
			/^The connection to CometAPI/,
			/internet connection/,
			{},
		],
	];

	test.each(refusals)('%s', async (_what, spoil, message, description, credential) => {
		await watch({}, { credential });
		spoil();
		const error = await trigger.activationError();
		expect(error.message).toMatch(message);
		expect(error.description).toMatch(description);
		expect(`${error.message} ${error.description}`).not.toContain(SIMULATOR_ACCESS_TOKEN);
	});

	test('a missing user id, and a wrong one', async () => {
		for (const userId of ['', '12']) {
			const credential = { apiKey: SIMULATOR_API_KEY, accessToken: SIMULATOR_ACCESS_TOKEN, userId };
			await watch({}, { simulator: { profile: 'upstream-strict' }, credential });
			const error = await trigger.activationError();
			expect(error.message).toMatch(/^CometAPI asks for the number of your account: .*New-Api-User/);
			expect(error.description).toMatch(/Fill in User ID/);
			if (userId === '') await trigger.close();
		}
	});

	test('a wrong token at the stricter gateway, which says so with HTTP 200', async () => {
		const credential = { apiKey: SIMULATOR_API_KEY, accessToken: 'wrong', userId: String(SIMULATOR_USER_ID) };
		await watch({}, { simulator: { profile: 'upstream-strict' }, credential });
		expect((await trigger.activationError()).message).toMatch(/^CometAPI does not accept the access token: /);
	});

	test('the access token is not repeated, even if CometAPI does', async () => {
		await watch();
		const body = { success: false, message: `no rights for ${SIMULATOR_ACCESS_TOKEN}` };
		trigger.simulator.addFault({ on: 'taskList', kind: 'reply', status: 200, body });
		expect((await trigger.activationError()).message).toBe(
			"CometAPI refused the list of the account's tasks: no rights for …",
		);
	});

	test('later on, too', async () => {
		await watch();
		await trigger.activate();
		trigger.simulator.taskListForm = 'absent';
		await trigger.poll();
		expect(trigger.errors.map(({ message }) => message)).toEqual([expect.stringContaining('does not offer the list')]);
	});
});

describe('another choice in the panel repeats nothing and loses nothing', () => {
	test('a longer look back', async () => {
		await watch();
		await trigger.activate();
		finish(addRow());
		expect(await trigger.poll()).toHaveLength(1);
		await trigger.poll(40 * 3_600_000);
		finish(addRow());
		expect(await trigger.poll()).toHaveLength(1);
		panel.options = { lookBack: 168 };
		await trigger.activate('update');
		expect(await trigger.poll()).toEqual([]);
		expect(trigger.started).toHaveLength(2);
	});

	test('a wider filter', async () => {
		await watch({ filters: { model: 'kling' } });
		await trigger.activate();
		finish(addRow());
		const wanted = finish(addRow({ properties: { origin_model_name: 'kling-v3' } }));
		expect(await trigger.poll()).toMatchObject([{ taskId: wanted.task_id }]);
		panel.filters = {};
		await trigger.activate('update');
		expect(await trigger.poll()).toEqual([]);
	});

	test('Midjourney as well: its history is not news, and the other list goes on', async () => {
		await watch();
		await trigger.activate();
		trigger.simulator.addMidjourneyRow({ action: 'VIDEO', status: 'SUCCESS' });
		const row = finish(addRow());
		panel.options = { includeMidjourney: true };
		await trigger.activate('update');
		await trigger.poll();
		expect(trigger.started).toMatchObject([{ taskId: row.task_id }]);
	});
});

/** More than a page holds, and in long runs more than are remembered (5,000). */
const TASKS_A_ROUND = atLength(55, 1000);
const ROUNDS = atLength(2, 6);

test('a slow task among thousands of quick ones is not forgotten', async () => {
	await watch();
	const slow = addRow();
	await trigger.activate();
	for (let round = 0; round < ROUNDS; round++) {
		for (let count = 0; count < TASKS_A_ROUND; count++) finish(addRow());
		await trigger.poll();
	}
	finish(slow);
	for (let polls = 0; polls < atLength(2, 5); polls++) await trigger.poll();
	expect(trigger.started).toHaveLength(ROUNDS * TASKS_A_ROUND + 1);
	expect(idsOf(trigger.started)).toContain(slow.task_id);
});

describe.each<[string, () => Promise<void>]>([
	[
		'waits after a 429',
		async () => {
			trigger.simulator.addFault({ on: 'taskList', kind: 'reply', status: 429, headers: { 'retry-after': '90' } });
			await trigger.poll();
		},
	],
	[
		'cannot read its page',
		async () => {
			trigger.simulator.addFault({
				on: 'taskList',
				kind: 'reply',
				status: 500,
				when: ({ query }) => Number(query.get('p')) > 1,
			});
		},
	],
	[
		'has read as many pages as it may before it comes to it',
		async () => {
			for (let count = 0; count < 2010; count++) addRow();
		},
	],
])('a poll %s', (_what, hinder) => {
	test('a slow task among many finished ones is not forgotten', async () => {
		await watch();
		const slow = addRow();
		await trigger.activate();
		for (let round = 0; round < ROUNDS; round++) {
			trigger.clock.advance(1000);
			for (let count = 0; count < TASKS_A_ROUND; count++) finish(addRow());
			await trigger.poll();
		}
		for (let polls = 0; polls < atLength(1, 4); polls++) await trigger.poll();
		expect(trigger.started).toHaveLength(ROUNDS * TASKS_A_ROUND);
		await hinder();
		finish(addRow());
		await trigger.poll();
		finish(slow);
		for (let polls = 0; polls < atLength(1, 8); polls++) await trigger.poll();
		expect(idsOf(trigger.started)).toContain(slow.task_id);
		expect(trigger.started).toHaveLength(ROUNDS * TASKS_A_ROUND + 2);
		// Nothing is remembered for its sake any more.
		finish(addRow());
		await trigger.poll();
		const { done } = (trigger.stored['node:Trigger'] ?? {}) as { done: object };
		expect(Object.keys(done).length).toBeLessThanOrEqual(5001);
	});
});

describe('limits', () => {
	test('a page of maintenance is an outage: borne, then said once an hour', async () => {
		await watch();
		await trigger.activate();
		trigger.simulator.addFault({ on: 'taskList', kind: 'html', times: 60 });
		for (let poll = 0; poll < 4; poll++) await trigger.poll();
		for (let poll = 0; poll < 5; poll++) await trigger.poll(10 * 60_000);
		expect(trigger.errors).toHaveLength(1);
		trigger.simulator.clearFaults();
		const row = finish(addRow());
		expect(await trigger.poll()).toMatchObject([{ taskId: row.task_id }]);
	});

	test('429 without a body is a skipped poll', async () => {
		await watch();
		await trigger.activate();
		const row = finish(addRow());
		trigger.simulator.addFault({ on: 'taskList', kind: 'reply', status: 429 });
		expect(await trigger.poll()).toEqual([]);
		expect(await trigger.poll()).toMatchObject([{ taskId: row.task_id }]);
		expect(trigger.errors).toEqual([]);
	});

	test.each([
		['with Retry-After is waited out', { 'retry-after': '50' }],
		['without it means a minute', undefined],
	])('429 %s', async (_what, headers) => {
		await watch();
		await trigger.activate();
		finish(addRow());
		trigger.simulator.addFault({ on: 'taskList', kind: 'reply', status: 429, headers });
		await trigger.poll();
		const before = listRequests().length;
		expect(await trigger.poll(30_000)).toEqual([]);
		expect(listRequests()).toHaveLength(before);
		expect(await trigger.poll(30_000)).toHaveLength(1);
	});

	test('a fault on a later page costs that page only', async () => {
		await watch();
		await trigger.activate();
		const rows = Array.from({ length: 150 }, () => finish(addRow()));
		trigger.simulator.addFault({
			on: 'taskList',
			kind: 'reply',
			status: 500,
			when: ({ query }) => query.get('p') === '2',
		});
		expect(await trigger.poll()).toHaveLength(100);
		expect(await trigger.poll()).toHaveLength(50);
		expect(idsOf(trigger.started)).toEqual(idsOf(rows.map(({ task_id }) => ({ taskId: task_id }))));
	});

	test('a fault while the history is read keeps the workflow from being switched on', async () => {
		await watch();
		for (let count = 0; count < 150; count++) finish(addRow());
		trigger.simulator.addFault({
			on: 'taskList',
			kind: 'reply',
			status: 500,
			when: ({ query }) => query.get('p') === '2',
		});
		expect((await trigger.activationError()).message).toMatch(/^CometAPI had an internal fault/);
		await trigger.activate();
		expect(await trigger.poll()).toEqual([]);
	});
});

describe('n8n ends in the middle of a poll that has found something', () => {
	test('before it stores the state: the next one finds it', async () => {
		await watch();
		await trigger.activate();
		const row = finish(addRow());
		trigger.crashAt = 'beforeStore';
		await trigger.poll();
		expect(await trigger.restart()).toMatchObject([{ taskId: row.task_id }]);
	});

	test('after starting the workflow: it is not started again', async () => {
		await watch();
		await trigger.activate();
		finish(addRow());
		trigger.crashAt = 'afterStart';
		expect(await trigger.poll()).toHaveLength(1);
		expect(await trigger.restart()).toEqual([]);
	});

	test.each<CrashPoint>(['beforeStore', 'afterStart'])('with durable poll cursors, %s: once', async (crashAt) => {
		await watch({}, { durableCursors: true });
		await trigger.activate();
		const row = finish(addRow());
		trigger.crashAt = crashAt;
		await trigger.poll();
		await trigger.restart();
		await trigger.poll();
		expect(trigger.started).toMatchObject([{ taskId: row.task_id }]);
	});
});

test('a test run in the editor shows the newest finished task and changes nothing', async () => {
	await watch();
	finish(addRow(), { finish_time: seconds() - 100 });
	const newest = finish(addRow());
	addRow();
	expect((await trigger.sample()).map(({ json }) => json.taskId)).toEqual([newest.task_id]);
	expect(trigger.stored).toEqual({});
});

function idsOf(rows: ReadonlyArray<{ taskId?: unknown }>): string[] {
	return rows.map(({ taskId }) => String(taskId)).sort();
}
