/**
 * The list of an account's own tasks. CometAPI documents no route for it; this is the one of the gateway software that it
 * derives from, whose sibling `/api/token/` CometAPI documents. So every form of the answer that the software has ever had is
 * read, and whatever else comes gives one message that names the other ways to watch tasks.
 */
import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';
import { CREDENTIAL_TYPE, readCometApi } from '../service/client';
import { RequestError, UnexpectedResponseError, cleanServerText } from '../task/errors';
import { readRequestId, send } from '../service/http';
import type { RequestContext, Service } from '../service/http';
import { refusal } from '../service/refusals';
import type { Reply } from '../service/refusals';
import { isObject, parseJson } from '../task/json';
import type { Asset, VideoTask } from '../task/types';
import { unifiedTaskApi } from '../providers/unifiedTaskApi';
import { asText } from '../task/asText';

/** Midjourney's tasks are kept apart, with times in milliseconds. */
export type AccountList = 'tasks' | 'midjourney';

export interface AccountTask {
	/** What the task is recognized by in every later answer. */
	key: string;
	/** Seconds since 1970, by CometAPI's clock; undefined when the answer does not say it. */
	submittedAt?: number;
	action: string;
	/** Music and pictures are in the list too. */
	isVideo: boolean;
	/** Its reference has neither provider nor route: the list names neither. */
	task: VideoTask;
}

export interface AccountPage {
	tasks: AccountTask[];
	/** Whether older tasks may follow. */
	hasMore: boolean;
	/** The oldest generation of the list counts its pages from 0. */
	countsFromZero: boolean;
}

export type AccountTaskList = Awaited<ReturnType<typeof openAccountTaskList>>;

const PATHS: Readonly<Record<AccountList, string>> = { tasks: '/api/task/self', midjourney: '/api/mj/self' };
/** The gateway cuts larger pages to this size. */
export const ACCOUNT_PAGE_SIZE = 100;
const TIMEOUT_MS = 15_000;

const TOKEN_ADVICE =
	'Create an access token in the CometAPI console under Personal Settings and paste it into the credential "CometAPI Video API", field Access Token.';

/**
 * @param otherWays sentence for users without the list: what needs the API key only
 * @throws RequestError when the credential has no access token, or the API key in its place
 */
export async function openAccountTaskList(context: RequestContext, otherWays: string) {
	const service = await readCometApi(context);
	const credential = await context.getCredentials(CREDENTIAL_TYPE);
	const token = asText(credential.accessToken).trim();
	assertAccessToken(token, otherWays);
	return {
		/** Tells accounts apart without naming the token. */
		account: createHash('sha256').update(`${service.baseUrl} ${token}`).digest('hex').slice(0, 12),

		/**
		 * One page, newest submission first.
		 * @param since seconds since 1970; tasks submitted earlier are left out
		 * @throws RequestError, UnexpectedResponseError
		 */
		async readPage(list: AccountList, page: number, since: number): Promise<AccountPage> {
			const unit = list === 'midjourney' ? 1000 : 1;
			const query = `p=${page}&page_size=${ACCOUNT_PAGE_SIZE}&start_timestamp=${since * unit}`;
			const path = `${PATHS[list]}?${query}`;
			const reply = await send(context, service, { method: 'GET', path, timeoutMs: TIMEOUT_MS });
			return toPage(readData(reply, list, { service, token, otherWays }), list, page, { service, otherWays });
		},
	};
}

interface Opened {
	service: Service;
	otherWays: string;
}

function assertAccessToken(token: string, otherWays: string): void {
	if (token === '') {
		throw new RequestError(
			'refused',
			'The credential has no Access Token, which the list of all tasks needs',
			`${TOKEN_ADVICE} ${otherWays}`,
		);
	}
	if (token.startsWith('sk-')) {
		throw new RequestError(
			'refused',
			'The Access Token in the credential is an API key: it begins with sk-',
			TOKEN_ADVICE,
		);
	}
}

/** The `data` of an answer. The gateway says no with HTTP 200 and `success: false`, too. */
function readData(reply: Reply, list: AccountList, { service, token, otherWays }: Opened & { token: string }): unknown {
	const { baseUrl } = service;
	const json = parseJson(reply.body);
	const requestId = readRequestId(reply);
	const details = { requestId, httpStatus: reply.statusCode };
	const said =
		isObject(json) && typeof json.message === 'string' ? cleanServerText(json.message.replaceAll(token, '…')) : '';
	const refused = (headline: string, advice: string) =>
		new RequestError('refused', said ? `${headline}: ${said}` : headline, advice, details);
	if (reply.statusCode === 429 || reply.statusCode >= 500) throw refusal(reply, json, requestId);
	if (reply.statusCode === 200 && isObject(json) && json.success !== false) return json.data;
	if (/New-Api-User|user.?id/i.test(said)) {
		throw refused(
			'CometAPI asks for the number of your account',
			'Fill in User ID in the credential "CometAPI Video API": the number of your account in the CometAPI console.',
		);
	}
	if (reply.statusCode === 401 || (reply.statusCode === 200 && /access token|登录/i.test(said))) {
		throw refused('CometAPI does not accept the access token', TOKEN_ADVICE);
	}
	if (said !== '' && [200, 400, 403].includes(reply.statusCode)) {
		throw refused("CometAPI refused the list of the account's tasks", `${TOKEN_ADVICE} ${otherWays}`);
	}
	if (reply.statusCode === 200 && /^\s*[{[]/.test(reply.body)) {
		throw new RequestError('transient', 'The answer of CometAPI was incomplete', 'Try again.', details);
	}
	const seen = reply.statusCode === 200 ? 'it answers with something else' : `HTTP ${reply.statusCode}`;
	// A page of maintenance looks like a route that does not exist; only the route's own 404 is certain.
	throw new RequestError(
		reply.statusCode === 404 && isObject(json) ? 'refused' : 'transient',
		`CometAPI does not offer the list of an account's tasks at ${baseUrl}${PATHS[list]} (${seen})`,
		`Check the Base URL in the credential. ${otherWays}`,
		details,
	);
}

/** All forms of the page: `data` itself, `data.items` or `data.data` is the list; null when there is nothing. */
function toPage(data: unknown, list: AccountList, page: number, { service, otherWays }: Opened): AccountPage {
	const { baseUrl } = service;
	const pager = isObject(data) ? data : {};
	const rows: unknown = Array.isArray(data) ? data : (pager.items ?? pager.data ?? []);
	if (!Array.isArray(rows) || typeof data !== 'object') {
		throw new UnexpectedResponseError(
			"CometAPI's list of the account's tasks could not be understood: data: not a list",
			`CometAPI may have changed its interface. ${otherWays}`,
		);
	}
	const total = Number(pager.total);
	return {
		tasks: rows.filter(isObject).flatMap((row) => toAccountTask(row, list, baseUrl) ?? []),
		hasMore: rows.length > 0 && !(pager.total !== undefined && page * ACCOUNT_PAGE_SIZE >= total),
		countsFromZero: Array.isArray(data),
	};
}

/** Undefined for a row without any id: nothing could be done with it. */
function toAccountTask(row: IDataObject, list: AccountList, baseUrl: string): AccountTask | undefined {
	const taskId = readId(list === 'midjourney' ? row.mj_id : row.task_id);
	const key = readId(row.id) ?? taskId;
	if (key === undefined || taskId === undefined) return undefined;
	const action = asText(row.action);
	const task = toTask(row, taskId, list, baseUrl);
	return {
		key: list === 'midjourney' ? `mj:${key}` : key,
		submittedAt: task.createdAt === undefined ? undefined : Math.floor(Date.parse(task.createdAt) / 1000),
		action,
		isVideo: list === 'midjourney' ? /video/i.test(action) : isVideoRow(row, action),
		task,
	};
}

function toTask(row: IDataObject, taskId: string, list: AccountList, baseUrl: string): VideoTask {
	const { properties } = row;
	const model = isObject(properties) ? properties.origin_model_name : undefined;
	const links = list === 'midjourney' ? readLinks(row) : [];
	const task = unifiedTaskApi.parseTask(
		{
			...row,
			model,
			submit_time: row.submit_time || row.created_at,
			// Tasks that were failed in bulk have no end; the last change of their row is when it happened.
			finish_time: row.finish_time || row.updated_at,
			...(list === 'midjourney' ? { result_url: links[0] } : {}),
		},
		{ provider: '', taskId, route: '' },
	);
	if (task.status !== 'succeeded') return { ...task, raw: row };
	const assets = links.length > 1 ? links.map(toAsset) : task.assets;
	// A link to CometAPI itself needs the key, so it is none for whoever gets the row.
	const isLink = ({ sources: [source] }: Asset) => source.at === 'url' && !source.url.startsWith(`${baseUrl}/`);
	return { ...task, assets: assets.filter(isLink), raw: row };
}

function toAsset(url: string): Asset {
	return { kind: 'video', sources: [{ at: 'url', url }] };
}

/** Midjourney: `video_urls` is a list written as text, of links or of objects with a link. */
function readLinks(row: IDataObject): string[] {
	const list = typeof row.video_urls === 'string' ? parseJson(row.video_urls) : row.video_urls;
	const links = (Array.isArray(list) ? list : []).map((entry: unknown) => (isObject(entry) ? entry.url : entry));
	return [...links, row.video_url]
		.filter((link): link is string => typeof link === 'string' && /^https?:\/\//i.test(link))
		.filter((link, index, all) => all.indexOf(link) === index);
}

const OTHER_FILE = /\.(png|jpe?g|webp|gif|mp3|wav|m4a|ogg|flac)(\?|$)/i;

function isVideoRow({ platform, result_url, fail_reason }: IDataObject, action: string): boolean {
	if (asText(platform).toLowerCase() === 'suno' || /^(music|lyrics)$/i.test(action)) return false;
	return ![result_url, fail_reason].some(
		(link) => typeof link === 'string' && /^https?:/i.test(link) && OTHER_FILE.test(link),
	);
}

function readId(value: unknown): string | undefined {
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	return typeof value === 'string' && value !== '' ? value : undefined;
}
