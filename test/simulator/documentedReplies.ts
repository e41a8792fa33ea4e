/**
 * Ready-made faults of the kind `reply`: `simulator.addFault({ on: 'create', ...documentedReplies.noCredit })`.
 * Sources: https://apidoc.cometapi.com/errors/error-codes-handling, and replies of the live service that third
 * parties quoted in February 2026 (`noCredit`, `unknownModel`).
 */
import { REQUEST_ID_MARK } from './faultDelivery';
import type { EdgeFault } from './faults';

export type ReplyFault = Extract<EdgeFault, { kind: 'reply' }>;

function reply(status: number, body?: unknown, headers?: Record<string, string>): ReplyFault {
	return { kind: 'reply', status, body, headers };
}

function gatewayReply(status: number, code: string, message: string, headers?: Record<string, string>): ReplyFault {
	const error = { message: `${message} (request id: ${REQUEST_ID_MARK})`, type: 'comet_api_error', param: '', code };
	return reply(status, { error }, headers);
}

function htmlPageReply(status: number, title: string): ReplyFault {
	const heading = `${status} ${title}`;
	const page = `<html>\n<head><title>${heading}</title></head>\n<body><h1>${heading}</h1></body>\n</html>\n`;
	return reply(status, page, { 'content-type': 'text/html' });
}

const NO_CHANNEL = 'no available channel for group default and model sora-2-all (distributor)';

export const documentedReplies = {
	invalidKey: gatewayReply(401, '', 'Invalid token'),
	noCredit: reply(403, { code: null, message: 'user quota is not enough' }),
	unknownModel: reply(503, {
		error: {
			code: 'model_not_found',
			message: `${NO_CHANNEL} (request id: ${REQUEST_ID_MARK})`,
			type: 'comet_api_error',
		},
	}),
	/** A malformed request that is reported as a fault of the server: repeating it is useless. */
	invalidRequest500: gatewayReply(500, 'invalid_request', 'invalid request'),
	internalError: gatewayReply(500, '', 'internal error'),
	tooLarge: gatewayReply(413, '', 'request body too large'),
	tooManyRequests: (retryAfterSeconds?: number): ReplyFault =>
		gatewayReply(
			429,
			'',
			'rate limit exceeded',
			retryAfterSeconds === undefined ? undefined : { 'retry-after': String(retryAfterSeconds) },
		),
	/** The limiter in front of /api/* answers without a body. */
	tooManyRequestsEmpty: reply(429),
	/** What a saturated provider causes; the text reached CometAPI clients untranslated. */
	providerSaturated: reply(429, { code: null, message: '当前分组上游负载已饱和，请稍后再试' }),
	badGateway: htmlPageReply(502, 'Bad Gateway'),
	unavailable: htmlPageReply(503, 'Service Temporarily Unavailable'),
	gatewayTimeout: htmlPageReply(504, 'Gateway Time-out'),
	/** The delivery network's own time-out while the service is still working. */
	timeoutOccurred: htmlPageReply(524, 'A timeout occurred'),
} as const;
