/**
 * Every fault of the simulator, 100 tasks each: no task that exists may be lost, and none be paid twice. Each case runs twice:
 * with an error output, and with n8n's Retry On Fail, which runs the whole node again.
 */
import type { INodeExecutionData } from 'n8n-workflow';
import type { RecordedRequest } from '../simulator/simulator';
import type { FaultCase } from './faultCases';
import { FAULT_CASES } from './faultCases';
import type { Figure } from './figure';
import type { VideoRun } from './videoRun';
import { PROMPT_OF_ITEM, buildItems, runVideos } from './videoRun';
import { startVirtualService } from './virtualService';

const TASKS = 100;
const TASK_SECONDS = 30;
const UNKNOWN = 'not known whether';
const LISTED_UNKNOWN = /not known whether the videos? of items? ([\d, ]+) w/;

interface Outcome {
	/** Tasks whose id is in no row, error row, error or saved context although CometAPI's answer gave it. */
	lost: number;
	/** Tasks whose id only the saved context of the execution has. */
	onlyInContext: number;
	/** Further tasks with a prompt that already has one. */
	paidTwice: number;
	/** Tasks whose create was answered without an id. */
	unknowable: number;
	/** Those of them of which nothing that the user reads says that they may exist. */
	untold: number;
	/** Items that end without a video. */
	withoutVideo: number;
}

export async function measureFaults(): Promise<Figure[]> {
	const continued: Outcome[] = [];
	const retried: Outcome[] = [];
	for (const faultCase of FAULT_CASES) {
		continued.push(await runCase(faultCase, false));
		retried.push(await runCase(faultCase, true));
	}
	const title = `${FAULT_CASES.length} faults × ${TASKS} tasks`;
	const sum = (outcomes: readonly Outcome[], field: keyof Outcome) =>
		outcomes.reduce((total, outcome) => total + outcome[field], 0);
	const figure = (what: string, value: number, bar?: number): Figure => ({
		what: `${title}, ${what}`,
		value,
		bar,
		time: 'virtual',
	});
	return [
		figure('error output: tasks lost', sum(continued, 'lost'), 0),
		figure('error output: id only in the saved context, in no row', sum(continued, 'onlyInContext'), 0),
		figure('error output: paid twice', sum(continued, 'paidTwice'), 0),
		figure('error output: id never arrived, and no row says so', sum(continued, 'untold'), 0),
		figure('error output: id never arrived', sum(continued, 'unknowable')),
		figure('error output: items without video', sum(continued, 'withoutVideo')),
		figure('Retry On Fail: tasks lost', sum(retried, 'lost'), 0),
		figure('Retry On Fail: id only in the saved context, not in the error', sum(retried, 'onlyInContext'), 0),
		figure('Retry On Fail: paid twice', sum(retried, 'paidTwice'), 0),
		figure('Retry On Fail: id never arrived, and the error does not say so', sum(retried, 'untold'), 0),
	];
}

async function runCase(
	{ name, fault, hidesId, parameters, withoutLink }: FaultCase,
	isRetried: boolean,
): Promise<Outcome> {
	const { simulator, settings } = await startVirtualService({ taskSeconds: TASK_SECONDS });
	const seen = new Set<string>();
	// The first request of each task; repetitions go through.
	const when = (request: RecordedRequest) => {
		const key = readKey(request);
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	};
	simulator.addFault({ ...fault, when, times: Infinity });
	if (withoutLink) simulator.addFault({ on: 'create', kind: 'noVideoUrl', times: Infinity });
	const options = { maxTasksInFlight: 20, requestTimeout: 1, timeout: 5 };
	const run = await runVideos({ ...PROMPT_OF_ITEM, ...parameters, options }, buildItems(TASKS), {
		...settings,
		onError: isRetried ? undefined : 'continueErrorOutput',
		retryOnFail: isRetried,
	});
	await simulator.close();
	const wasHit = seen.size > 0;
	if (!wasHit) throw new Error(`The fault "${name}" met no request`);
	const outcome = judge(
		run,
		[...simulator.tasks.values()].map(({ id, details }) => ({ id, prompt: details.prompt })),
		hidesId === true,
	);
	if (outcome.lost + outcome.paidTwice + outcome.untold + outcome.onlyInContext > 0) {
		console.error(`${name}${isRetried ? ', Retry On Fail' : ''}: ${JSON.stringify(outcome)}`);
	}
	return outcome;
}

function judge(run: VideoRun, tasks: ReadonlyArray<{ id: string; prompt: string }>, hidesId: boolean): Outcome {
	const text = JSON.stringify([run.rows, run.errorRows, run.errorText]);
	const unnamed = tasks.filter(({ id }) => !text.includes(id));
	const unknowable = hidesId ? unnamed : [];
	const lost = hidesId ? [] : unnamed.filter(({ id }) => !run.contextText.includes(id));
	return {
		lost: lost.length,
		onlyInContext: unnamed.length - unknowable.length - lost.length,
		paidTwice: tasks.length - new Set(tasks.map(({ prompt }) => prompt)).size,
		unknowable: unknowable.length,
		untold: Math.max(0, unknowable.length - countTold(run)),
		withoutVideo: TASKS - run.rows.filter(({ json }) => json.status === 'succeeded').length,
	};
}

/** Error rows that say that a task may exist, or items of which the error says so: its own, and those that it lists. */
function countTold({ errorRows, errorText }: VideoRun): number {
	const isTold = ({ json }: INodeExecutionData) => JSON.stringify(json).includes(UNKNOWN);
	const own = errorText.includes(`${UNKNOWN} CometAPI created`) ? 1 : 0;
	const [, listed = ''] = LISTED_UNKNOWN.exec(errorText) ?? [];
	return errorRows.filter(isTold).length + own + listed.split(',').filter(Boolean).length;
}

/** Of the task that a request is about. */
function readKey({ path, form, json }: RecordedRequest): string {
	const prompt =
		form?.fields.find(([name]) => name === 'prompt')?.[1] ?? (json as { prompt?: string } | undefined)?.prompt;
	return `${path} ${prompt ?? ''}`;
}
