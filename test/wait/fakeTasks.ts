/** Tasks for the loop without HTTP, on a virtual clock of their own for each test. */
import type { Job, WaitedTask, WaitOptions } from '../../nodes/CometApiVideo/wait/job';
import type { VideoTask } from '../../nodes/CometApiVideo/task/types';
import { VirtualClock } from '../support/virtualClock';

export let clock: VirtualClock;
let startedAt: number;

beforeEach(() => {
	clock = new VirtualClock();
	startedAt = clock.now();
});

/** Since the beginning of the test. */
export const secondsNow = (): number => (clock.now() - startedAt) / 1000;

export function options(overrides: Partial<WaitOptions> = {}): WaitOptions {
	return { pollIntervalMs: 10_000, timeoutMs: 1_200_000, maxTasksInFlight: 5, stopOnError: false, clock, ...overrides };
}

export const REF = { provider: 'seedance', taskId: 'task_1', route: '/v1/videos' };
export const PENDING: VideoTask = { ref: REF, raw: {}, status: 'pending', rawStatus: 'in_progress' };
export const DONE: VideoTask = {
	ref: REF,
	raw: {},
	status: 'succeeded',
	rawStatus: 'completed',
	assets: [{ kind: 'video', sources: [{ at: 'url', url: 'https://example.com/a.mp4' }] }],
};

export interface FakeTask extends Job<WaitedTask> {
	polledAt: number[];
	startedAt: number[];
}

/** A task that ends `seconds` after its creation; `isNew: false` is a task that exists already. */
export function taskOf(
	seconds: number,
	overrides: Partial<Omit<Job<WaitedTask>, 'itemIndex'>> & { isNew?: boolean } = {},
): FakeTask {
	const { isNew = true, ...steps } = overrides;
	const fake: FakeTask = {
		itemIndex: 0,
		polledAt: [],
		startedAt: [],
		async start() {
			fake.startedAt.push(secondsNow());
			return await Promise.resolve({ ref: REF, isNew, wait: true, details: {} });
		},
		async poll() {
			fake.polledAt.push(secondsNow());
			return await Promise.resolve(secondsNow() - fake.startedAt[0] >= seconds ? DONE : PENDING);
		},
		finish: async (waited) => await Promise.resolve(waited),
		...steps,
	};
	return fake;
}
