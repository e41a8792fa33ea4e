/** The free check of CometAPI's routes: what is asked, in which order, and what came of each. */
import { VIDEO_PROVIDERS } from '../../providers';
import { CATALOGUE_PATH, parseCatalogue } from '../../service/catalogue';
import type { CatalogueModel } from '../../service/catalogue';
import { readRequestId } from '../../service/http';
import type { ApiRequest } from '../../service/http';
import { isOutOfReach, refusal } from '../../service/refusals';
import type { Reply } from '../../service/refusals';
import { balanceSchema, parseReply } from '../../service/replies';
import { parseJson } from '../../task/json';
import { getAtPath } from '../../task/jsonPath';
import { toCometApiVideoError } from '../../task/errors';
import { judgeAnswer } from './judgeAnswer';
import type { CheckResult } from './judgeAnswer';
import { compareModels } from './compareModels';
import type { ModelDifferences } from './compareModels';
import { createProbes, lookProbes } from './probes';
import type { Probe } from './probes';

/** Sends one request with the key and gives any answer. @throws RequestError when none came */
export type Ask = (request: ApiRequest) => Promise<Reply>;

export interface CheckRow {
	result: CheckResult;
	/** What was asked for, as a person would say it. */
	check: string;
	/** Display names; empty where it is about all. */
	providers: readonly string[];
	/** Method and path. */
	route: string;
	finding: string;
	requestId?: string;
}

export interface Checked {
	row: CheckRow;
	/** Absent where nothing was asked or nothing came. */
	reply?: Reply;
	probe?: Probe;
	differences?: ModelDifferences;
}

const TIMEOUT_MS = 20_000;
/** After so many requests in a row that reached nobody, the rest would not either. */
const MAX_OUT_OF_REACH = 3;

/**
 * One request after the other, so that nothing follows a create that was accepted.
 * @param onChecked told of each as it is done
 * @throws RequestError when the key is not accepted or nobody answers to the first request; AcceptedProbeError
 */
export async function checkRoutes(ask: Ask, onChecked: (checked: Checked) => void = () => {}): Promise<Checked[]> {
	const all: Checked[] = [];
	const add = (checked: Checked) => {
		all.push(checked);
		onChecked(checked);
	};
	for (const checked of await checkModels(ask)) add(checked);
	add(await checkBalance(ask));
	let outOfReach = 0;
	for (const probe of [...lookProbes(VIDEO_PROVIDERS), ...createProbes(VIDEO_PROVIDERS)]) {
		const checked = outOfReach >= MAX_OUT_OF_REACH ? notAsked(probe, UNREACHABLE) : await checkRoute(ask, probe);
		outOfReach = checked.row.result === 'noAnswer' && !checked.reply ? outOfReach + 1 : outOfReach;
		if (checked.reply) outOfReach = 0;
		add(checked);
	}
	return all;
}

const UNREACHABLE = 'Not asked: CometAPI did not answer to several requests before it';
const UNCERTAIN = 'Not asked: nothing makes it certain that CometAPI would refuse, and a video costs money';

const CHECKS = { look: 'Look up a task', create: 'Create' };

function rowOf({ kind, method, route, providers }: Probe) {
	return { check: CHECKS[kind], providers, route: `${method} ${route}` };
}

function notAsked(probe: Probe, finding: string): Checked {
	return { probe, row: { result: 'notAsked', ...rowOf(probe), finding } };
}

async function checkRoute(ask: Ask, probe: Probe): Promise<Checked> {
	const request = await probe.request?.();
	if (!request) return notAsked(probe, UNCERTAIN);
	const reply = await ask(request).catch((error: Error) => error);
	if (reply instanceof Error) {
		if (!isOutOfReach(reply)) throw reply;
		return { probe, row: { result: 'noAnswer', ...rowOf(probe), finding: reply.message } };
	}
	return { probe, reply, row: { ...judgeAnswer(probe, reply), ...rowOf(probe), requestId: readRequestId(reply) } };
}

/** @throws RequestError: without the list of models nothing else would be answered either */
async function checkModels(ask: Ask): Promise<Checked[]> {
	const own = await ask(read('/v1/models'));
	const json = parseJson(own.body);
	if (own.statusCode !== 200) throw refusal(own, json, readRequestId(own));
	const ids = idsOf(json);
	const models: Checked = {
		reply: own,
		row: {
			...{ check: 'Models of the key', providers: [], route: 'GET /v1/models' },
			...(ids.length > 0
				? { result: 'ok', finding: `The key may use ${ids.length} models` }
				: { result: 'differs', finding: 'The answer is no list of models' }),
		},
	};
	return [models, await checkCatalogue(ask, ids)];
}

async function checkCatalogue(ask: Ask, ids: readonly string[]): Promise<Checked> {
	const about = { check: 'Video models and prices', providers: [], route: 'GET /api/models' };
	const reply = await ask(read(CATALOGUE_PATH)).catch((error: Error) => error);
	if (reply instanceof Error) return { row: { result: 'noAnswer', ...about, finding: reply.message } };
	let catalogue: CatalogueModel[];
	try {
		catalogue = parseCatalogue(parseJson(reply.body));
	} catch (error) {
		return { reply, row: { result: 'differs', ...about, finding: toCometApiVideoError(error).message } };
	}
	const differences = compareModels(catalogue, ids);
	const finding = describeDifferences(differences);
	// The list is said to leave out models that work, so what it does not name is told and is no fault.
	return { reply, differences, row: { result: 'ok', ...about, finding } };
}

const MAX_NAMES = 8;

function describeDifferences({ missing, added, prices }: ModelDifferences): string {
	const dearer = prices.filter(({ here, there }) => there > here).map(({ id }) => id);
	const sentences = [
		missing.length > 0 ? `Not in CometAPI's lists today: ${listOf(missing)}` : 'All models of this node are there',
		added.length > 0 ? `New at CometAPI: ${listOf(added)}` : '',
		dearer.length > 0 ? `Dearer than this node knows: ${listOf(dearer)}` : '',
	];
	return sentences.filter(Boolean).join('. ');
}

function listOf(names: readonly string[]): string {
	const more = names.length - MAX_NAMES;
	return `${names.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

async function checkBalance(ask: Ask): Promise<Checked> {
	const about = { check: 'Balance', providers: [], route: 'GET /api/usage/token' };
	const reply = await ask(read('/api/usage/token')).catch((error: Error) => error);
	if (reply instanceof Error) return { row: { result: 'noAnswer', ...about, finding: reply.message } };
	const json = parseJson(reply.body);
	try {
		if (reply.statusCode !== 200) throw refusal(reply, json, readRequestId(reply));
		parseReply(balanceSchema, json, 'the balance');
		return { reply, row: { result: 'ok', ...about, finding: 'The balance can be read' } };
	} catch (error) {
		return { reply, row: { result: 'differs', ...about, finding: toCometApiVideoError(error).message } };
	}
}

function read(path: string): ApiRequest {
	return { method: 'GET', path, timeoutMs: TIMEOUT_MS };
}

function idsOf(json: unknown): string[] {
	const list = getAtPath(json, 'data');
	return (Array.isArray(list) ? list : []).flatMap((entry: unknown) => {
		const id = getAtPath(entry, 'id');
		return typeof id === 'string' ? [id] : [];
	});
}
