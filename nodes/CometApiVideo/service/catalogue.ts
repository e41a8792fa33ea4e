/**
 * CometAPI's public list of models, `GET /api/models`: no key is needed, so none is sent.
 * Source: https://apidoc.cometapi.com/guides/how-to-list-available-models
 */
import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { CREDENTIAL_TYPE } from './client';
import { clock } from '../task/clock';
import { RequestError } from '../task/errors';
import { readReply } from './http';
import type { RequestContext, StreamedReply } from './http';
import { normalizeBaseUrl } from './origin';
import { lostConnection } from './networkFailures';
import { COMET_API } from './refusals';
import { catalogueSchema, isObject, parseJson, parseReply } from './replies';

export interface CatalogueModel {
	id: string;
	/** Maker as CometAPI names it. */
	provider: string;
	description: string;
	features: string[];
	/** Paths that the model is called on. */
	paths: string[];
	isVideo: boolean;
	/** Lowest price that CometAPI names; higher resolutions cost more. Null where none is named. */
	pricePerSecondUsd: number | null;
	pricePerRequestUsd: number | null;
	documentationUrl: string;
}

/** Short: nothing depends on the list, and the user waits for it. */
const TIMEOUT_MS = 5000;
const JSON_ONLY = { Accept: 'application/json' };
const KEEP_MS = 10 * 60_000;
const VIDEO_FEATURES = ['text-to-video', 'image-to-video', 'video-editing'];

/** Per address, for ten minutes: the list is long and the editor asks for it at every look into the model field. */
const kept = new Map<string, { until: number; models: CatalogueModel[] }>();

/**
 * The models that can be called today (announced ones left out).
 * @throws RequestError, UnexpectedResponseError
 */
export async function readCatalogue(context: RequestContext): Promise<CatalogueModel[]> {
	const { baseUrl } = await context.getCredentials(CREDENTIAL_TYPE);
	const address = normalizeBaseUrl(baseUrl);
	const known = kept.get(address);
	if (known && known.until > clock.now()) return known.models;
	const models = parseCatalogue(await fetchJson(context, `${address}/api/models`));
	kept.set(address, { until: clock.now() + KEEP_MS, models });
	return models;
}

/** The models of an answer that can be called today. @throws UnexpectedResponseError */
export function parseCatalogue(body: unknown): CatalogueModel[] {
	const { data } = parseReply(catalogueSchema, body, 'the list of models');
	return data.filter(({ upcoming }) => upcoming !== true).map(toCatalogueModel);
}

/** The catalogue, or an empty list when it cannot be reached: for prices and suggestions, which nothing may depend on. */
export async function readCatalogueIfPossible(context: RequestContext): Promise<CatalogueModel[]> {
	return await readCatalogue(context).catch(() => []);
}

async function fetchJson(context: RequestContext, url: string): Promise<unknown> {
	const options: IHttpRequestOptions = {
		method: 'GET',
		url,
		headers: JSON_ONLY,
		encoding: 'stream',
		timeout: TIMEOUT_MS,
		disableFollowRedirect: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	};
	try {
		const reply = context.helpers.httpRequest(options) as Promise<StreamedReply>;
		const { statusCode, body } = await readReply(reply, TIMEOUT_MS, COMET_API.name);
		if (statusCode === 200) return parseJson(body);
		throw new RequestError(
			'transient',
			`The list of models could not be read from CometAPI (HTTP ${statusCode})`,
			'Try again later, or check the Base URL in the credential.',
			{ httpStatus: statusCode },
		);
	} catch (error) {
		throw error instanceof RequestError ? error : lostConnection(error, url);
	}
}

type CatalogueRow = ReturnType<typeof catalogueSchema.parse>['data'][number];

function toCatalogueModel(row: CatalogueRow): CatalogueModel {
	const features = row.features ?? [];
	// `ratio` is CometAPI's discount on the maker's list price; it is missing in the older form of the list.
	const ratio = readPrice(row.pricing?.ratio) ?? 1;
	return {
		id: row.id,
		provider: row.provider ?? '',
		description: row.description ?? '',
		features,
		paths: readPaths(row.endpoints),
		isVideo: row.model_type === 'video' || features.some((feature) => VIDEO_FEATURES.includes(feature)),
		pricePerSecondUsd: timesRatio(readPrice(row.pricing?.per_second), ratio),
		pricePerRequestUsd: timesRatio(readPrice(row.pricing?.per_request), ratio),
		documentationUrl: row.api_doc_url ?? '',
	};
}

/** `endpoints` is an object written as a string; other clients have met it as an object, a list and null. */
function readPaths(endpoints: unknown): string[] {
	let value = endpoints;
	if (typeof value === 'string') {
		try {
			value = JSON.parse(value);
		} catch {
			return [value as string];
		}
	}
	const entries: unknown[] = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
	return entries.flatMap((entry) => {
		const path = isObject(entry) ? entry.path : entry;
		return typeof path === 'string' ? [path] : [];
	});
}

function readPrice(value: number | string | null | undefined): number | null {
	const number = Number(value);
	return value !== null && value !== undefined && Number.isFinite(number) && number > 0 ? number : null;
}

function timesRatio(price: number | null, ratio: number): number | null {
	return price === null ? null : roundUsd(price * ratio);
}

/** Prices go down to fractions of a cent; more digits are noise of floating point. */
export function roundUsd(value: IDataObject[string] | number): number {
	return Math.round(Number(value) * 1e6) / 1e6;
}
