/** The `/v1/videos` family: create, remix, retrieve, download. */
import { randomBytes } from 'node:crypto';
import { readChargedPrice } from './catalog';
import type { Fault } from './faults';
import { readQuotaLeft, toQuota } from './quota';
import { createRandomText } from './requestId';
import { decodeId } from './taskId';
import { refusals } from './refusal';
import { bytesReply, jsonReply, type Reply } from './reply';
import type { Exchange, Route } from './route';
import { sampleJpeg, sampleVideo, sampleWebp } from './sampleMedia';
import type { Service } from './service';
import { SimulatedTask, type TaskDetails, type TaskTraits } from './simulatedTask';
import { buildCreatedVideo, buildRetrievedVideo } from './videoObject';
import { parseVideoOrder } from './videoOrder';

/** Ids may have any form, then they arrive escaped. */
const TASK_PATH = '([^/]+)';
const ID_CHARACTERS = 32;

export function createVideoRoutes(service: Service): Route[] {
	return [
		{
			target: 'create',
			method: 'POST',
			path: /^\/v1\/videos$/,
			access: 'apiKey',
			handle: (exchange) => createVideo(service, exchange),
		},
		{
			target: 'status',
			method: 'GET',
			path: new RegExp(`^/v1/videos/${TASK_PATH}$`),
			access: 'apiKey',
			handle: (exchange) => retrieveVideo(service, exchange),
		},
		{
			target: 'content',
			method: 'GET',
			path: new RegExp(`^/v1/videos/${TASK_PATH}/content$`),
			access: 'apiKey',
			handle: (exchange) => downloadVideo(service, exchange),
		},
		{
			target: 'remix',
			method: 'POST',
			path: new RegExp(`^/v1/videos/${TASK_PATH}/remix$`),
			access: 'apiKey',
			handle: (exchange) => remixVideo(service, exchange),
		},
	];
}

function createVideo(service: Service, exchange: Exchange): Reply {
	const { model, rules, prompt, seconds, durationSeconds, size } = parseVideoOrder(exchange.request);
	const quota = toQuota(readChargedPrice(model) * durationSeconds);
	return openTask(service, exchange, { model, family: rules.family, prompt, seconds, size, quota });
}

function retrieveVideo(service: Service, { apiKey, parameters }: Exchange): Reply {
	const task = findTask(service, apiKey, parameters[0]);
	if (!task) throw refusals.taskNotExist();
	return jsonReply(200, buildRetrievedVideo(task, task.stateAt(service.now()), service.profile));
}

/** Page `retrieve-content` of Sora, HappyHorse, Wan, Vidu and Omni; error bodies as live replies showed them. */
function downloadVideo(service: Service, { apiKey, parameters, request }: Exchange): Reply {
	const task = findTask(service, apiKey, parameters[0]);
	if (!task) throw refusals.contentTaskNotFound();
	const { rowStatus } = task.stateAt(service.now());
	if (rowStatus !== 'SUCCESS') {
		const provided = rowStatus === 'FAILURE' ? task.details.traits.upstreamStatus : undefined;
		throw refusals.contentNotReady(provided ?? rowStatus);
	}
	if (task.details.traits.resultField === 'nowhere') throw refusals.contentTaskNotFound();
	const reply = readVariant(task, request.query.get('variant'));
	return { ...reply, headers: { ...reply.headers, 'cache-control': 'public, max-age=86400' } };
}

/** Only the Sora page has `variant`; it lists no values, so these are those of the API that Sora came from. */
function readVariant({ details }: SimulatedTask, variant: string | null): Reply {
	if (variant !== null && details.family !== 'sora') throw refusals.invalidRequest('variant is not supported');
	switch (variant) {
		case null:
		case 'video':
			return bytesReply('video/mp4', sampleVideo);
		case 'thumbnail':
			return bytesReply('image/webp', sampleWebp);
		case 'spritesheet':
			return bytesReply('image/jpeg', sampleJpeg);
		default:
			throw refusals.invalidRequest(`invalid variant ${variant}`);
	}
}

/** https://cometapi.mintlify.app/api/video/sora-2/official/remix-video */
function remixVideo(service: Service, exchange: Exchange): Reply {
	const source = findTask(service, exchange.apiKey, exchange.parameters[0]);
	if (!source) throw refusals.taskNotExist();
	if (source.details.family !== 'sora') throw refusals.invalidRequest('only Sora videos can be remixed');
	if (source.stateAt(service.now()).rowStatus !== 'SUCCESS') {
		throw refusals.invalidRequest('the source video is not completed');
	}
	const { model, family, seconds, size, quota } = source.details;
	const prompt = readRemixPrompt(exchange.request.json);
	return openTask(service, exchange, { model, family, prompt, seconds, size, quota, remixedFromId: source.id });
}

function readRemixPrompt(body: unknown): string {
	if (typeof body !== 'object' || body === null) throw refusals.invalidRequest('the body must be application/json');
	const { prompt, ...unknownFields }: { prompt?: unknown } = body;
	if (typeof prompt !== 'string' || !prompt.trim()) throw refusals.invalidRequest('prompt is required');
	const [unknownField] = Object.keys(unknownFields);
	if (unknownField !== undefined) throw refusals.invalidRequest(`unknown field ${unknownField}`);
	return prompt;
}

function openTask(
	service: Service,
	{ apiKey, request, fault }: Exchange,
	details: Pick<TaskDetails, 'model' | 'family' | 'prompt' | 'seconds' | 'size' | 'quota' | 'remixedFromId'>,
): Reply {
	if (details.quota > readQuotaLeft(service, apiKey)) throw refusals.noCredit();
	const prefix = details.family.startsWith('sora') && service.profile === 'comet' ? 'video_' : 'task_';
	const world = service.worlds.worldOf(request);
	const usualId = `${prefix}${createRandomText(ID_CHARACTERS)}`;
	const id = world?.id?.(usualId) ?? usualId;
	const task = new SimulatedTask(
		{
			...details,
			id,
			ownerKey: apiKey,
			createdAtMs: service.now(),
			resultUrl: `${service.resultOrigin}/results/${encodeURIComponent(id)}.mp4?signature=${randomBytes(16).toString('hex')}`,
			request,
			traits: { ...readTraits(fault), ...world?.traits },
			world,
		},
		{ speed: service.speed, taskSeconds: world?.lifeSeconds ?? service.taskSeconds },
	);
	service.tasks.set(id, task);
	service.worlds.remember(request, task);
	return jsonReply(200, buildCreatedVideo(task, service.profile));
}

export function readTraits(fault: Fault | undefined): TaskTraits {
	switch (fault?.kind) {
		case 'taskFails': {
			const { reason, reasonCode, upstreamStatus, failedWord, moderated } = fault;
			return { ending: 'failure', reason, reasonCode, upstreamStatus, failedWord, moderated };
		}
		case 'neverEnds':
			return { ending: 'never' };
		case 'noVideoUrl':
			return { ending: 'success', resultField: 'none' };
		case 'noFile':
			return { ending: 'success', resultField: 'nowhere' };
		case 'metadataUrl':
			return { ending: 'success', resultField: 'metadata' };
		default:
			return { ending: 'success' };
	}
}

/** A task of another key, or of a native route, does not exist for the caller. */
function findTask(service: Service, apiKey: string, escapedId: string): SimulatedTask | undefined {
	const task = service.tasks.get(decodeId(escapedId));
	return task?.details.ownerKey === apiKey && !task.details.native ? task : undefined;
}
