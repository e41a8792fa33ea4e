/** The second server: signed result files as a delivery network keeps them, and media for tests to send in. */
import { Refusal } from './refusal';
import type { RecordedRequest } from './recordedRequest';
import { bytesReply, htmlReply, type Reply } from './reply';
import type { Exchange, Route } from './route';
import { createNamedPng, sampleJpeg, samplePng, sampleVideo, sampleWebp, secondSamplePng } from './sampleMedia';
import type { Service } from './service';

export function createResultRoutes(service: Service): Route[] {
	return [
		{
			target: 'result',
			method: 'GET',
			path: /^\/results\/([A-Za-z0-9_-]+)\.mp4$/,
			access: 'public',
			handle: (exchange) => readResult(service, exchange),
		},
		{ target: 'media', method: 'GET', path: /^\/media\/([a-z0-9.]+)$/, access: 'public', handle: readMedia },
	];
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
	const task = service.tasks.get(parameters[0]);
	if (task?.stateAt(service.now()).rowStatus !== 'SUCCESS') throw storageRefusals.notFound();
	if (`${service.resultOrigin}${request.path}?${request.query.toString()}` !== task.details.resultUrl) {
		throw storageRefusals.wrongSignature();
	}
	return bytesReply('video/mp4', sampleVideo);
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
		case 'page.html':
			return htmlReply('Not a picture');
	}
	const picture = createNamedPng(name);
	if (!picture) throw storageRefusals.notFound();
	return bytesReply('image/png', picture);
}
