/** What is sent again, how often, and what Stop makes of it; on a clock of its own. */
import { repeatRefused } from '../../nodes/CometApiVideo/service/retry';
import { RequestError } from '../../nodes/CometApiVideo/task/errors';
import type { RequestFailureKind } from '../../nodes/CometApiVideo/task/errors';
import { VirtualClock } from '../support/virtualClock';

const ALL_TRIES = 6;
const failure = (kind: RequestFailureKind) => new RequestError(kind, kind, '');

/** @returns counts how often it was sent */
function failing(kind: RequestFailureKind, times = Infinity) {
	let sent = 0;
	const send = async () => {
		sent += 1;
		if (sent <= times) throw failure(kind);
		return await Promise.resolve('answer');
	};
	return { send, count: () => sent };
}

test.each(['throttled', 'notSent'] as const)('%s is sent again until there is an answer', async (kind) => {
	const { send, count } = failing(kind, 3);
	expect(await repeatRefused(new VirtualClock())(send)).toBe('answer');
	expect(count()).toBe(4);
});

test.each(['refused', 'transient'] as const)('%s is not sent again', async (kind) => {
	const { send, count } = failing(kind);
	await expect(repeatRefused(new VirtualClock())(send)).rejects.toThrow(kind);
	expect(count()).toBe(1);
});

test('Stop during the pause: nothing is sent after it, and the failure is the one before', async () => {
	const stop = new AbortController();
	const { now, random } = new VirtualClock();
	const sleep = async () => {
		stop.abort();
		await Promise.resolve();
	};
	const { send, count } = failing('throttled', 1);
	await expect(repeatRefused({ now, random, sleep }, stop.signal)(send)).rejects.toThrow('throttled');
	expect(count()).toBe(1);
});

describe('the requests of one run', () => {
	const countAfter = async (first: () => Promise<string>, kind: RequestFailureKind) => {
		const repeat = repeatRefused(new VirtualClock());
		await repeat(first).catch(() => undefined);
		const { send, count } = failing(kind);
		await repeat(send).catch(() => undefined);
		return count();
	};

	test.each([
		{ before: 'a host out of reach', first: failing('notSent').send, kind: 'notSent', tries: 1 },
		{ before: 'a host out of reach', first: failing('notSent').send, kind: 'throttled', tries: ALL_TRIES },
		{ before: 'an answer', first: failing('notSent', 0).send, kind: 'notSent', tries: ALL_TRIES },
		{ before: 'a refusal', first: failing('refused').send, kind: 'notSent', tries: ALL_TRIES },
		{ before: 'too many requests', first: failing('throttled').send, kind: 'notSent', tries: ALL_TRIES },
	] as const)('after $before $kind is tried $tries times', async ({ first, kind, tries }) => {
		expect(await countAfter(first, kind)).toBe(tries);
	});
});
