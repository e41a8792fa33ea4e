/** Compares what a batch has shown to the user with what has happened at CometAPI's stand-in. */
import type { SimulatedTask } from '../simulator/simulator';
import { sampleVideo } from '../simulator/simulator';
import type { BatchRecord, Order, ShownRow, Telling } from './batchRecord';
import type { Ledger } from './ledger';

/** How the node says of an item that its create's outcome is unknown, and of other items, which it counts from 1. */
const UNKNOWN = 'not known whether CometAPI created the video';
const OTHERS_UNKNOWN = /not known whether the videos? of items? ([\d, ]+)/g;

/** Reports everything that is not as it should be. */
export function judgeBatch(ledger: Ledger, record: BatchRecord): void {
	for (const telling of record.tellings) {
		judgeTelling(ledger, record, telling);
	}
	const tasks = ledger.tasksFor(new Set(record.orders.map(({ name }) => name)));
	for (const task of tasks) judgeWhetherNamed(ledger, record, task);
	judgePayments(ledger, record, tasks);
	judgeInnocent(ledger, record);
}

function judgeTelling(ledger: Ledger, { settings, orders, where }: BatchRecord, { rows, error }: Telling) {
	ledger.judgeText(error, where);
	for (const row of rows) {
		const whereRow = `${where}, ${describe(orders[row.item])}`;
		ledger.judgeRow(row.json, whereRow);
		ledger.judgeText(JSON.stringify(row.json), whereRow);
		judgePairing(ledger, row, orders, where);
		judgeFile(ledger, row, settings.downloads && settings.waits, where);
		const { status, timedOut, error: failure } = row.json;
		const isTold = typeof status === 'string' || (typeof failure === 'string' && failure !== '');
		// After Stop n8n passes the items on as they came, and runs no further node.
		if (!isTold && !settings.isStopped)
			ledger.report(
				'broken',
				where,
				`item ${row.item} came out as neither a task nor an error: ${JSON.stringify(row.json).slice(0, 300)}`,
			);
		if (settings.waits && status === 'pending' && timedOut !== true)
			ledger.report('wrong', where, `item ${row.item} was not waited for`);
		if (!settings.returnsFailures && status === 'failed')
			ledger.report('wrong', where, `item ${row.item} should be an error`);
	}
	if (error !== '') return;
	orders.forEach((_, item) => {
		const count = rows.filter((row) => row.item === item).length;
		if (count !== 1 && !settings.isStopped) ledger.report('broken', where, `item ${item} came out ${count} times`);
	});
}

function describe({ name, plan }: Order): string {
	return [name, ...plan.faults.map(({ on, kind, times = 1 }) => `${on} ${kind} x ${times}`)].join(', ');
}

/** Error rows name their task in `details`. */
function judgePairing(ledger: Ledger, { item, json }: ShownRow, orders: readonly Order[], where: string) {
	const taskId = json.taskId ?? (json.details as { taskId?: string } | undefined)?.taskId;
	const task = taskId === undefined || taskId === null ? undefined : ledger.task(taskId);
	if (task && ledger.orderOf(task) !== orders[item].name) {
		ledger.report('wrong', where, `item ${item} has the task of ${ledger.orderOf(task)}`);
	}
}

function judgeFile(ledger: Ledger, { item, json, fileBytes }: ShownRow, isWanted: boolean, where: string) {
	const isExpected = isWanted && json.status === 'succeeded';
	if (isExpected !== (fileBytes !== undefined)) {
		ledger.report('wrong', where, `item ${item} came out ${isExpected ? 'without' : 'with'} a file`);
	} else if (fileBytes !== undefined && fileBytes < sampleVideo.length) {
		ledger.report('wrong', where, `item ${item} has ${fileBytes} bytes of a file of ${sampleVideo.length}`);
	}
}

function judgeWhetherNamed(ledger: Ledger, record: BatchRecord, task: SimulatedTask) {
	const { settings, orders, tellings, recorded, where } = record;
	const item = orders.findIndex(({ name }) => name === ledger.orderOf(task));
	const ownRows = tellings.map(({ rows }) => JSON.stringify(rows.filter((row) => row.item === item)));
	const isInText = tellings.some(
		({ error, console }, index) =>
			error.includes(task.id) ||
			ownRows[index].includes(task.id) ||
			(settings.isStopped && console.join().includes(task.id)),
	);
	if (!isInText && !recorded.has(task.id) && !isToldUnknown(record, item)) {
		const said = tellings.map(({ error }) => error.slice(0, 3000) || 'no error').join(' / ');
		ledger.report(
			'lost',
			where,
			`nobody names ${task.id} of item ${item} (${describe(orders[item])}); the node says: ${said}`,
		);
	}
	const isInRow = tellings.some(({ rows }) => rows.some(({ json }) => json.taskId === task.id));
	if (settings.isRecorded && isInRow && !recorded.has(task.id) && !ownRows.join().includes('recordWarning')) {
		ledger.report('notRecorded', where, `${task.id} is in no table, and no row says so`);
	}
}

/** Whether the user knows that nobody knows whether there is a task of this item. */
function isToldUnknown({ tellings }: BatchRecord, item: number): boolean {
	return tellings.some(({ rows, error, errorItem }) => {
		if (rows.some((row) => row.item === item && JSON.stringify(row.json).includes(UNKNOWN))) return true;
		if (errorItem === item && error.includes(UNKNOWN)) return true;
		// The message tells of this try and of earlier ones.
		const others = [...error.matchAll(OTHERS_UNKNOWN)].flatMap(([, list]) =>
			list.split(',').map((number) => Number(number) - 1),
		);
		return others.includes(item);
	});
}

/** Only a person who has read what happened may order again, and only what has failed or may not exist. */
function judgePayments(ledger: Ledger, record: BatchRecord, tasks: readonly SimulatedTask[]) {
	const isRetriedByPerson = record.tellings.length > 1;
	record.orders.forEach(({ name }, item) => {
		const own = tasks.filter((task) => ledger.orderOf(task) === name);
		const isExcused = own
			.slice(0, -1)
			.every((task) => isRetriedByPerson && (ledger.hasFailed(task) || isToldUnknown(record, item)));
		if (!isExcused) ledger.report('paidTwice', record.where, `${name} made ${own.map(({ id }) => id).join(' and ')}`);
	});
}

/** An order that met no fault has a video, whatever befell the others of its batch. */
function judgeInnocent(ledger: Ledger, { settings, orders, tellings, where }: BatchRecord) {
	const [{ rows, error }] = tellings;
	if (error !== '' || settings.hasCommonFaults || settings.isStopped) return;
	orders.forEach(({ name, plan }, item) => {
		const row = rows.find((candidate) => candidate.item === item);
		if (plan.faults.length > 0 || !row) return;
		const [task] = ledger.tasksFor(new Set([name]));
		const isInTime = task && task.stateAt(task.details.createdAtMs + settings.timeoutMs - 1).progressPercent === 100;
		const status = row.json.status ?? row.json.error;
		const isRight = settings.waits ? status === 'succeeded' || (task && !isInTime) : status === 'pending';
		if (!isRight)
			ledger.report('wrong', where, `item ${item} met no fault and says: ${JSON.stringify(row.json).slice(0, 700)}`);
	});
}
