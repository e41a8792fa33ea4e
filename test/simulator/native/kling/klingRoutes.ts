/**
 * Kling's routes: creates, their queries, and the calls that answer at once. Documented queries:
 * https://apidoc.cometapi.com/api/video/kling/individual-queries; for video-extend, advanced-lip-sync and avatar no
 * page names one, so an option decides (`KlingQueryPaths`).
 */
import { refusals } from '../../refusal';
import type { Reply } from '../../reply';
import type { Exchange, Route } from '../../route';
import type { Service } from '../../service';
import { decodeId } from '../../taskId';
import { BodyReader } from '../bodyReader';
import { answerCall, answerStatus, nativeRoute, readLook, type BuildBusinessError } from '../nativeReply';
import { createDigits, openNativeTask, readNative } from '../nativeTask';
import {
	readAvatarOrder,
	readExtendOrder,
	readLipSyncOrder,
	readMultiElementsOrder,
	readTextToAudioOrder,
	readVideoToAudioOrder,
} from './klingChainOrders';
import { readPictureOrder, readRecognition, readTryOnOrder } from './klingImageOrders';
import { findKlingTask, type KlingContext, type ReadKlingOrder } from './klingOrder';
import { SELECTION_STEPS, type ReadKlingStep } from './klingSelections';
import { readFaces, readSpeech } from './klingSteps';
import { buildKlingCallback, buildKlingWrapper, KLING_STATUS_WORDS, wrapKling, wrapKlingCreate } from './klingTask';
import { readEffectOrder, readImageOrder, readMultiImageOrder, readOmniOrder, readTextOrder } from './klingVideoOrders';

interface KlingKind {
	/** Below /kling/v1/. */
	path: string;
	read: ReadKlingOrder;
	/** Where `twoSegments` asks for it, when that is elsewhere. */
	twoSegmentsPath?: string;
}

const KINDS: readonly KlingKind[] = [
	{ path: 'videos/text2video', read: readTextOrder },
	{ path: 'videos/image2video', read: readImageOrder },
	{ path: 'videos/multi-image2video', read: readMultiImageOrder },
	{ path: 'videos/video-extend', read: readExtendOrder, twoSegmentsPath: 'videos/text2video' },
	{ path: 'videos/avatar/image2video', read: readAvatarOrder, twoSegmentsPath: 'videos/image2video' },
	{ path: 'videos/advanced-lip-sync', read: readLipSyncOrder, twoSegmentsPath: 'videos/lip-sync' },
	{ path: 'videos/effects', read: readEffectOrder },
	{ path: 'videos/omni-video', read: readOmniOrder },
	{ path: 'videos/multi-elements', read: readMultiElementsOrder },
	{ path: 'audio/text-to-audio', read: readTextToAudioOrder },
	{ path: 'audio/video-to-audio', read: readVideoToAudioOrder },
	{ path: 'images/generations', read: readPictureOrder },
	{ path: 'images/kolors-virtual-try-on', read: readTryOnOrder },
];

const AVATAR_PATH = 'videos/avatar/image2video';

const businessError: BuildBusinessError = (
	{ code = 1301, message = 'The content may contain sensitive information' },
	{ requestId },
) => ({ code, message, request_id: requestId });

/** https://apidoc.cometapi.com/api/video/kling/tts: no `code` at the top. */
const speechError: BuildBusinessError = ({ code = 1201, message = 'Voice id not found' }, { requestId }) => ({
	message,
	data: { message, data: { code, message, request_id: requestId } },
});

export function createKlingRoutes(service: Service): Route[] {
	const creates = KINDS.map((kind) => createRoute('create', kind.path, (exchange) => create(service, exchange, kind)));
	const selections = Object.entries(SELECTION_STEPS).map(([name, read]) =>
		createRoute('sync', `videos/multi-elements/${name}`, (exchange) => answerStep(service, exchange, read)),
	);
	return [
		...creates,
		createRoute('sync', 'videos/identify-face', (exchange) => answerStep(service, exchange, readFaces)),
		createRoute('sync', 'videos/image-recognize', (exchange) => answerStep(service, exchange, readRecognition)),
		createRoute('sync', 'audio/tts', (exchange) => answerStep(service, exchange, readSpeech, speechError)),
		...selections,
		...createQueryRoutes(service),
	];
}

function createRoute(target: 'create' | 'sync', path: string, handle: Route['handle']): Route {
	return nativeRoute({ target, method: 'POST', path: new RegExp(`^/kling/v1/${path}$`), handle });
}

/** A path of three parts is unknown to the template of two, so there the website answers. */
function createQueryRoutes(service: Service): Route[] {
	const paths = new Set([...KINDS.map(({ path }) => path), 'videos/lip-sync']);
	if (service.klingQueryPaths === 'twoSegments') paths.delete(AVATAR_PATH);
	return [...paths].map((path) =>
		nativeRoute({
			target: 'status',
			method: 'GET',
			path: new RegExp(`^/kling/v1/${path}/([^/]+)$`),
			handle: (exchange) => query(service, exchange, path),
		}),
	);
}

function create(service: Service, exchange: Exchange, { path, read }: KlingKind): Reply {
	const body = BodyReader.open(exchange.request, refusals.klingParameter);
	const { callbackUrl, ...order } = read(body, { service, exchange });
	body.end();
	const accept = () => {
		const ids = { videoId: createDigits(19), audioId: createDigits(18) };
		const kind = path.replace(/^\w+\//, '');
		const task = openNativeTask(service, exchange, 'kling', { ...order, ...ids, kind });
		const look = readLook(task, undefined);
		if (callbackUrl !== undefined) {
			service.callbacks.watch({
				task,
				url: callbackUrl,
				readWord: ({ rowStatus }) => KLING_STATUS_WORDS[rowStatus],
				buildBody: (state) => buildKlingCallback(task, state, look),
			});
		}
		return wrapKlingCreate(task, exchange.requestId, readLook(task, exchange.fault));
	};
	return answerCall(exchange, accept, { businessError, hasStatusWord: true });
}

function answerStep(
	service: Service,
	exchange: Exchange,
	read: ReadKlingStep,
	refuse: BuildBusinessError = businessError,
): Reply {
	const body = BodyReader.open(exchange.request, refusals.klingParameter);
	const perform = read(body, { service, exchange });
	body.end();
	return answerCall(exchange, () => wrapKling(perform(), exchange.requestId), { businessError: refuse });
}

function query(service: Service, exchange: Exchange, path: string): Reply {
	const context: KlingContext = { service, exchange };
	const task = findKlingTask(context, decodeId(exchange.parameters[0]));
	if (!task || readQueryPath(service, readNative(task).kind) !== path) throw refusals.taskNotExist();
	const state = task.stateAt(service.now());
	const wrapper = buildKlingWrapper(task, state, readLook(task, exchange.fault));
	return answerStatus(service, exchange, {
		task,
		state,
		body: wrapKling(wrapper.payload, exchange.requestId),
		wrapper,
		businessError,
		wasWrapped: readNative(task).kind === 'omni-video',
	});
}

function readQueryPath(service: Service, kind: string): string | undefined {
	const found = KINDS.find(({ path }) => path.replace(/^\w+\//, '') === kind);
	return service.klingQueryPaths === 'twoSegments' ? (found?.twoSegmentsPath ?? found?.path) : found?.path;
}
