/**
 * Looks at several tasks in one request, where CometAPI has a route for that. Looks that are asked for in the same turn of the event
 * loop go out together. The route is a convenience: whatever it leaves out or refuses is asked for one by one.
 */
import { RequestError } from '../task/errors';
import type { StatusRequest, TaskApi, TaskRef, VideoTask } from '../task/types';

interface Waiting {
	ref: TaskRef;
	resolve(task: VideoTask | Promise<VideoTask>): void;
	reject(error: unknown): void;
}

export class SharedLooks {
	private readonly waiting = new Map<TaskApi, Waiting[]>();

	/** Envelopes whose list route has failed; for the rest of the run nobody asks it again. */
	private readonly refused = new Set<TaskApi>();

	constructor(
		private readonly ask: (api: TaskApi, request: StatusRequest) => Promise<unknown>,
		private readonly lookAtOne: (api: TaskApi, ref: TaskRef) => Promise<VideoTask>,
	) {}

	/** @throws RequestError, UnexpectedResponseError */
	async look(api: TaskApi, ref: TaskRef): Promise<VideoTask> {
		if (!api.many || this.refused.has(api)) return await this.lookAtOne(api, ref);
		return await new Promise((resolve, reject) => {
			const waiting = this.waiting.get(api) ?? [];
			this.waiting.set(api, [...waiting, { ref, resolve, reject }]);
			if (waiting.length === 0) void Promise.resolve().then(async () => await this.sendOut(api));
		});
	}

	private async sendOut(api: TaskApi): Promise<void> {
		const looks = this.waiting.get(api) ?? [];
		this.waiting.delete(api);
		const tasks = looks.length > 1 ? await this.readMany(api, looks) : new Map<string, unknown>();
		for (const { ref, resolve, reject } of looks) {
			if (tasks instanceof Error) reject(tasks);
			else resolve(tasks.has(ref.taskId) ? parse(api, tasks.get(ref.taskId), ref) : this.lookAtOne(api, ref));
		}
	}

	/** An error only if it says that no further request should follow just now. */
	private async readMany(api: TaskApi, looks: readonly Waiting[]): Promise<ReadonlyMap<string, unknown> | Error> {
		try {
			const request = api.many?.request(looks.map(({ ref }) => ref.taskId));
			return request && api.many ? api.many.split(await this.ask(api, request)) : new Map();
		} catch (error) {
			if (error instanceof RequestError && error.kind === 'throttled') return error;
			this.refused.add(api);
			return new Map();
		}
	}
}

async function parse(api: TaskApi, body: unknown, ref: TaskRef): Promise<VideoTask> {
	return await Promise.resolve().then(() => api.parseTask(body, ref));
}
