/** What a key may call and what it has left: catalogue, model list, usage of the key. */
import { CATALOG } from './catalog';
import { readQuotaLeft, readQuotaUsed } from './quota';
import { jsonReply, redirectReply, type Reply } from './reply';
import type { Exchange, Route } from './route';
import type { Service } from './service';

const USAGE_PATH = '/api/usage/token/';

export function createAccountRoutes(service: Service): Route[] {
	return [
		{ target: 'catalog', method: 'GET', path: /^\/api\/models$/, access: 'public', handle: () => listCatalog(service) },
		{ target: 'models', method: 'GET', path: /^\/v1\/models$/, access: 'apiKey', handle: listModels },
		...createUsageRoutes(service),
	];
}

/**
 * CometAPI documents the path without a slash at its end. The public gateway software registers it with one and
 * redirects, so the profile `upstream-strict` does that; the path with a slash always answers.
 */
function createUsageRoutes(service: Service): Route[] {
	const target = 'balance';
	const method = 'GET';
	const answer: Route = {
		target,
		method,
		path: service.profile === 'comet' ? /^\/api\/usage\/token\/?$/ : /^\/api\/usage\/token\/$/,
		access: 'apiKey',
		handle: (exchange) => readUsage(service, exchange),
	};
	const redirect: Route = {
		target,
		method,
		path: /^\/api\/usage\/token$/,
		// The redirect comes from the router, before any key is looked at.
		access: 'public',
		handle: () => redirectReply(301, USAGE_PATH),
	};
	return service.profile === 'comet' ? [answer] : [answer, redirect];
}

/**
 * The guide how-to-list-available-models and the video overview page (2026-06-04) disagree about the page numbers;
 * one request gives all rows, whatever they say.
 */
function listCatalog({ worlds }: Service): Reply {
	const documented = { success: true, page: 1, page_size: 20, total: CATALOG.length, data: CATALOG };
	const reply = jsonReply(200, worlds.catalogueForm?.write(CATALOG) ?? documented);
	return { ...reply, headers: { ...reply.headers, 'access-control-allow-origin': '*' } };
}

function listModels(): Reply {
	const data = CATALOG.filter(({ upcoming }) => !upcoming).map(({ id, created, provider_code }) => ({
		id,
		object: 'model',
		created,
		owned_by: provider_code,
	}));
	return jsonReply(200, { object: 'list', data });
}

/** https://apidoc.cometapi.com/api/api-keys/get-current-api-key */
function readUsage(service: Service, { apiKey }: Exchange): Reply {
	return jsonReply(200, {
		code: true,
		message: 'ok',
		data: {
			object: 'token_usage',
			name: 'simulator',
			total_granted: service.grantedQuota,
			total_used: readQuotaUsed(service, apiKey),
			total_available: readQuotaLeft(service, apiKey),
			unlimited_quota: false,
			model_limits: {},
			model_limits_enabled: false,
			expires_at: 0,
		},
	});
}
