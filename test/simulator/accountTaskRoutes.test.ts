/** How the account's lists are read: pages, filters, their forms, and rows that a test writes itself. */
import { AccountTest, KEYS, MIDJOURNEY, PICTURE, START_SECONDS, TASKS, type Item } from './accountTest';

let account: AccountTest;

beforeEach(async () => {
	account = new AccountTest();
	await account.start();
});

afterEach(async () => {
	await account.close();
});

describe('pages and filters', () => {
	function addRows(count: number): void {
		for (let number = 1; number <= count; number++) account.simulator.addTaskRow();
	}

	test('come newest first, ten at a time', async () => {
		addRows(25);
		const page = await account.readPage(`${TASKS}?p=3`);
		expect(page).toMatchObject({ page: 3, page_size: 10, total: 25 });
		expect(page.items?.map(({ id }) => id)).toEqual([5, 4, 3, 2, 1]);
		expect(await account.readIds(TASKS)).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
	});

	test.each([
		['page_size=20', 1, 20],
		['page_size=1000', 1, 100],
		['page_size=0', 1, 10],
		['page_size=-3', 1, 10],
		['page_size=many', 1, 10],
		['ps=5', 1, 5],
		['size=6', 1, 6],
		['page_size=4&ps=5&size=6', 1, 4],
		['p=0', 1, 10],
		['p=-1', 1, 10],
		['p=x', 1, 10],
		['p=2', 2, 10],
	])('%s is page %i with %i rows', async (query, page, size) => {
		addRows(120);
		const data = await account.readPage(`${TASKS}?${query}`);
		expect(data).toMatchObject({ page, page_size: size, total: 120 });
		expect(data.items).toHaveLength(size);
	});

	test('are empty behind the end', async () => {
		addRows(3);
		expect(await account.readPage(`${TASKS}?p=2`)).toEqual({ page: 2, page_size: 10, total: 3, items: [] });
	});

	test.each([
		['task_id=first', [1]],
		['platform=suno', [2]],
		['action=MUSIC', [2]],
		['action=music', []],
		['status=SUCCESS', [2, 1]],
		['status=success', []],
		['status=SUCCESS,FAILURE', []],
		['status=SUCCESS&platform=55', [1]],
		['status=', [3, 2, 1]],
		[`start_timestamp=${START_SECONDS + 100}`, [3, 2]],
		[`end_timestamp=${START_SECONDS + 100}`, [2, 1]],
		[`start_timestamp=${START_SECONDS + 1}&end_timestamp=${START_SECONDS + 199}`, [2]],
		['start_timestamp=yesterday', [3, 2, 1]],
		['start_timestamp=0&end_timestamp=0', [3, 2, 1]],
		[`start_timestamp=${START_SECONDS + 100}.5`, [3, 2, 1]],
	])('%s gives %j', async (query, ids) => {
		account.simulator.addTaskRow({ task_id: 'first', platform: '55', status: 'SUCCESS' });
		account.pass(100);
		account.simulator.addTaskRow({ platform: 'suno', action: 'MUSIC', status: 'SUCCESS' });
		account.pass(100);
		account.simulator.addTaskRow({ status: 'FAILURE' });
		expect(await account.readIds(`${TASKS}?${query}`)).toEqual(ids);
		expect(await account.readPage(`${TASKS}?${query}`)).toHaveProperty('total', ids.length);
	});

	test('look at the submission, not at the end', async () => {
		await account.createVideo();
		account.pass(60);
		expect(await account.readIds(`${TASKS}?start_timestamp=${START_SECONDS + 1}`)).toEqual([]);
	});

	test('shift between two reads when rows come in between', async () => {
		addRows(4);
		const listener = jest.fn(({ query }: { query: URLSearchParams }) => {
			if (query.get('p') === '2') account.simulator.addTaskRow();
		});
		account.simulator.onTaskListRead = listener;
		expect(await account.readIds(`${TASKS}?p=1&page_size=2`)).toEqual([4, 3]);
		expect(await account.readIds(`${TASKS}?p=2&page_size=2`)).toEqual([3, 2]);
		account.simulator.onTaskListRead = undefined;
		expect(await account.readIds(`${TASKS}?p=3&page_size=2`)).toEqual([1]);
		expect(listener).toHaveBeenCalledTimes(2);
	});
});

describe('written rows', () => {
	test('stand among those of tasks in the order of their making', async () => {
		const first = await account.createVideo();
		account.simulator.addTaskRow({ task_id: 'song', platform: 'suno', action: 'MUSIC' });
		const second = await account.createVideo();
		expect(await account.readItems(TASKS)).toMatchObject([
			{ id: 3, task_id: second },
			{ id: 2, task_id: 'song' },
			{ id: 1, task_id: first },
		]);
	});

	test('are those of a new task, and can be finished later', async () => {
		const row = account.simulator.addTaskRow();
		expect(row).toMatchObject({
			id: 1,
			status: 'NOT_START',
			progress: '0%',
			submit_time: START_SECONDS,
			finish_time: 0,
		});
		expect(row.task_id).toMatch(/^task_[A-Za-z0-9]{32}$/);
		account.pass(30);
		expect(await account.readItems(TASKS)).toEqual([row]);
		row.status = 'SUCCESS';
		row.fail_reason = PICTURE;
		expect(await account.readItems(TASKS)).toEqual([row]);
	});

	test('may be odd', async () => {
		account.simulator.addTaskRow({
			id: '900',
			submit_time: null,
			status: 'VIOLATION',
			progress: 7,
			video_url: PICTURE,
		});
		account.simulator.addTaskRow({ properties: undefined });
		const [newer, odd] = await account.readItems(TASKS);
		expect(newer.id).toBe(901);
		expect(newer).not.toHaveProperty('properties');
		expect(odd).toMatchObject({ id: '900', submit_time: null, status: 'VIOLATION', progress: 7, video_url: PICTURE });
		expect(await account.readIds(`${TASKS}?start_timestamp=1`)).toEqual([901]);
	});

	test('with the id of another row do not move the count', async () => {
		account.simulator.addTaskRow({ id: 50 });
		account.simulator.addTaskRow({ id: 50 });
		account.simulator.addTaskRow({ id: 7 });
		account.simulator.addTaskRow();
		expect(await account.readIds(TASKS)).toEqual([51, 50, 50, 7]);
	});
});

describe('the form of the list', () => {
	test('bareArray: pages from 0, ten rows, no total', async () => {
		await account.start({ taskListForm: 'bareArray' });
		for (let number = 1; number <= 12; number++) account.simulator.addTaskRow();
		const read = async (query: string) => {
			const { body } = await account.get(`${TASKS}?${query}`);
			return (body.data as Item[]).map(({ id }) => id);
		};
		expect(await read('page_size=100')).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
		expect(await read('p=1')).toEqual([2, 1]);
		expect(await read('p=2')).toEqual([]);
	});

	test('nestedData: the rows in data.data', async () => {
		account.simulator.taskListForm = 'nestedData';
		const row = account.simulator.addTaskRow();
		expect((await account.get(TASKS)).body.data).toEqual({ data: [row] });
		expect((await account.get(`${TASKS}?p=2`)).body.data).toEqual({ data: [] });
	});

	test('nullItems: null in place of an empty page', async () => {
		account.simulator.taskListForm = 'nullItems';
		expect(await account.readPage(TASKS)).toEqual({ page: 1, page_size: 10, total: 0, items: null });
		account.simulator.addTaskRow();
		expect((await account.readPage(TASKS)).items).toHaveLength(1);
		expect(await account.readPage(MIDJOURNEY)).toHaveProperty('items', null);
	});

	test('absent: both lists are unknown paths, the keys stay', async () => {
		account.simulator.taskListForm = 'absent';
		for (const path of [TASKS, MIDJOURNEY]) {
			const { status, body } = await account.get(path, {});
			expect(status).toBe(404);
			expect(body).toMatchObject({ error: { message: `Invalid URL (GET ${path})`, type: 'invalid_request_error' } });
			expect((await account.get(`${path}/`)).status).toBe(404);
		}
		expect((await account.get(KEYS)).status).toBe(200);
		account.simulator.taskListForm = 'paged';
		expect(await account.readPage(TASKS)).toHaveProperty('total', 0);
		expect((await account.get(`${TASKS}/?p=1`)).headers.get('location')).toBe(`${TASKS}?p=1`);
	});
});
