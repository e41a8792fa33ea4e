/** The second server: signed result files as a delivery network keeps them, and media for tests to send in. */
import type { FileFormat } from './native/nativeDetails';
import { Refusal, refusals } from './refusal';
import type { RecordedRequest } from './recordedRequest';
import { bytesReply, htmlReply, type Reply } from './reply';
import type { Exchange, Route } from './route';
import {
	createNamedPng,
	sampleJpeg,
	sampleMp3,
	samplePng,
	sampleVideo,
	sampleWav,
	sampleWebp,
	secondSamplePng,
} from './sampleMedia';
import type { Service } from './service';
import { decodeId } from './taskId';

export function createResultRoutes(service: Service): Route[] {
	return [
		{
			target: 'result',
			method: 'GET',
			path: /^\/results\/([^/]+)\.(mp4|mp3|wav|png|jpg)$/,
			access: 'public',
			handle: (exchange) => readResult(service, exchange),
		},
		{ target: 'media', method: 'GET', path: /^\/media\/([a-z0-9.]+)$/, access: 'public', handle: readMedia },
	];
}

/** The file of a finished task on the API's own host, which no page documents; only worlds put links to it out. */
export function createHomeFileRoute(service: Service): Route {
	return {
		target: 'content',
		method: 'GET',
		path: /^\/v1\/results\/([^/]+)\.mp4$/,
		access: 'apiKey',
		handle({ apiKey, parameters: [id] }) {
			const task = service.tasks.get(decodeId(id));
			const isReady = task?.details.ownerKey === apiKey && task.stateAt(service.now()).rowStatus === 'SUCCESS';
			if (!isReady) throw refusals.contentTaskNotFound();
			return bytesReply('video/mp4', sampleVideo);
		},
	};
}

/** A key sent here would leak to a host that is not CometAPI's; signed storage addresses refuse a second credential. */
export function assertNoCredential({ headers }: RecordedRequest): void {
	if (headers.authorization !== undefined) throw storageRefusals.secondCredential();
}

export const storageRefusals = {
	secondCredential: () => new Refusal(400, 'storage', 'InvalidArgument', 'Only one auth mechanism allowed'),
	wrongSignature: () => new Refusal(403, 'storage', 'SignatureDoesNotMatch', 'The signature does not match'),
	notFound: () => new Refusal(404, 'storage', 'NoSuchKey', 'The specified key does not exist'),
};

/** Object stores answer in XML: a reader that expects CometAPI's JSON here would be wrong. */
export function buildStorageRefusalReply({ status, code, message }: Refusal): Reply {
	const body = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
	return { ...bytesReply('application/xml', Buffer.from(body)), status };
}

function readResult(service: Service, { parameters, request }: Exchange): Reply {
	const [id, format] = parameters;
	const url = findResultUrl(service, id, format);
	if (url === undefined) throw storageRefusals.notFound();
	if (`${service.resultOrigin}${request.path}?${request.query.toString()}` !== url) {
		throw storageRefusals.wrongSignature();
	}
	switch (format) {
		case 'mp3':
			return bytesReply('audio/mpeg', sampleMp3);
		case 'wav':
			return bytesReply('audio/wav', sampleWav);
		case 'png':
			return bytesReply('image/png', samplePng);
		case 'jpg':
			return bytesReply('image/jpeg', sampleJpeg);
		default:
			return bytesReply('video/mp4', sampleVideo);
	}
}

/** Files of finished tasks, and speech, which is there at once. */
function findResultUrl(service: Service, name: string, format: string): string | undefined {
	// The second picture of a task and those after it have a number.
	const [, numbered, number = '1'] = /^(.*)-(\d)$/.exec(name) ?? [];
	const id = numbered !== undefined && service.tasks.has(decodeId(numbered)) ? numbered : name;
	const task = service.tasks.get(decodeId(id));
	if (!task) return format === 'mp3' ? service.native.speeches.get(id)?.url : undefined;
	const { native, resultUrl } = task.details;
	const isReady = task.stateAt(service.now()).rowStatus === 'SUCCESS';
	if (!isReady) return undefined;
	if (!native) return format === 'mp4' ? resultUrl : undefined;
	return id === name ? native.fileUrls[format as FileFormat] : native.imageUrls?.[Number(number) - 1];
}

function readMedia({ parameters: [name] }: Exchange): Reply {
	switch (name) {
		case 'image.png':
			return bytesReply('image/png', samplePng);
		case 'second.png':
			return bytesReply('image/png', secondSamplePng);
		case 'image.jpg':
			return bytesReply('image/jpeg', sampleJpeg);
		case 'image.webp':
			return bytesReply('image/webp', sampleWebp);
		case 'clip.mp4':
			return bytesReply('video/mp4', sampleVideo);
		case 'sound.mp3':
			return bytesReply('audio/mpeg', sampleMp3);
		case 'sound.wav':
			return bytesReply('audio/wav', sampleWav);
		case 'page.html':
			return htmlReply('Not a picture');
	}
	const picture = createNamedPng(name);
	if (!picture) throw storageRefusals.notFound();
	return bytesReply('image/png', picture);
}
