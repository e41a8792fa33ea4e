/** The loop after a 429: who waits how long, and that nobody waits for the others. */
import { RequestError } from '../../nodes/CometApiVideo/task/errors';
import { runJobs } from '../../nodes/CometApiVideo/wait/runJobs';
import { DONE, PENDING, REF, options, secondsNow, taskOf } from './fakeTasks';

describe('a 429 while waiting', () => {
	test('holds back all tasks for the time that it names', async () => {
		let isFirst = true;
		const limited = taskOf(15, {
			async poll() {
				if (!isFirst) return await Promise.resolve(DONE);
				isFirst = false;
				throw new RequestError('throttled', 'slow down', '', {}, 40_000);
			},
		});
		const other = taskOf(15);
		await runJobs([limited, other], options());
		expect(other.polledAt).toEqual([10, 50]);
	});

	test('that names no time holds them back for a moment at first, then for longer', async () => {
		const polledAt: number[] = [];
		const limited = taskOf(0, {
			async poll() {
				polledAt.push(secondsNow());
				if (polledAt.length > 6) return await Promise.resolve(DONE);
				throw new RequestError('throttled', 'slow down', '');
			},
		});
		await runJobs([limited], options());
		const gaps = polledAt.slice(1).map((at, index) => at - polledAt[index]);
		expect(gaps).toEqual([1.5, 2.5, 4.5, 8.5, 16.5, 30.5]);
	});

	test('counts as one for all that were asked together', async () => {
		const polledAt: number[] = [];
		let refusals = 10;
		const limited = () =>
			taskOf(0, {
				async poll() {
					polledAt.push(secondsNow());
					if (refusals-- > 0) throw new RequestError('throttled', 'slow down', '');
					return await Promise.resolve(DONE);
				},
			});
		await runJobs(Array.from({ length: 10 }, limited), options({ maxTasksInFlight: 10 }));
		expect(new Set(polledAt)).toEqual(new Set([10, 11.5]));
	});

	test('of an hour ago does not make the next pause longer', async () => {
		const polledAt: number[] = [];
		const limited = taskOf(0, {
			async poll() {
				polledAt.push(secondsNow());
				if ([3, 8].includes(polledAt.length)) throw new RequestError('throttled', 'slow down', '');
				return await Promise.resolve(polledAt.length < 10 ? PENDING : DONE);
			},
		});
		await runJobs([limited], options());
		expect([polledAt[3] - polledAt[2], polledAt[8] - polledAt[7]]).toEqual([1.5, 1.5]);
	});

	test('over and over makes no task wait for the others to end', async () => {
		// Ten looks in each full minute, where forty tasks want two hundred.
		const looks: number[] = [];
		const lookedAt = new Map<number, number[]>();
		const limited = (_: unknown, number: number) =>
			taskOf(0, {
				async poll() {
					const now = secondsNow();
					const minute = Math.floor(now / 60);
					if (looks.filter((at) => Math.floor(at / 60) === minute).length >= 10) {
						throw new RequestError('throttled', 'slow down', '', {}, ((minute + 1) * 60 - now) * 1000);
					}
					looks.push(now);
					lookedAt.set(number, [...(lookedAt.get(number) ?? []), now]);
					return await Promise.resolve(now < 600 ? PENDING : DONE);
				},
			});
		await runJobs(Array.from({ length: 40 }, limited), options({ maxTasksInFlight: 40 }));
		const gaps = [...lookedAt.values()].flatMap((times) => times.map((at, index) => at - (times[index - 1] ?? 0)));
		expect(Math.max(...gaps)).toBeLessThan(310);
		expect(secondsNow()).toBeLessThan(860);
	});
});

test('tasks whose looks are always refused do not hold back the others', async () => {
	const refused = () =>
		taskOf(0, { poll: async () => await Promise.reject(new RequestError('throttled', 'slow down', '')) });
	const healthy = Array.from({ length: 10 }, () => taskOf(60));
	await runJobs([...Array.from({ length: 12 }, refused), ...healthy], options({ maxTasksInFlight: Infinity }));
	expect(Math.max(...healthy.map(({ polledAt }) => polledAt.at(-1) ?? Infinity))).toBeLessThan(180);
});

describe('a 429 to a create', () => {
	/** An account on which `most` tasks may run at once, each for `seconds`. */
	function limitedAccount(most: number, seconds: number) {
		const account = { running: 0, creates: 0, deliveredLate: [] as number[] };
		const order = () => {
			let endsAt = 0;
			return taskOf(0, {
				async start() {
					account.creates += 1;
					if (account.running >= most) throw new RequestError('throttled', 'too many tasks', '');
					account.running += 1;
					endsAt = secondsNow() + seconds;
					return await Promise.resolve({ ref: REF, isNew: true, wait: true, details: {} });
				},
				async poll() {
					if (secondsNow() < endsAt) return await Promise.resolve(PENDING);
					account.running -= 1;
					account.deliveredLate.push(secondsNow() - endsAt);
					return await Promise.resolve(DONE);
				},
			});
		};
		return { account, order };
	}

	test('while other tasks run means waiting for one of them to end', async () => {
		const { account, order } = limitedAccount(2, 300);
		const outcomes = await runJobs(Array.from({ length: 6 }, order), options());
		expect(outcomes.map((outcome) => outcome?.ok)).toEqual([true, true, true, true, true, true]);
		// Six tries at first, then one or two each time that there may be room.
		expect(account.creates).toBeLessThan(40);
	});

	test('does not keep others from being looked at, however many are refused', async () => {
		const { account, order } = limitedAccount(2, 300);
		const outcomes = await runJobs(Array.from({ length: 20 }, order), options({ maxTasksInFlight: 20 }));
		expect(outcomes.filter((outcome) => outcome?.ok)).toHaveLength(20);
		expect(Math.max(...account.deliveredLate)).toBeLessThan(70);
	});

	test('does not count as a create that was not received', async () => {
		const { order } = limitedAccount(1, 300);
		const blocked = order();
		const { start } = blocked;
		let tries = 0;
		blocked.start = async () => {
			tries += 1;
			if (tries === 7) throw new RequestError('notSent', 'no such host', '');
			return await start();
		};
		const outcomes = await runJobs([order(), blocked], options());
		expect(outcomes).toMatchObject([{ ok: true }, { ok: true }]);
		expect(tries).toBeGreaterThan(7);
	});

	test('with nothing running is the end after six tries', async () => {
		let tries = 0;
		const refused = taskOf(0, {
			async start() {
				tries += 1;
				return await Promise.reject(new RequestError('throttled', 'too many requests', ''));
			},
		});
		const [outcome] = await runJobs([refused], options());
		expect(outcome).toMatchObject({ ok: false, error: { kind: 'throttled' } });
		expect(tries).toBe(6);
	});
});
