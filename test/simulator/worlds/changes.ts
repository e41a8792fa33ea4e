/** The changes that worlds are made of. Owns paths into JSON bodies; knows no fact about CometAPI. */
import type { NativeBody } from '../native/nativeReply';
import { jsonReply, type Reply } from '../reply';
import type { Change, Scene } from './doubtfulWorld';

/** Keys and list positions, e.g. `data.videos.0.url`. */
export type Place = string;

/** Another body in the same reply; what it returns may be any JSON value. */
export function inBody(change: (body: NativeBody, scene: Scene) => unknown): Change {
	return (reply, scene) => {
		if (reply.body.kind !== 'json') return reply;
		return { ...reply, body: { kind: 'json', value: change(reply.body.value as NativeBody, scene) } };
	};
}

/** In the place of a reply: text as it is, anything else as JSON, nothing as an empty body. */
export function plainReply(status: number, body?: unknown, headers: Record<string, string> = {}): Reply {
	const isText = typeof body === 'string';
	if (body !== undefined && !isText) return { ...jsonReply(status, body), status };
	const type: Record<string, string> = isText ? { 'content-type': contentTypeOf(body) } : {};
	return { status, headers: { ...type, ...headers }, body: { kind: 'bytes', bytes: Buffer.from(isText ? body : '') } };
}

function contentTypeOf(text: string): string {
	return text.startsWith('<') ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
}

/** The object that has the status word: Kling keeps it in `data`. */
export function changeTask(change: (task: NativeBody, scene: Scene) => NativeBody): Change {
	return inBody((body, scene) => {
		const { data } = body;
		return isRecord(data) && 'task_status' in data ? { ...body, data: change(data, scene) } : change(body, scene);
	});
}

export function changeWord(word: (usual: string) => string): Change {
	return changeTask((task) => {
		const name = 'task_status' in task ? 'task_status' : 'status';
		// xAI says nothing before its first update.
		return name in task ? { ...task, [name]: word(String(task[name])) } : task;
	});
}

/** The link out of its usual place, and with `put` into another. */
export function moveLink(place: Place, wrap: (link: string) => unknown = (link) => link): Change {
	return changeTask((task, { links }) => put(without(task, links) as NativeBody, place, wrap(links[0])));
}

export const dropLinks: Change = changeTask((task, { links }) => without(task, links) as NativeBody);

/** A copy with the value at the place; what is in the way there is replaced. */
export function put(body: NativeBody, place: Place, value: unknown): NativeBody {
	return putAt(body, place.split('.'), value) as NativeBody;
}

function putAt(inner: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
	if (key === undefined) return value;
	if (/^\d+$/.test(key)) {
		const list = Array.isArray(inner) ? [...(inner as unknown[])] : [];
		list[Number(key)] = putAt(list[Number(key)], rest, value);
		return list;
	}
	const record = isRecord(inner) ? inner : {};
	return { ...record, [key]: putAt(record[key], rest, value) };
}

/** A copy without the members that have one of the values, however deep. MiniMax's id of the file stands for its link. */
export function without(inner: unknown, values: readonly unknown[]): unknown {
	if (Array.isArray(inner)) {
		return inner.filter((each) => !values.includes(each)).map((each) => without(each, values));
	}
	if (!isRecord(inner)) return inner;
	const kept = Object.entries(inner).filter(([name, each]) => name !== 'file_id' && !values.includes(each));
	return Object.fromEntries(kept.map(([name, each]) => [name, without(each, values)]));
}

export function isRecord(value: unknown): value is NativeBody {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
