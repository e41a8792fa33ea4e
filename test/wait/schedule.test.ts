/** What the schedule promises for any set of jobs, and for whole runs of it with steps that take any time. */
import * as fc from 'fast-check';
import type { JobState, Watch } from '../../nodes/CometApiVideo/wait/jobState';
import { holdsSlot } from '../../nodes/CometApiVideo/wait/jobState';
import { MAX_REQUESTS_AT_ONCE, SLOW_FINISH_MS, schedule } from '../../nodes/CometApiVideo/wait/schedule';
import { fuzzSettings } from '../support/fuzz';
import { DONE, REF } from './fakeTasks';

type State = JobState<unknown>;

const NOW = 1_000_000;
const times = fc.integer({ min: NOW - 200_000, max: NOW + 200_000 });
const past = fc.integer({ min: NOW - 60_000, max: NOW });
const watches: fc.Arbitrary<Watch> = fc.record({
	started: fc.constant({ ref: REF, isNew: true, wait: true, details: {} }),
	startedAt: past,
	deadline: times,
	gapMs: fc.constant(10_000),
	pollCount: fc.nat(20),
	task: fc.constant(DONE),
	missingFile: fc.option(fc.record({ since: past, tries: fc.nat(5) }), { nil: undefined, freq: 5 }),
});
const refusals = fc.record({ throttled: fc.nat(7), notSent: fc.nat(7), endedTasks: fc.nat(10) });
const states: fc.Arbitrary<State> = fc.oneof(
	fc.record({ phase: fc.constant('queued' as const), dueAt: times, refusals, holdsSlot: fc.boolean() }),
	fc.record({ phase: fc.constant('creating' as const), sentAt: past, refusals }),
	fc.record({ phase: fc.constant('waiting' as const), dueAt: times, watch: watches }),
	fc.record({ phase: fc.constant('looking' as const), sentAt: past, watch: watches }),
	fc.record({ phase: fc.constant('ended' as const), endedAt: past, timedOut: fc.boolean(), watch: watches }),
	fc.record({
		phase: fc.constant('finishing' as const),
		endedAt: past,
		begunAt: past,
		timedOut: fc.boolean(),
		watch: watches,
	}),
	fc.record({ phase: fc.constant('settled' as const), outcome: fc.constant({ ok: true as const, result: null }) }),
);
const worlds = fc.record({
	all: fc.array(states, { maxLength: 60 }),
	tasksInFlight: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(Infinity)),
	pausedUntil: fc.oneof(fc.constant(0), times),
});

const countOf = (all: readonly State[], ...phases: Array<State['phase']>) =>
	all.filter(({ phase }) => phases.includes(phase)).length;
const launchedOf = (all: readonly State[], launch: readonly number[]) => launch.map((index) => all[index]);

function holds(
	check: (
		all: State[],
		plan: ReturnType<typeof schedule>,
		limits: { tasksInFlight: number; pausedUntil: number },
	) => void,
) {
	const property = fc.property(worlds, ({ all, ...limits }) => check(all, schedule(all, NOW, limits), limits));
	fc.assert(property, fuzzSettings(500));
}

describe('a plan', () => {
	test('never begins two steps of a job, or one of a job that is under way or done', () => {
		holds((all, { launch }) => {
			expect(new Set(launch).size).toBe(launch.length);
			for (const { phase } of launchedOf(all, launch)) expect(['queued', 'waiting', 'ended']).toContain(phase);
		});
	});

	test('never lets more tasks run than allowed', () => {
		holds((all, { launch }, { tasksInFlight }) => {
			const held = all.filter(holdsSlot).length;
			const taken = launchedOf(all, launch).filter((state) => state.phase === 'queued' && !state.holdsSlot).length;
			if (taken > 0) expect(held + taken).toBeLessThanOrEqual(tasksInFlight);
		});
	});

	test('never sends more requests at once than allowed', () => {
		holds((all, { launch }) => {
			const begun = countOf(launchedOf(all, launch), 'queued', 'waiting');
			if (begun > 0) expect(begun + countOf(all, 'creating', 'looking')).toBeLessThanOrEqual(MAX_REQUESTS_AT_ONCE);
		});
	});

	test('has at most four quick downloads at once, and twenty in all', () => {
		holds((all, { launch }) => {
			const begun = countOf(launchedOf(all, launch), 'ended');
			if (begun === 0) return;
			const quick = all.filter((state) => state.phase === 'finishing' && NOW - state.begunAt < SLOW_FINISH_MS).length;
			expect(quick + begun).toBeLessThanOrEqual(4);
			expect(countOf(all, 'finishing') + begun).toBeLessThanOrEqual(20);
		});
	});

	test('begins nothing before it is due, and nothing but a last look during a pause', () => {
		holds((all, { launch }, { pausedUntil }) => {
			for (const state of launchedOf(all, launch)) {
				if (state.phase === 'ended') continue;
				expect('dueAt' in state && state.dueAt).toBeLessThanOrEqual(NOW);
				if (pausedUntil > NOW) expect(state.phase === 'waiting' && state.watch.deadline).toBeLessThanOrEqual(NOW);
			}
		});
	});

	test('never leaves a task unseen beyond its deadline while a request may be sent', () => {
		holds((all, { launch, wakeAt }) => {
			const sent = countOf(all, 'creating', 'looking') + countOf(launchedOf(all, launch), 'queued', 'waiting');
			if (sent >= MAX_REQUESTS_AT_ONCE) return;
			all.forEach((state, index) => {
				if (state.phase !== 'waiting' || launch.includes(index)) return;
				expect(wakeAt).toBeLessThanOrEqual(Math.max(state.dueAt, state.watch.deadline));
			});
		});
	});

	test('is fair: of two looks that are due, the one that has waited longer goes first', () => {
		holds((all, { launch }, { pausedUntil }) => {
			const begun = launchedOf(all, launch).flatMap((state) => (state.phase === 'waiting' ? [state.dueAt] : []));
			const left = all.flatMap((state, index) => {
				if (state.phase !== 'waiting' || launch.includes(index)) return [];
				const isReady = Math.max(state.dueAt, Math.min(pausedUntil, state.watch.deadline)) <= NOW;
				return isReady ? [state.dueAt] : [];
			});
			if (left.length > 0) expect(Math.max(-Infinity, ...begun)).toBeLessThanOrEqual(Math.min(...left));
		});
	});

	test('always has something under way, begins something, or knows when to look again, until all is done', () => {
		holds((all, { launch, wakeAt }, { tasksInFlight }) => {
			const isBusy = countOf(all, 'creating', 'looking', 'finishing') > 0;
			const isAllDone = countOf(all, 'settled') === all.length;
			// More places taken than there are cannot come about.
			const isPossible = all.filter(holdsSlot).length <= tasksInFlight;
			if (!isBusy && !isAllDone && isPossible) expect(launch.length > 0 || wakeAt < Infinity).toBe(true);
			expect(wakeAt).toBeGreaterThan(NOW);
		});
	});
});

test('downloads that are slow make room for others after fifteen seconds', () => {
	const watch = {
		started: { ref: REF, isNew: true, wait: true, details: {} },
		startedAt: 0,
		deadline: 0,
		gapMs: 0,
		pollCount: 1,
	};
	const finishing = (begunAt: number): State => ({ phase: 'finishing', endedAt: 0, begunAt, timedOut: false, watch });
	const ended: State = { phase: 'ended', endedAt: 0, timedOut: false, watch };
	const four = [0, 0, 0, 0].map(finishing);
	const limits = { tasksInFlight: 5, pausedUntil: 0 };
	expect(schedule([...four, ended], 14_999, limits)).toEqual({ launch: [], wakeAt: 15_000 });
	expect(schedule([...four, ended], 15_000, limits)).toEqual({ launch: [4], wakeAt: Infinity });
	expect(schedule([...Array.from({ length: 20 }, () => finishing(0)), ended], 60_000, limits).launch).toEqual([]);
});
