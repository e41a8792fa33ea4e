/** Who may read the account's lists, and what goes wrong in front of them. */
import { AccountTest, KEYS, MIDJOURNEY, TASKS, TOKEN } from './accountTest';
import {
	documentedReplies,
	SIMULATOR_ACCESS_TOKEN,
	SIMULATOR_API_KEY,
	SIMULATOR_USER_ID,
	type Fault,
	type FaultTarget,
} from './simulator';

const LISTS: Array<[FaultTarget, string]> = [
	['taskList', TASKS],
	['midjourneyList', MIDJOURNEY],
	['keyList', KEYS],
];

let account: AccountTest;

beforeEach(async () => {
	account = new AccountTest();
	await account.start();
});

afterEach(async () => {
	await account.close();
});

describe('the access token', () => {
	const UNAUTHORIZED = { success: false, code: 'AUTH_UNAUTHORIZED', message: 'Unauthorized, invalid access token' };
	const USER_ID = { 'new-api-user': String(SIMULATOR_USER_ID) };

	test.each<[string, Record<string, string>]>([
		['no token', {}],
		['another token', { authorization: 'x'.repeat(32) }],
		['the token as Bearer', { authorization: `Bearer ${SIMULATOR_ACCESS_TOKEN}` }],
		['an API key', { authorization: SIMULATOR_API_KEY }],
		['an API key as Bearer', { authorization: `Bearer ${SIMULATOR_API_KEY}` }],
	])('comet: %s is unauthorized', async (_what, headers) => {
		for (const [, path] of LISTS) {
			expect(await account.get(path, headers)).toMatchObject({ status: 401, body: UNAUTHORIZED });
		}
	});

	test.each<[string, Record<string, string>]>([
		['the bare token', TOKEN],
		['the token with a user id that is not looked at', { ...TOKEN, 'new-api-user': 'nobody' }],
	])('comet: %s opens the lists', async (_what, headers) => {
		for (const [, path] of LISTS) {
			expect(await account.get(path, headers)).toMatchObject({ status: 200, body: { success: true, message: '' } });
		}
	});

	test.each<[string, number, Record<string, string>, string]>([
		['no token', 401, USER_ID, '无权进行此操作，未登录且未提供 access token'],
		['another token', 200, { authorization: 'x', ...USER_ID }, '无权进行此操作，access token 无效'],
		['an API key', 200, { authorization: SIMULATOR_API_KEY, ...USER_ID }, '无权进行此操作，access token 无效'],
		['no user id', 401, TOKEN, '无权进行此操作，未提供 New-Api-User'],
		['a user id in words', 401, { ...TOKEN, 'new-api-user': 'me' }, '无权进行此操作，New-Api-User 格式错误'],
		['another user id', 401, { ...TOKEN, 'new-api-user': '1' }, '无权进行此操作，New-Api-User 与登录用户不匹配'],
	])('upstream-strict: %s is refused with HTTP %i', async (_what, status, headers, message) => {
		await account.start({ profile: 'upstream-strict' });
		for (const [, path] of LISTS) {
			const answer = await account.get(path, headers);
			expect(answer.status).toBe(status);
			expect(answer.body).toEqual({ success: false, message });
		}
	});

	test.each(['', 'Bearer '])('upstream-strict: "%s" in front of the token is fine', async (prefix) => {
		await account.start({ profile: 'upstream-strict' });
		const headers = { authorization: `${prefix}${SIMULATOR_ACCESS_TOKEN}`, ...USER_ID };
		for (const [, path] of LISTS) expect((await account.get(path, headers)).body.success).toBe(true);
	});

	test('can be chosen, as can the user id, and is no API key', async () => {
		await account.start({ profile: 'upstream-strict', accessToken: 'another', userId: 7 });
		expect((await account.get(TASKS, { authorization: 'another', 'new-api-user': '7' })).body.success).toBe(true);
		const { status } = await account.get('/v1/models', { authorization: `Bearer ${SIMULATOR_ACCESS_TOKEN}` });
		expect(status).toBe(401);
	});
});

describe('the list of keys', () => {
	test('shows the whole keys and the user id, newest first', async () => {
		await account.start({ apiKeys: ['sk-first', 'sk-second'] });
		expect(await account.readPage(KEYS)).toMatchObject({
			page: 1,
			page_size: 10,
			total: 2,
			items: [
				{ id: 2, user_id: SIMULATOR_USER_ID, key: 'sk-second', status: 1, used_quota: 0 },
				{ id: 1, key: 'sk-first' },
			],
		});
		expect(await account.readItems(`${KEYS}?p=2&page_size=1`)).toMatchObject([{ key: 'sk-first' }]);
	});

	test('is found below the path without a slash by a redirect', async () => {
		const { status, headers } = await account.get('/api/token?p=1');
		expect([status, headers.get('location')]).toEqual([301, '/api/token/?p=1']);
	});
});

describe.each(LISTS)('faults of %s', (on, path) => {
	test('an empty 429, and one with Retry-After', async () => {
		account.simulator.addFault({ on, ...documentedReplies.tooManyRequestsEmpty });
		account.simulator.addFault({ on, kind: 'reply', status: 429, headers: { 'retry-after': '7' } });
		expect(await account.get(path)).toMatchObject({ status: 429, text: '' });
		const limited = await account.get(path);
		expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
		expect((await account.get(path)).status).toBe(200);
	});

	test('a fault of the server, a page, a redirect', async () => {
		account.simulator.addFault({ on, ...documentedReplies.internalError });
		account.simulator.addFault({ on, kind: 'html' });
		account.simulator.addFault({ on, kind: 'redirect', location: 'https://www.cometapi.com/' });
		expect((await account.get(path)).status).toBe(500);
		expect((await account.get(path)).headers.get('content-type')).toMatch(/^text\/html/);
		const { status, headers } = await account.get(path);
		expect([status, headers.get('location')]).toEqual([301, 'https://www.cometapi.com/']);
		expect(account.simulator.requests.map(({ route, fault }) => [route, fault])).toEqual([
			[on, 'reply'],
			[on, 'html'],
			[on, 'redirect'],
		]);
	});

	test('half a reply, which a refused request does not use up', async () => {
		account.simulator.addFault({ on, kind: 'truncatedJson' });
		expect((await account.get(path, {})).status).toBe(401);
		const response = await fetch(`${account.simulator.baseUrl}${path}`, { headers: TOKEN });
		const text = await response.text();
		expect(text).toMatch(/^\{"success":true/);
		expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
	});

	test('a reset', async () => {
		account.simulator.addFault({ on, kind: 'resetBeforeAccept' });
		await expect(account.get(path)).rejects.toThrow('fetch failed');
	});

	test('no answer', async () => {
		account.simulator.addFault({ on, kind: 'stall' });
		const abort = new AbortController();
		const pending = fetch(`${account.simulator.baseUrl}${path}`, { headers: TOKEN, signal: abort.signal });
		const { simulator } = account;
		while (simulator.requests.length === 0 || simulator.openRequests > 0) await new Promise(setImmediate);
		abort.abort();
		await expect(pending).rejects.toThrow();
		expect(account.simulator.requests[0].status).toBeUndefined();
	});

	test('no faults of tasks', () => {
		const fault: Fault = { on, kind: 'uppercase' };
		expect(() => account.simulator.addFault(fault)).toThrow(/not on/);
	});
});
