/** Answers a request as the world of its task wants it. Finds the task; what is changed stands in the worlds. */
import type { RecordedRequest } from '../recordedRequest';
import type { Reply } from '../reply';
import type { Exchange, Route } from '../route';
import type { Service } from '../service';
import type { RowStatus, SimulatedTask } from '../simulatedTask';
import { decodeId } from '../taskId';
import type { Change, DoubtfulWorld, Scene } from './doubtfulWorld';

const CHANGE_OF_LOOK: Readonly<Record<RowStatus, 'running' | 'succeeded' | 'failed'>> = {
	NOT_START: 'running',
	QUEUED: 'running',
	IN_PROGRESS: 'running',
	SUCCESS: 'succeeded',
	FAILURE: 'failed',
};

/** @throws Refusal */
export function answerInWorld(service: Service, route: Route, exchange: Exchange): Reply {
	const { target } = route;
	const { request, apiKey } = exchange;
	if (target === 'create') {
		const refusal = service.worlds.worldOf(request)?.refuses?.(request, apiKey);
		return refusal ?? changeReply(service, exchange, target, route.handle(exchange));
	}
	const known = findTask(service, request);
	const world = known?.details.world;
	if (!known || !world) return route.handle(exchange);
	if (target === 'result' || target === 'content') {
		const instead = target === 'result' || isHomeFile(request) ? world.file : world.content;
		return instead?.(openScene(service, exchange, known, target)) ?? route.handle(exchange);
	}
	return changeReply(service, exchange, target, route.handle(exchange));
}

function changeReply(service: Service, exchange: Exchange, target: Route['target'], reply: Reply): Reply {
	const task = findTask(service, exchange.request);
	const world = task?.details.world;
	if (!task || !world) return reply;
	const scene = openScene(service, exchange, task, target);
	return findChange(world, target, scene)?.(reply, scene) ?? reply;
}

function findChange(world: DoubtfulWorld, target: Route['target'], { state }: Scene): Change | undefined {
	if (target === 'create') return world.created;
	return target === 'status' ? world[CHANGE_OF_LOOK[state.rowStatus]] : undefined;
}

function openScene(service: Service, { apiKey }: Exchange, task: SimulatedTask, kind: string): Scene {
	const nowMs = service.now();
	const { native, resultUrl } = task.details;
	return {
		task,
		state: task.stateAt(nowMs),
		count: service.worlds.count(task, kind),
		secondsSinceEnd: task.secondsSinceEnd(nowMs),
		links: [...new Set([resultUrl, ...Object.values(native?.fileUrls ?? {})])],
		homeUrl: `${service.apiOrigin}/v1/results/${encodeURIComponent(task.id)}.mp4`,
		apiKey,
	};
}

function isHomeFile({ path }: RecordedRequest): boolean {
	return path.startsWith('/v1/results/');
}

/** The task that a create made, or that another request is about: by the id in its path, query or body. */
function findTask({ tasks, worlds }: Service, request: RecordedRequest): SimulatedTask | undefined {
	const made = worlds.taskOf(request);
	if (made) return made;
	const inPath = request.path.split('/').map((part) => decodeId(part));
	const { task_id: inBody } = (request.json ?? {}) as { task_id?: unknown };
	const ids = [...inPath, ...inPath.map(withoutEnding), request.query.get('task_id') ?? '', inBody];
	return ids.flatMap((id) => (typeof id === 'string' ? (tasks.get(id) ?? []) : []))[0];
}

/** The name of a result file is the task's id. */
function withoutEnding(fileName: string): string {
	return fileName.replace(/\.(?:mp4|mp3|wav|png|jpg)$/, '');
}
