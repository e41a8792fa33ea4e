/** Requests that cost nothing and show whether CometAPI's routes are as this package expects them; made from the registry. */
import type { ApiRequest } from '../../service/http';
import { JSON_HEADERS } from '../../service/http';
import { encodeBody } from '../../service/requestBody';
import { knownTaskApisOf } from '../../providers';
import type { VideoMode, VideoProvider } from '../../providers/types';
import type { CreateRequest, TaskApi } from '../../task/types';

/** Nobody has such a model or such a task. */
export const INVENTED_MODEL = 'no-such-model-n8n-check';
export const INVENTED_TASK_ID = 'task_0123456789ThisTaskWasMadeUp00';
const TIMEOUT_MS = 20_000;
/** As the bodies of creates write the model; what names it elsewhere is not asked. */
const MODEL_NAMES = ['model', 'model_name'];

export interface Probe {
	kind: 'look' | 'create';
	method: 'GET' | 'POST';
	/** Of a look: the path that a task's id follows. */
	route: string;
	/** Who uses the route. */
	providers: string[];
	taskApi: TaskApi;
	/** Undefined where nothing makes it certain that a create would be refused. */
	request?(): Promise<ApiRequest>;
	/** What the answer to a create is read with. */
	create?: CreateRequest;
}

/** A look at an invented id on every route on which tasks are found. */
export function lookProbes(providers: readonly VideoProvider[]): Probe[] {
	const probes = providers.flatMap((provider) =>
		knownTaskApisOf(provider).flatMap((taskApi) => taskApi.routes.map((route) => lookProbe(provider, taskApi, route))),
	);
	return perRoute(probes);
}

function lookProbe({ id, displayName }: VideoProvider, taskApi: TaskApi, route: string): Probe {
	const { method, path, body } = taskApi.statusRequest({ provider: id, taskId: INVENTED_TASK_ID, route });
	const headers = { ...taskApi.headers, ...(body && JSON_HEADERS) };
	const request: ApiRequest = { method, path, body: body && JSON.stringify(body), headers, timeoutMs: TIMEOUT_MS };
	return { kind: 'look', method, route, providers: [displayName], taskApi, request: () => Promise.resolve(request) };
}

/**
 * A create with an invented model and nothing else on every route whose body names a model: refused for the model, and where
 * that should be passed over, for the prompt or the picture that is missing.
 */
export function createProbes(providers: readonly VideoProvider[]): Probe[] {
	const probes = providers.flatMap((provider) => provider.modes.flatMap((mode) => createProbe(provider, mode) ?? []));
	return perRoute(probes);
}

function createProbe(provider: VideoProvider, mode: VideoMode): Probe | undefined {
	const built = buildEmpty(mode);
	if (!built) return undefined;
	const taskApi = mode.taskApi ?? provider.taskApi;
	const probe: Probe = {
		kind: 'create',
		method: 'POST',
		route: built.path.replace('//', '/{id}/'),
		providers: [provider.displayName],
		taskApi,
	};
	const takesModel = mode.models.length > 0 || mode.takesAnyModel === true;
	const name = takesModel ? MODEL_NAMES.find((each) => built.body[each] !== undefined) : undefined;
	const isIncomplete = mode.prompt === 'required' || mode.media.some(({ required }) => required);
	if (name === undefined || !isIncomplete || built.before || built.path.includes('//')) return probe;
	const create: CreateRequest = {
		path: built.path,
		encoding: built.encoding,
		body: { [name]: INVENTED_MODEL },
		media: [],
	};
	const request = async (): Promise<ApiRequest> => {
		const { body, headers } = await encodeBody(create);
		return {
			method: 'POST',
			path: create.path,
			body,
			headers: { ...taskApi.headers, ...headers },
			timeoutMs: TIMEOUT_MS,
		};
	};
	return { ...probe, create, request };
}

/** The mode's request without anything in it; undefined where the user says where it goes. */
function buildEmpty(mode: VideoMode): CreateRequest | undefined {
	try {
		const values = Object.fromEntries(mode.fields.map(({ property }) => [property.name, property.default]));
		const request = mode.buildRequest({ model: INVENTED_MODEL, prompt: '', values, media: {} }, mode);
		return request.path === '' ? undefined : request;
	} catch {
		return undefined;
	}
}

/** One for each route; one that can be asked before one that cannot. */
function perRoute(probes: readonly Probe[]): Probe[] {
	const byRoute = new Map<string, Probe>();
	for (const probe of probes) {
		const known = byRoute.get(probe.route);
		const best = known?.request ? known : probe;
		const names = new Set([...(known?.providers ?? []), ...probe.providers]);
		byRoute.set(probe.route, { ...best, providers: [...names] });
	}
	return [...byRoute.values()];
}
