/**
 * Why the service says no, and the envelope in which it says so. Owns all error bodies; the routes only throw.
 * Sources: https://apidoc.cometapi.com/errors/error-codes-handling,
 * https://apidoc.cometapi.com/api/video/seedance/query, replies of the live service that third parties quoted
 * (February and August 2026), and for the profile `upstream-strict` the public behaviour of the gateway software that
 * CometAPI derives from.
 */
import { jsonReply, type Reply } from './reply';
import type { SimulatorProfile } from './service';

/**
 * `gateway`: refused before a provider was asked. `distributor`: no provider serves the model. `task`: refused as a
 * task. `content`: from the download route. `path`: no such route. `storage`: from the server of the result files,
 * which words its refusals itself. `account`: from the routes of the access token. `kling`, `klingSpeech`, `miniMax`:
 * a provider's own words, passed on.
 */
export type RefusalForm =
	'gateway' | 'distributor' | 'task' | 'content' | 'path' | 'storage' | 'account' | 'kling' | 'klingSpeech' | 'miniMax';

export class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly form: RefusalForm,
		/** `null` occurs on the wire: seen live with a quota refusal. */
		readonly code: string | null,
		message: string,
		/** Code of the same refusal in upstream's own words, where CometAPI changed it. */
		readonly upstreamCode: string = code ?? '',
	) {
		super(message);
	}
}

export const refusals = {
	invalidKey: () => new Refusal(401, 'gateway', '', 'Invalid token'),
	missingModel: () => new Refusal(400, 'gateway', '', 'model name is required'),
	unknownModel: (model: string) =>
		new Refusal(
			503,
			'distributor',
			'model_not_found',
			`no available channel for group default and model ${model} (distributor)`,
		),
	/** Seen with Grok ids on /v1/videos in September 2026: the model exists, but not on this route. */
	unsupportedRelayMode: () => new Refusal(400, 'gateway', 'invalid_request', 'unsupported relay mode'),
	invalidRequest: (message: string) => new Refusal(400, 'gateway', 'invalid_request', message),
	/** The Seedance page names this code for values out of range and for references that a model does not take. */
	invalidParameter: (message: string) => new Refusal(400, 'task', 'InvalidParameter', message, 'invalid_request'),
	/** Kling's code for a bad parameter, with HTTP 400. https://apidoc.cometapi.com/api/video/kling/text-to-video */
	klingParameter: (message: string) => new Refusal(400, 'kling', '1201', message),
	/** https://apidoc.cometapi.com/api/video/kling/tts */
	klingVoice: () => new Refusal(400, 'klingSpeech', '1201', 'Voice id not found'),
	/** MiniMax refuses with HTTP 200. https://platform.minimax.io/docs/api-reference/video-generation-download */
	miniMaxParameter: (message: string) => new Refusal(200, 'miniMax', '2013', `invalid params, ${message}`),
	/** Compatibility format of Runway; the page names the word, not the body. */
	callbackUrlEmpty: () => new Refusal(400, 'task', 'callback_url_empty', 'callback_url_empty'),
	/** Runway's text to image; the page names the word, not the body. */
	referenceImagesEmpty: () => new Refusal(400, 'task', 'reference_images_empty', 'reference_images_empty'),
	taskNotExist: () => new Refusal(400, 'task', 'InvalidParameter', 'task_not_exist', 'task_not_exist'),
	noCredit: () => new Refusal(403, 'task', null, 'user quota is not enough', 'quota_not_enough'),
	contentTaskNotFound: () => new Refusal(404, 'content', null, 'Task not found'),
	contentNotReady: (statusWord: string) =>
		new Refusal(400, 'content', null, `Task is not completed yet, current status: ${statusWord}`),
	/** Public gateway software since July 2026. */
	accountUnauthorized: () => new Refusal(401, 'account', 'AUTH_UNAUTHORIZED', 'Unauthorized, invalid access token'),
	/** This and the next four: public gateway software until July 2026, which words them in Chinese only. */
	accessTokenMissing: () => new Refusal(401, 'account', null, '无权进行此操作，未登录且未提供 access token'),
	/** The status is 200: only `success` tells. */
	accessTokenWrong: () => new Refusal(200, 'account', null, '无权进行此操作，access token 无效'),
	userIdMissing: () => new Refusal(401, 'account', null, '无权进行此操作，未提供 New-Api-User'),
	userIdMalformed: () => new Refusal(401, 'account', null, '无权进行此操作，New-Api-User 格式错误'),
	userIdOfAnother: () => new Refusal(401, 'account', null, '无权进行此操作，New-Api-User 与登录用户不匹配'),
	unknownPath: (method: string, path: string) => new Refusal(404, 'path', '', `Invalid URL (${method} ${path})`),
};

export function buildRefusalReply(refusal: Refusal, profile: SimulatorProfile, requestId: string): Reply {
	const { status, form, code, message } = refusal;
	const upstream = profile === 'upstream-strict';
	const signedMessage = `${message} (request id: ${requestId})`;
	switch (form) {
		case 'gateway':
			if (upstream) break;
			return jsonReply(status, {
				error: { message: signedMessage, type: 'comet_api_error', param: '', code },
			});
		case 'distributor':
			if (upstream) break;
			// Without `param` and in this order: exactly the body that the live service sent on 2026-02-05.
			return jsonReply(status, { error: { code, message: signedMessage, type: 'comet_api_error' } });
		case 'task':
			return jsonReply(status, upstream ? { code: refusal.upstreamCode, message, data: null } : { code, message });
		case 'content':
			return jsonReply(status, { error: { message, type: 'invalid_request_error' } });
		case 'account':
			return jsonReply(status, { success: false, ...(code === null ? {} : { code }), message });
		case 'kling':
			return jsonReply(status, { code: Number(code), message, request_id: requestId });
		case 'klingSpeech': {
			const data = { message, data: { code: Number(code), message, request_id: requestId } };
			return jsonReply(status, { message, data });
		}
		case 'miniMax':
			return jsonReply(status, { base_resp: { status_code: Number(code), status_msg: message } });
		case 'path':
		case 'storage':
			return jsonReply(status, { error: { message, type: 'invalid_request_error', param: '', code } });
	}
	// Upstream checks a video request as a task, so those refusals have the task form there.
	return code === 'invalid_request'
		? jsonReply(status, { code, message, data: null })
		: jsonReply(status, { error: { code, message: signedMessage, type: 'new_api_error' } });
}
