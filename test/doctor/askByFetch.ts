/** Asks CometAPI itself, outside n8n: the key goes to the base URL alone, and no redirect is followed but for a slash at the end. */
import type { Ask } from '../../nodes/CometApiVideo/operations/account/checkRoutes';
import { lostConnection } from '../../nodes/CometApiVideo/service/networkFailures';
import type { Reply } from '../../nodes/CometApiVideo/service/refusals';

export function askByFetch(baseUrl: string, apiKey: string): Ask {
	const askOnce = async (path: string, { method, headers, body, timeoutMs }: Parameters<Ask>[0]): Promise<Reply> => {
		const url = `${baseUrl}${path}`;
		try {
			const reply = await fetch(url, {
				method,
				headers: { accept: 'application/json', ...headers, authorization: `Bearer ${apiKey}` },
				body: body as RequestInit['body'],
				redirect: 'manual',
				signal: AbortSignal.timeout(timeoutMs),
			});
			return {
				statusCode: reply.status,
				headers: Object.fromEntries(reply.headers.entries()),
				body: await reply.text(),
			};
		} catch (error) {
			throw lostConnection((error as Error).cause ?? error, url);
		}
	};
	return async (request) => {
		const reply = await askOnce(request.path, request);
		const withSlash = request.path.replace(/(?=\?|$)/, '/');
		const isOwnSlash = [withSlash, `${baseUrl}${withSlash}`].includes(String(reply.headers.location));
		return request.method === 'GET' && isOwnSlash ? await askOnce(withSlash, request) : reply;
	};
}
