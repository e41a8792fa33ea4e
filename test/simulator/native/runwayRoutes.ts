/**
 * Runway, official format. https://apidoc.cometapi.com/api/video/runway and, below …/runway/official-format/,
 * runway-images-raw-video, generate-a-video-from-a-video, upscale-a-video, control-a-character, generate-an-image-from-text
 * and runway-to-get-task-details. Models and ranges that only Runway names: https://docs.dev.runwayml.com/api/
 */
import type { RecordedRequest } from '../recordedRequest';
import { refusals } from '../refusal';
import type { Reply } from '../reply';
import type { Exchange, Route } from '../route';
import type { Service } from '../service';
import { decodeId } from '../taskId';
import type { SimulatedTask, TaskState } from '../simulatedTask';
import { BodyReader } from './bodyReader';
import { readSecureAddress } from './mediaInput';
import {
	answerCall,
	answerStatus,
	nativeRoute,
	readLook,
	type NativeBody,
	type StatusLook,
	type WrapperInput,
} from './nativeReply';
import { findNativeTask, openNativeTask, readNative, type NativeOrder } from './nativeTask';

/** Pages of March and May 2026. */
export const RUNWAY_RATIOS = [
	'1280:720',
	'720:1280',
	'1104:832',
	'832:1104',
	'960:960',
	'1584:672',
	'1280:768',
	'768:1280',
];
const PERFORMANCE_RATIOS = RUNWAY_RATIOS.slice(0, 6);
/** The page names the first; the others are Runway's own. */
const PICTURE_RATIOS = [
	...['1280:720', '720:1280', '1920:1080', '1080:1920', '1024:1024', '1080:1080', '1360:768', '1168:880'],
	...['1440:1080', '1080:1440', '1808:768', '2112:912'],
];
const VIDEO_RATIOS = ['1280:720', '720:1280'];
const LARGEST_DOCUMENTED_SEED = 999_999_999;
const LARGEST_SEED = 4_294_967_295;
const ASSUMED_SOURCE_SECONDS = 5;

type ParseOrder = (body: BodyReader, service: Service) => Omit<NativeOrder, 'kind'>;

const CREATES: Readonly<Record<string, ParseOrder>> = {
	image_to_video: parseImageToVideo,
	video_to_video: parseVideoToVideo,
	video_upscale: parseUpscale,
	character_performance: parsePerformance,
	text_to_image: parseTextToImage,
};

export function createRunwayRoutes(service: Service): Route[] {
	const creates = Object.entries(CREATES).map(([kind, parse]) =>
		nativeRoute({
			target: 'create',
			method: 'POST',
			path: new RegExp(`^/runwayml/v1/${kind}$`),
			handle: (exchange) => create(service, exchange, kind, parse),
		}),
	);
	return [
		...creates,
		nativeRoute({
			target: 'status',
			method: 'GET',
			path: /^\/runwayml\/v1\/tasks\/([^/]+)$/,
			handle: (exchange) => query(service, exchange),
		}),
	];
}

/** Just after its creation a task is not known yet: both formats of Runway say so. */
export function assertRunwayKnown(service: Service, task: SimulatedTask | undefined): asserts task is SimulatedTask {
	if (!task || task.ageAt(service.now()) < service.runwayUnknownSeconds) throw refusals.taskNotExist();
}

function create(service: Service, exchange: Exchange, kind: string, parse: ParseOrder): Reply {
	assertVersion(exchange.request);
	const body = BodyReader.open(exchange.request, refusals.invalidRequest);
	const order = { ...parse(body, service), kind };
	body.end();
	return answerCall(exchange, () => ({ id: openNativeTask(service, exchange, 'runway', order).id }));
}

/** The pages name 2024-11-06 as an example. */
function assertVersion({ headers }: RecordedRequest): void {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(String(headers['x-runway-version'] ?? ''))) {
		throw refusals.invalidRequest('X-Runway-Version header is required');
	}
}

function readModel(body: BodyReader, known: readonly string[]): string {
	const model = body.text('model');
	if (!model) throw refusals.missingModel();
	if (!known.includes(model)) throw refusals.unknownModel(model);
	return model;
}

function parseImageToVideo(body: BodyReader, { resultOrigin }: Service): Omit<NativeOrder, 'kind'> {
	const model = readModel(body, ['gen3a_turbo', 'gen4_turbo', 'gen4.5']);
	readPromptImage(body, resultOrigin);
	const prompt = body.text('promptText', 512) ?? '';
	body.integer('seed', { minimum: 0, maximum: LARGEST_DOCUMENTED_SEED });
	body.flag('watermark');
	const durationSeconds = body.integer('duration', { minimum: 5, maximum: 10 }) ?? 5;
	if (durationSeconds !== 5 && durationSeconds !== 10) throw body.refuse('duration must be 5 or 10');
	body.choice('ratio', RUNWAY_RATIOS);
	return { model, prompt, durationSeconds };
}

/** An address; Runway itself also takes a first and a last frame in a list. */
function readPromptImage(body: BodyReader, resultOrigin: string): void {
	if (!body.isList('promptImage')) {
		readSecureAddress(body, 'promptImage', { resultOrigin });
		return;
	}
	const positions = body.list('promptImage', { minimum: 1, maximum: 2 }).map((image) => {
		readSecureAddress(image, 'uri', { resultOrigin });
		const position = image.requiredChoice('position', ['first', 'last']);
		image.end();
		return position;
	});
	if (new Set(positions).size !== positions.length) throw body.refuse('promptImage: each position only once');
}

function parseVideoToVideo(body: BodyReader, { resultOrigin }: Service): Omit<NativeOrder, 'kind'> {
	const model = readModel(body, ['gen4_aleph', 'aleph2']);
	readSecureAddress(body, 'videoUri', { resultOrigin, data: true });
	const prompt = body.requiredText('promptText', 1000);
	body.integer('seed', { minimum: 0, maximum: LARGEST_SEED });
	for (const reference of body.list('references', { minimum: 0, maximum: 1 })) {
		reference.requiredChoice('type', ['image']);
		readSecureAddress(reference, 'uri', { resultOrigin });
		reference.end();
	}
	body.choice('ratio', VIDEO_RATIOS);
	return { model, prompt, durationSeconds: ASSUMED_SOURCE_SECONDS };
}

function parseUpscale(body: BodyReader, { resultOrigin }: Service): Omit<NativeOrder, 'kind'> {
	const model = readModel(body, ['upscale_v1', 'magnific_video_upscaler_creative']);
	readSecureAddress(body, 'videoUri', { resultOrigin });
	return { model, prompt: '', durationSeconds: ASSUMED_SOURCE_SECONDS };
}

function parsePerformance(body: BodyReader, { resultOrigin }: Service): Omit<NativeOrder, 'kind'> {
	const model = readModel(body, ['act_two']);
	const character = body.requiredObject('character');
	character.requiredChoice('type', ['image', 'video']);
	readSecureAddress(character, 'uri', { resultOrigin });
	character.end();
	const reference = body.requiredObject('reference');
	reference.requiredChoice('type', ['video']);
	readSecureAddress(reference, 'uri', { resultOrigin });
	reference.end();
	body.choice('ratio', PERFORMANCE_RATIOS);
	body.flag('bodyControl');
	body.integer('expressionIntensity', { minimum: 1, maximum: 5 });
	body.integer('seed', { minimum: 0, maximum: LARGEST_SEED });
	const moderation = body.object('contentModeration');
	moderation?.requiredChoice('publicFigureThreshold', ['auto', 'low']);
	moderation?.end();
	return { model, prompt: '', durationSeconds: ASSUMED_SOURCE_SECONDS };
}

function parseTextToImage(body: BodyReader, { resultOrigin }: Service): Omit<NativeOrder, 'kind'> {
	const model = readModel(body, ['gen4_image']);
	const prompt = body.requiredText('promptText', 1000);
	body.requiredChoice('ratio', PICTURE_RATIOS);
	body.integer('seed', { minimum: 0, maximum: LARGEST_SEED });
	if (!body.has('referenceImages')) throw refusals.referenceImagesEmpty();
	for (const image of body.list('referenceImages', { minimum: 1, maximum: 3 })) {
		readSecureAddress(image, 'uri', { resultOrigin });
		image.text('tag');
		image.end();
	}
	body.end();
	return { model, prompt, durationSeconds: 1, formats: ['png'] };
}

function query(service: Service, exchange: Exchange): Reply {
	const task = findNativeTask(service, exchange, 'runway', decodeId(exchange.parameters[0]));
	assertRunwayKnown(service, task);
	const state = task.stateAt(service.now());
	const wrapper = buildRunwayWrapper(task, state, readLook(task, exchange.fault));
	return answerStatus(service, exchange, { task, state, body: wrapper.payload, wrapper, wasWrapped: true });
}

export function buildRunwayWrapper(task: SimulatedTask, state: TaskState, look: StatusLook): WrapperInput {
	const payload = buildRunwayTask(task, state, look);
	return {
		action: readNative(task).kind === 'image_to_video' ? 'IMAGE_TO_VIDEO' : 'VIDEO_GENERATION',
		payload,
		failReason: state.rowStatus === 'FAILURE' ? String(payload.failure) : '',
	};
}

function buildRunwayTask(task: SimulatedTask, state: TaskState, look: StatusLook): NativeBody {
	const { traits, createdAtMs, resultUrl } = task.details;
	const common = (word: string) => ({
		id: task.id,
		status: look.changeWord(word),
		createdAt: new Date(createdAtMs).toISOString(),
	});
	switch (state.rowStatus) {
		case 'NOT_START':
		case 'QUEUED':
			return common('PENDING');
		case 'IN_PROGRESS':
			return { ...common('RUNNING'), progress: state.progressPercent / 100 };
		case 'SUCCESS':
			return { ...common('SUCCEEDED'), output: look.hidesResult ? [] : [resultUrl] };
		case 'FAILURE':
			return {
				...common(traits.failedWord ?? 'FAILED'),
				failure: traits.reason ?? 'An unexpected error occurred.',
				failureCode: traits.reasonCode ?? 'INTERNAL.BAD_OUTPUT.CODE01',
			};
	}
}
