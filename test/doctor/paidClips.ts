/** Makes the cheapest clip of each chosen provider, one after the other, as long as the sum stays under the cap. */
import type { Ask } from '../../nodes/CometApiVideo/operations/account/checkRoutes';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import type { CatalogueModel } from '../../nodes/CometApiVideo/service/catalogue';
import { JSON_HEADERS } from '../../nodes/CometApiVideo/service/http';
import { encodeBody } from '../../nodes/CometApiVideo/service/requestBody';
import { refusal } from '../../nodes/CometApiVideo/service/refusals';
import { parseJson } from '../../nodes/CometApiVideo/task/json';
import { clock } from '../../nodes/CometApiVideo/task/clock';
import { RequestError, toCometApiVideoError } from '../../nodes/CometApiVideo/task/errors';
import { getAtPath } from '../../nodes/CometApiVideo/task/jsonPath';
import type { TaskRef, VideoTask } from '../../nodes/CometApiVideo/task/types';
import type { Clip } from './cheapestClip';
import { cheapestClip } from './cheapestClip';
import type { LiveFixtures } from './liveFixtures';

export interface PaidClip {
	provider: string;
	model: string;
	/** 0: nothing was created. */
	estimatedUsd: number;
	outcome: string;
}

const CREATE_TIMEOUT_MS = 300_000;
const LOOK_TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 10_000;
const MAX_WAIT_MS = 30 * 60_000;
/** The gateway's documented default. */
const UNITS_PER_USD = 500_000;
const STAND_IN = 'task_redacted';

export interface PaidSettings {
	/** Ids; empty: all. */
	providers: readonly string[];
	maxUsd: number;
	fixtures: LiveFixtures;
	onDone?(clip: PaidClip): void;
}

/** Nothing more is created after a create of which nobody knows what has become. */
export async function makePaidClips(
	ask: Ask,
	catalogue: readonly CatalogueModel[],
	{ providers, maxUsd, fixtures, onDone }: PaidSettings,
): Promise<PaidClip[]> {
	const done: PaidClip[] = [];
	const chosen = VIDEO_PROVIDERS.filter(({ id }) => providers.length === 0 || providers.includes(id));
	const usedBefore = await readUsedUsd(ask);
	let estimated = 0;
	for (const provider of chosen) {
		const clip = cheapestClip(provider, catalogue);
		// Whichever is more: the bill may be higher than the published prices, and may come later.
		const spent = Math.max(estimated, (await readUsedUsd(ask)) - usedBefore);
		const skipped = (outcome: string) => ({
			...{ provider: provider.displayName, model: clip?.input.model ?? '', estimatedUsd: 0, outcome },
		});
		let result: PaidClip;
		let isUnknown = false;
		if (!clip) result = skipped('left out: no published price for a video from words');
		else if (spent + clip.estimatedUsd > maxUsd)
			result = skipped(`left out: ${clip.estimatedUsd} USD more would go over ${maxUsd} USD`);
		else {
			// Counted before it is sent: what is refused may be counted, what is paid must be.
			estimated += clip.estimatedUsd;
			const outcome = await makeClip(ask, clip, fixtures).catch((error: Error) => error);
			isUnknown = outcome instanceof RequestError && outcome.kind === 'transient';
			const text = outcome instanceof Error ? toCometApiVideoError(outcome).message : outcome;
			result = { ...skipped(text), estimatedUsd: clip.estimatedUsd };
		}
		done.push(result);
		onDone?.(result);
		if (isUnknown) break;
	}
	return done;
}

/** What the key has used; 0 where that cannot be read. */
async function readUsedUsd(ask: Ask): Promise<number> {
	const reply = await ask({ method: 'GET', path: '/api/usage/token', timeoutMs: LOOK_TIMEOUT_MS }).catch(
		() => undefined,
	);
	const used = Number(getAtPath(parseJson(reply?.body ?? ''), 'data.total_used'));
	return Number.isFinite(used) ? used / UNITS_PER_USD : 0;
}

async function makeClip(ask: Ask, { provider, mode, input }: Clip, fixtures: LiveFixtures): Promise<string> {
	const taskApi = mode.taskApi ?? provider.taskApi;
	const create = mode.buildRequest(input, mode);
	const { body, headers } = await encodeBody(create);
	const allHeaders = { ...taskApi.headers, ...headers };
	const { path } = create;
	const created = await readJson(
		ask({ method: 'POST', path, body, headers: allHeaders, timeoutMs: CREATE_TIMEOUT_MS }),
		'create',
	);
	const { taskId, route } = taskApi.parseCreated(created, create, provider.id);
	const ids = new Map([[taskId, STAND_IN]]);
	const redactedCreated = fixtures.redacted(created, ids);
	const { raw: _raw, finished: _finished, ...expected } = taskApi.parseCreated(redactedCreated, create, provider.id);
	const { id } = provider;
	fixtures.writeReading('created', { provider: id, word: '', path, body: redactedCreated, expect: expected });

	const ref: TaskRef = { provider: id, taskId, route };
	const seen = new Set<string>();
	for (const startedAt = clock.now(); clock.now() - startedAt < MAX_WAIT_MS;) {
		await clock.sleep(LOOK_EVERY_MS, undefined);
		const request = taskApi.statusRequest(ref);
		const json = await readJson(
			ask({
				...{ method: request.method, path: request.path, timeoutMs: LOOK_TIMEOUT_MS },
				body: request.body && JSON.stringify(request.body),
				headers: { ...taskApi.headers, ...(request.body && JSON_HEADERS) },
			}),
			'look',
		).catch((error: Error) => error);
		// A look that fails says nothing about the task.
		if (json instanceof Error) continue;
		const word = wordOf(() => taskApi.parseTask(json, ref));
		if (word !== undefined && !seen.has(word.rawStatus)) {
			seen.add(word.rawStatus);
			const redacted = fixtures.redacted(json, ids);
			const own = { ...ref, taskId: STAND_IN };
			const reading = taskApi.parseTask(redacted, own);
			fixtures.writeReading('status', {
				...{ provider: id, word: word.rawStatus, ref: own, body: redacted, expect: readingOf(reading) },
			});
		}
		if (word && word.status !== 'pending') return `${word.status} (${[...seen].join(', ')}): task ${taskId}`;
	}
	return `not finished after half an hour: task ${taskId}`;
}

function wordOf(read: () => VideoTask): VideoTask | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}

function readingOf({ ref: _ref, raw: _raw, ...reading }: VideoTask) {
	return reading;
}

async function readJson(asked: ReturnType<Ask>, purpose: 'create' | 'look'): Promise<unknown> {
	const reply = await asked;
	const json = parseJson(reply.body);
	if (reply.statusCode < 200 || reply.statusCode > 299) throw refusal(reply, json, undefined, purpose);
	if (json === undefined) throw new RequestError('transient', 'The answer of CometAPI was no JSON', '');
	return json;
}
