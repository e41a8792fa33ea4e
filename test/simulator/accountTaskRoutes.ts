/**
 * What the access token opens: the account's tasks, its Midjourney tasks and its keys. Only the list of keys is
 * documented (https://apidoc.cometapi.com/api/api-keys/list-api-keys); the lists of tasks are those of the public
 * gateway software (https://docs.newapi.pro/en/api/fei-task-center), which serves all three with the same paging.
 */
import type { TaskListForm } from './account';
import { buildMidjourneyRow, buildTaskRow, type MidjourneyRow, type TaskRow } from './accountRows';
import { readQuotaLeft, readQuotaUsed } from './quota';
import { jsonReply, type Reply } from './reply';
import type { Exchange, Route } from './route';
import type { Service } from './service';

const DEFAULT_PAGE_SIZE = 10;
const MAXIMUM_PAGE_SIZE = 100;
/** The first that has a number counts. */
const PAGE_SIZE_NAMES = ['page_size', 'ps', 'size'];
const TASK_FILTERS = ['task_id', 'platform', 'action', 'status'];
const MIDJOURNEY_FILTERS = ['mj_id'];
const KEY_ENABLED = 1;
const NEVER_EXPIRES = -1;

export function createAccountTaskRoutes(service: Service): Route[] {
	const isPresent = () => service.account.taskListForm !== 'absent';
	return [
		{
			target: 'taskList',
			method: 'GET',
			path: /^\/api\/task\/self$/,
			access: 'accessToken',
			isPresent,
			handle: (exchange) => listTasks(service, exchange),
		},
		{
			target: 'midjourneyList',
			method: 'GET',
			path: /^\/api\/mj\/self$/,
			access: 'accessToken',
			isPresent,
			handle: (exchange) => listMidjourneyTasks(service, exchange),
		},
		{
			target: 'keyList',
			method: 'GET',
			path: /^\/api\/token\/$/,
			access: 'accessToken',
			handle: (exchange) => listKeys(service, exchange),
		},
	];
}

function listTasks(service: Service, { request }: Exchange): Reply {
	const { account } = service;
	account.onTaskListRead?.(request);
	const rows = account.taskRows.list((task, id) => buildTaskRow(service, task, id));
	const found = rows.filter(wanted(TASK_FILTERS, request.query));
	return answerPage(found, request.query, account.taskListForm);
}

/** Its filters of time are in milliseconds, like the times of its rows. */
function listMidjourneyTasks(service: Service, { request }: Exchange): Reply {
	const { account } = service;
	account.onTaskListRead?.(request);
	const rows = account.midjourneyRows.list((task, id) => buildMidjourneyRow(service, task, id));
	const found = rows.filter(wanted(MIDJOURNEY_FILTERS, request.query));
	return answerPage(found, request.query, account.taskListForm);
}

/** `key` is the whole secret: whoever logs this reply gives it away. Times, group and names are made up. */
function listKeys(service: Service, { request }: Exchange): Reply {
	const items = service.apiKeys.map((key, index) => ({
		id: index + 1,
		user_id: service.account.userId,
		key,
		status: KEY_ENABLED,
		name: 'simulator',
		created_time: 0,
		accessed_time: 0,
		expired_time: NEVER_EXPIRES,
		remain_quota: readQuotaLeft(service, key),
		unlimited_quota: false,
		model_limits_enabled: false,
		model_limits: '',
		allow_ips: '',
		used_quota: readQuotaUsed(service, key),
		group: '',
		cross_group_retry: false,
	}));
	return answerPage(items.reverse(), request.query, 'paged');
}

/** Texts are compared exactly; the times, both ends included, with the submission. 0 is no bound. */
function wanted(names: readonly string[], query: URLSearchParams): (row: TaskRow | MidjourneyRow) => boolean {
	const filters = names.flatMap((name) => {
		const value = query.get(name);
		return value ? [{ name, value }] : [];
	});
	const start = readInteger(query, 'start_timestamp');
	const end = readInteger(query, 'end_timestamp');
	return (row) => {
		const submitted = Number(row.submit_time ?? Number.NaN);
		return (
			filters.every(({ name, value }) => String(row[name]) === value) &&
			(start === 0 || submitted >= start) &&
			(end === 0 || submitted <= end)
		);
	};
}

function answerPage(rows: readonly unknown[], query: URLSearchParams, form: TaskListForm): Reply {
	if (form === 'bareArray') {
		const first = Math.max(readInteger(query, 'p'), 0) * DEFAULT_PAGE_SIZE;
		return jsonReply(200, { success: true, message: '', data: rows.slice(first, first + DEFAULT_PAGE_SIZE) });
	}
	const page = Math.max(readInteger(query, 'p'), 1);
	const pageSize = readPageSize(query);
	const items = rows.slice((page - 1) * pageSize, page * pageSize);
	const shownItems = form === 'nullItems' && items.length === 0 ? null : items;
	const data =
		form === 'nestedData' ? { data: items } : { page, page_size: pageSize, total: rows.length, items: shownItems };
	return jsonReply(200, { success: true, message: '', data });
}

function readPageSize(query: URLSearchParams): number {
	const wanted = PAGE_SIZE_NAMES.map((name) => readInteger(query, name)).find((size) => size !== 0) ?? 0;
	return wanted > 0 ? Math.min(wanted, MAXIMUM_PAGE_SIZE) : DEFAULT_PAGE_SIZE;
}

/** 0 for what is absent or no number, which the gateway ignores. */
function readInteger(query: URLSearchParams, name: string): number {
	const text = query.get(name) ?? '';
	return /^-?\d+$/.test(text) ? Number(text) : 0;
}
