/** What the trigger remembers and which tasks are news, as plain data. */
import type { Reading, WatchState } from '../../nodes/CometApiVideo/watch/finishedTasks';
import {
	MAX_REMEMBERED,
	forgetHandOver,
	forgetOld,
	openWatchState,
	rememberHandOver,
	takeBack,
	takeNewlyFinished,
	toStored,
} from '../../nodes/CometApiVideo/watch/finishedTasks';

/** As in the file: while they may come up again. */
const MAX_IF_NEEDED = 20_000;

const stateOf = (more: Partial<WatchState> = {}): WatchState => ({
	...openWatchState({}, 'table', false).state,
	...more,
});
const times = (...entries: Array<[string, number]>) => new Map(entries);
const reading = (key: string, status: string, more: Partial<Reading> = {}): Reading =>
	({ key, task: { status }, known: {}, seconds: 7, ...more }) as Reading;

describe('what n8n stores', () => {
	const state = stateOf({
		done: times(['__proto__', 1], ['a', 2]),
		handedOver: times(['b', 3]),
		floor: 4,
		newestSubmission: 5,
		lists: ['one'],
	});

	test('comes back as it was, whatever a task is called', () => {
		const stored = JSON.parse(JSON.stringify(toStored(state))) as ReturnType<typeof toStored>;
		expect(openWatchState(stored, 'table', false)).toEqual({ state, isNew: false });
		expect(Object.keys(stored.done as object)).toEqual(['=__proto__', '=a']);
	});

	test('does not change with the state', () => {
		const lists = ['one'];
		const stored = toStored(stateOf({ lists }));
		lists.push('two');
		expect(stored.lists).toEqual(['one']);
	});

	test.each([
		['nothing', {}, 'table', false],
		['another watch', toStored(state), 'account', false],
		['a new start', toStored(state), 'table', true],
		['a broken one', { ...toStored(state), done: 'x' }, 'table', false],
	])('%s begins anew', (_, stored, watched, startsAnew) => {
		const empty = { watched, done: times(), handedOver: times(), floor: 0, newestSubmission: 0, lists: [] };
		expect(openWatchState(stored, watched, startsAnew)).toEqual({ state: empty, isNew: true });
	});

	test('from an earlier version lacks what is not known', () => {
		const stored = { watched: 'table', done: { '=a': '2' }, lists: 'one' };
		expect(openWatchState(stored, 'table', false)).toEqual({
			state: stateOf({ done: times(['a', 2]) }),
			isNew: false,
		});
	});
});

describe('news', () => {
	test('are the tasks that have ended, each once', () => {
		const before = stateOf({ done: times(['old', 1]) });
		const readings = ['old', 'new', 'new', 'failed', 'open'].map((key) =>
			reading(key, { failed: 'failed', open: 'pending' }[key] ?? 'succeeded'),
		);
		const { state, news } = takeNewlyFinished(before, readings);
		expect(news.map(({ key }) => key)).toEqual(['new', 'failed']);
		expect(state.done).toEqual(times(['old', 1], ['new', 7], ['failed', 7]));
		expect(before.done).toEqual(times(['old', 1]));
		expect(state.watched).toBe('table');
	});

	test('of a list that is looked at for the first time are history', () => {
		const { state, news } = takeNewlyFinished(stateOf({ lists: ['known'] }), [
			reading('a', 'succeeded', { list: 'first' }),
			reading('b', 'succeeded', { list: 'known' }),
			reading('c', 'succeeded'),
		]);
		expect(news.map(({ key }) => key)).toEqual(['b', 'c']);
		expect([...state.done.keys()]).toEqual(['a', 'b', 'c']);
	});
});

describe('what was handed over', () => {
	const state = stateOf({ done: times(['a', 1], ['b', 2]), handedOver: times(['a', 5]), floor: 3 });

	test('is remembered until it is marked', () => {
		const more = rememberHandOver(state, ['b', 'c'], 9);
		expect(more).toEqual({ ...state, handedOver: times(['a', 5], ['b', 9], ['c', 9]) });
		expect(forgetHandOver(more, ['a', 'c'])).toEqual({ ...state, handedOver: times(['b', 9]) });
	});

	test('is news again if n8n did not start the workflow', () => {
		expect(takeBack(state, ['a'])).toEqual({ ...state, done: times(['b', 2]), handedOver: times() });
	});
});

describe('what is forgotten', () => {
	const many = (count: number, firstSecond = 1) =>
		new Map(Array.from({ length: count }, (_, index) => [`t${index}`, firstSecond + index] as const));

	test('is nothing while there is room', () => {
		const state = stateOf({ done: times(['a', 3], ['b', 4]), handedOver: times(['a', 1]), floor: 2 });
		const kept = forgetOld(state, {});
		expect(kept).toEqual(state);
		expect([...kept.done.keys()]).toEqual(['b', 'a']);
	});

	test('is what was submitted before what will be looked at; the floor never sinks', () => {
		const state = stateOf({ done: times(['a', 3], ['b', 4], ['c', 5]), floor: 1 });
		const { done, floor } = forgetOld(state, { before: 4 });
		expect([done, floor]).toEqual([times(['b', 4], ['c', 5]), 4]);
		expect(forgetOld(stateOf({ floor: 9 }), { before: 4 }).floor).toBe(9);
	});

	test('is what cannot come up again, marks included', () => {
		const state = stateOf({ done: times(['a', 3], ['b', 4]), handedOver: times(['a', 1], ['b', 1]) });
		const { done, handedOver } = forgetOld(state, { canComeUpAgain: (key) => key === 'b' });
		expect([done, handedOver]).toEqual([times(['b', 4]), times(['b', 1])]);
	});

	test('are the oldest of what is too much, and the floor rises above them', () => {
		const { done, floor } = forgetOld(stateOf({ done: many(MAX_REMEMBERED + 2) }), {});
		expect([done.size, done.has('t1'), done.has('t2'), floor]).toEqual([MAX_REMEMBERED, false, true, 3]);
	});

	test('exactly as many as there is room for stay', () => {
		const { done, floor } = forgetOld(stateOf({ done: many(MAX_REMEMBERED) }), {});
		expect([done.size, floor]).toEqual([MAX_REMEMBERED, 0]);
	});

	test('a task of the account that is under way keeps what is as new as it', () => {
		const state = stateOf({ done: many(MAX_REMEMBERED + 10) });
		expect(forgetOld(state, { oldestPending: 4 }).done.size).toBe(MAX_REMEMBERED + 7);
	});

	test('what may come up again is kept, up to a larger number', () => {
		const canComeUpAgain = () => true;
		expect(forgetOld(stateOf({ done: many(MAX_REMEMBERED + 10) }), { canComeUpAgain }).done.size).toBe(
			MAX_REMEMBERED + 10,
		);
		expect(forgetOld(stateOf({ done: many(MAX_IF_NEEDED + 10) }), { canComeUpAgain }).done.size).toBe(MAX_IF_NEEDED);
	});
});
