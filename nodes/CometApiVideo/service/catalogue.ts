/**
 * CometAPI's public list of models, `GET /api/models`: no key is needed, so none is sent.
 * Source: https://apidoc.cometapi.com/guides/how-to-list-available-models
 */
import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { CREDENTIAL_TYPE } from './client';
import { clock } from '../task/clock';
import { RequestError, UnexpectedResponseError } from '../task/errors';
import { getAtPath } from '../task/jsonPath';
import { readReply } from './http';
import type { RequestContext, StreamedReply } from './http';
import { normalizeBaseUrl } from './origin';
import { lostConnection } from './networkFailures';
import { COMET_API } from './refusals';
import { catalogueRowSchema } from './replies';
import { isObject, parseJson } from '../task/json';

export interface CatalogueModel {
	id: string;
	/** Maker as CometAPI names it. */
	provider: string;
	description: string;
	features: string[];
	/** Paths that the model is called on. */
	paths: string[];
	/** Undefined where the row does not say it, as about a third of them. */
	isVideo: boolean | undefined;
	/** Lowest price that CometAPI names; higher resolutions cost more. Null where none is named. */
	pricePerSecondUsd: number | null;
	pricePerRequestUsd: number | null;
	/** The row names a price in a form that is not known, so the two above may not be all. */
	hasUnreadablePrice: boolean;
	documentationUrl: string;
}

/** Short: nothing depends on the list, and the user waits for it. */
const TIMEOUT_MS = 5000;
const JSON_ONLY = { Accept: 'application/json' };
/** Without it a page may hold only twenty; clients of September 2026 ask so. */
export const CATALOGUE_PATH = '/api/models?page=1&page_size=500';
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
	const models = parseCatalogue(await fetchJson(context, `${address}${CATALOGUE_PATH}`));
	kept.set(address, { until: clock.now() + KEEP_MS, models });
	return models;
}

/**
 * The models of an answer that can be called today, row by row: one that is not understood is left out, not the list. It
 * has been seen as `data`, as `models` and bare.
 * @throws UnexpectedResponseError when there is no list, or nothing in it is a model
 */
export function parseCatalogue(body: unknown): CatalogueModel[] {
	const list = [body, ...['data', 'models'].map((name) => getAtPath(body, name))].find(Array.isArray) as
		unknown[] | undefined;
	const rows = (list ?? []).flatMap((entry) => {
		const { data } = catalogueRowSchema.safeParse(entry);
		return data ? [data] : [];
	});
	if (!list || (list.length > 0 && rows.length === 0)) {
		throw new UnexpectedResponseError(
			"CometAPI's list of models could not be understood",
			'Check the Base URL in the credential. If it is right, check for a newer version of this package.',
		);
	}
	return rows.filter(({ upcoming }) => !isTrue(upcoming)).map(toCatalogueModel);
}

/** The catalogue, for prices and suggestions; undefined when it cannot be read. */
export async function readCatalogueIfPossible(context: RequestContext): Promise<CatalogueModel[] | undefined> {
	return await readCatalogue(context).catch(() => undefined);
}

/** Gateways of this kind write true as 1, too. */
function isTrue(value: unknown): boolean {
	return value === true || value === 1 || value === 'true';
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

type CatalogueRow = ReturnType<typeof catalogueRowSchema.parse>;

function toCatalogueModel(row: CatalogueRow): CatalogueModel {
	const features = [row.features ?? []].flat().filter((feature) => typeof feature === 'string');
	const paths = readPaths(row.endpoints);
	return {
		id: row.id,
		provider: row.provider ?? '',
		description: row.description ?? '',
		features,
		paths,
		isVideo: isVideoRow(row.model_type ?? '', features, paths),
		...readPricing(row.pricing),
		documentationUrl: row.api_doc_url ?? '',
	};
}

const VIDEO_PATH = '/v1/videos';

function isVideoRow(type: string, features: readonly string[], paths: readonly string[]): boolean | undefined {
	if (type === 'video' || features.some((feature) => VIDEO_FEATURES.includes(feature))) return true;
	if (paths.includes(VIDEO_PATH)) return true;
	return type === '' && features.length === 0 ? undefined : false;
}

/** Names of route families that stand for that path, as a list of names has them; some are spelt wrong there. */
const VIDEO_FAMILIES = ['openai-video', 'video-create', 'video-generation'];

/**
 * The paths of `endpoints`, which comes as family → {path, method}, as family → JSON text of that, as a list of families,
 * empty, null, and each of these as JSON text (answers of 2026-09).
 */
function readPaths(endpoints: unknown): string[] {
	const value = typeof endpoints === 'string' ? (parseJson(endpoints) ?? endpoints) : endpoints;
	const entries: unknown[] = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [value];
	const paths = entries.flatMap((entry) => {
		const inner = typeof entry === 'string' ? (parseJson(entry) ?? entry) : entry;
		const path = isObject(inner) ? inner.path : inner;
		if (typeof path !== 'string') return [];
		if (VIDEO_FAMILIES.includes(path.trim().toLowerCase())) return [VIDEO_PATH];
		return path.startsWith('/') ? [path] : [];
	});
	return [...new Set(paths)];
}

type Pricing = Pick<CatalogueModel, 'pricePerSecondUsd' | 'pricePerRequestUsd' | 'hasUnreadablePrice'>;

/** `ratio` is CometAPI's discount on the maker's list price; it is missing in the older form of the list. */
function readPricing(pricing: unknown): Pricing {
	const isAbsent = pricing === undefined || pricing === null;
	const { currency, per_second: perSecond, per_request: perRequest, ratio } = isObject(pricing) ? pricing : {};
	const isOdd = (value: unknown) => !isNothing(value) && readPrice(value) === null && Number(value) !== 0;
	const isUsd = isNothing(currency) || (typeof currency === 'string' && /\bUSD\b|\$/i.test(currency.slice(0, 100)));
	const discount = readPrice(ratio) ?? 1;
	return {
		pricePerSecondUsd: isUsd ? timesRatio(readPrice(perSecond), discount) : null,
		pricePerRequestUsd: isUsd ? timesRatio(readPrice(perRequest), discount) : null,
		hasUnreadablePrice: !isAbsent && (!isObject(pricing) || !isUsd || [perSecond, perRequest, ratio].some(isOdd)),
	};
}

function isNothing(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}

function readPrice(value: unknown): number | null {
	if (typeof value !== 'number' && typeof value !== 'string') return null;
	const number = Number(value);
	return value !== '' && Number.isFinite(number) && number > 0 ? number : null;
}

function timesRatio(price: number | null, ratio: number): number | null {
	return price === null ? null : roundUsd(price * ratio);
}

/** Prices go down to fractions of a cent; more digits are noise of floating point. */
export function roundUsd(value: IDataObject[string] | number): number {
	return Math.round(Number(value) * 1e6) / 1e6;
}
