/** Whether a user who gets this row was served rightly: nothing lost, nothing paid twice, no word of CometAPI hidden. */
import { SIMULATOR_API_KEY, sampleVideo } from '../simulator/simulator';
import type { WorldRecord } from './worldRun';

/** A refusal that comes with every look says all that there is to say; the poll interval is 10 seconds. */
const MOST_LOOKS_AFTER_END = 16;
const SHOWN_LENGTH = 300;
/** So little of an answer without an id tells a person where to look. */
const START_OF_ANSWER = 24;

/** @returns what is wrong, in words for the one who reads the failed test */
export function judgeWorld(record: WorldRecord): string[] {
	const { world, row, creates, task } = record;
	const told = textsIn(row).join('\n');
	const problems: string[] = [];
	const demand = (isMet: boolean, problem: string) => {
		if (!isMet) problems.push(problem);
	};
	demand(creates === 1, `${creates} creates`);
	demand(!told.includes(SIMULATOR_API_KEY), 'the key is shown');
	demand(!/simulatorDefect|\[object |\bundefined\b|\bNaN\b/.test(told), 'words that nobody can read');
	if (world.says !== undefined) demand(told.includes(world.says), `"${world.says}" is hidden`);
	if (task) demand(told.includes(task.id) || isStartTold(record, told), `the task ${task.id.slice(0, 40)} is lost`);
	problems.push(...judgeOutcome(record, told));
	if (problems.length === 0) return [];
	return [`${world.name}: ${problems.join(', ')}; got ${JSON.stringify(shownOf(record)).slice(0, SHOWN_LENGTH)}`];
}

function judgeOutcome(record: WorldRecord, told: string): string[] {
	const { world, row, fileBytes, looks, task } = record;
	const isError = typeof row.error === 'string';
	switch (world.outcome) {
		case 'video':
			if (row.status !== 'succeeded') return ['no video'];
			return [
				...(fileBytes === sampleVideo.length ? [] : [`${fileBytes ?? 'no'} bytes of a file of ${sampleVideo.length}`]),
				...judgeTimes(record),
			];
		case 'failed': {
			const said = String(row.failureReason ?? '');
			const isTold = row.status === 'failed' && said.includes(world.says ?? '');
			return [
				...(isTold ? [] : ['it is not a failed task with its reason']),
				...(looks <= MOST_LOOKS_AFTER_END ? [] : [`${looks} looks`]),
			];
		}
		case 'noFile': {
			const hasLink = task ? told.includes(task.details.resultUrl.split('?')[0] ?? '') : true;
			return [
				...(row.status === 'failed' || isError ? [] : ['it is neither a failed task nor an error']),
				...(hasLink ? [] : ['its link is lost']),
				...(looks <= MOST_LOOKS_AFTER_END ? [] : [`${looks} looks`]),
			];
		}
		case 'refused':
			return [
				...(isError ? [] : ['no error']),
				...(/not known whether|may exist/i.test(told) ? ['a refusal is called an unknown outcome'] : []),
			];
		case 'noCredit':
			return [
				...(isError ? [] : ['no error']),
				...(/out of credit/i.test(told) ? [] : ['it does not say that the account is out of credit']),
				...(/not known whether|limiting the number|too many requests|Max Tasks/i.test(told)
					? ['it is taken for something else than want of money']
					: []),
			];
		case 'unknown':
			return [
				...(isError ? [] : ['no error']),
				...(/not known whether|may exist/i.test(told) ? [] : ['it does not say that a task may exist']),
			];
	}
}

/** Where an item has times they are those of the task; what cannot be a time is left out. */
function judgeTimes({ world, row, task }: WorldRecord): string[] {
	if (!/\btimes (in|that)\b/.test(world.name) || !task) return [];
	const { createdAt } = row;
	if (createdAt === null || createdAt === undefined) return [];
	const isRight = Math.abs(Date.parse(String(createdAt)) - task.details.createdAtMs) < 1000;
	return isRight ? [] : [`created at ${String(createdAt)}, not ${new Date(task.details.createdAtMs).toISOString()}`];
}

/** The answer to the create named no task; where it was empty, there is nothing to tell. */
function isStartTold({ world, task }: WorldRecord, told: string): boolean {
	if (world.outcome !== 'unknown' || !task) return false;
	return !/place that nobody knows|plain text/.test(world.name) || told.includes(task.id.slice(0, START_OF_ANSWER));
}

function shownOf({ row, fileBytes, looks }: WorldRecord) {
	const { status, rawStatus, videoUrl, failureReason, error, message, timedOut } = row;
	return { status, rawStatus, videoUrl, failureReason, timedOut, error, message, fileBytes, looks };
}

/** All texts of a row; without what CometAPI has sent word for word, which the user asked to see. */
function textsIn(value: unknown, name = ''): string[] {
	if (name === 'raw') return [];
	if (typeof value === 'string') return [value];
	if (typeof value !== 'object' || value === null) return value === undefined ? [] : [String(value)];
	return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, key));
}
