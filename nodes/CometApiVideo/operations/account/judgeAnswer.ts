/** Whether an answer to a probe is what the contract says. */
import { CometApiVideoError, RequestError, cleanServerText, toCometApiVideoError } from '../../task/errors';
import type { VideoTask } from '../../task/types';
import { readSaid } from '../../service/reader/refusal';
import { beginningOf } from '../../service/reader/readCreated';
import { hasNothingYet } from '../../service/reader/readTask';
import { refusal } from '../../service/refusals';
import type { Reply } from '../../service/refusals';
import { parseJson } from '../../task/json';
import { INVENTED_TASK_ID } from './probes';
import type { Probe } from './probes';

/** Stored in rows of users. `ok`: as the contract says. */
export type CheckResult = 'ok' | 'differs' | 'notThere' | 'notAsked' | 'noAnswer';

export interface Judgement {
	result: CheckResult;
	/** One sentence for the user. */
	finding: string;
}

/** A create that should have been refused may have made something: nothing more may be sent. */
class AcceptedProbeError extends CometApiVideoError {}

const noAnswer = (finding: string): Judgement => ({ result: 'noAnswer', finding });

/** @throws AcceptedProbeError when the answer to a create holds a task, or is no refusal */
export function judgeAnswer(probe: Probe, reply: Reply): Judgement {
	const json = parseJson(reply.body);
	if (probe.kind === 'create') assertNothingCreated(probe, reply, json);
	if (isNoRoute(reply, json)) {
		return { result: 'notThere', finding: `CometAPI has no such route (${seen(reply, json)})` };
	}
	const isWell = reply.statusCode >= 200 && reply.statusCode < 300;
	const said = isWell ? readAnswer(probe, json) : refusal(reply, json, undefined, probe.kind);
	if (!(said instanceof Error)) return judgeTask(said, json);
	if (said instanceof RequestError && (said.kind === 'throttled' || isGatewayDown(reply, json))) {
		return noAnswer(said.message);
	}
	const { httpStatus = reply.statusCode } = said.details;
	const isRefusal = said instanceof RequestError && said.kind === 'refused' && httpStatus !== 401;
	// A key that may not do something says nothing about the route of a look.
	if (!isRefusal || (probe.kind === 'look' && httpStatus === 403)) {
		return { result: 'differs', finding: `A refusal was expected; ${seen(reply, json)}` };
	}
	return { result: 'ok', finding: EXPECTED[probe.kind] };
}

const EXPECTED = {
	look: 'The made-up task is not known, as it should be',
	create: 'The made-up model was refused, as it should be',
};

function readAnswer(probe: Probe, json: unknown): VideoTask | CometApiVideoError {
	try {
		const { taskApi, create, route } = probe;
		if (create) taskApi.parseCreated(json, create, '');
		return taskApi.parseTask(json, { provider: '', taskId: INVENTED_TASK_ID, route });
	} catch (error) {
		return toCometApiVideoError(error);
	}
}

/** A look has been answered with a task. An error without a word for its state is read as a failed one. */
function judgeTask(task: VideoTask, json: unknown): Judgement {
	const isRefusal = task.status === 'failed' && task.reason !== '';
	const isNothing = hasNothingYet(json) || (task.status === 'pending' && task.rawStatus === '');
	if (isRefusal || isNothing) return { result: 'ok', finding: EXPECTED.look };
	const status = task.rawStatus || task.status;
	return { result: 'differs', finding: `CometAPI has a task under an ID that was made up (status "${status}")` };
}

function assertNothingCreated(probe: Probe, reply: Reply, json: unknown): void {
	const { taskApi, create, route } = probe;
	if (!create) return;
	let taskId = '';
	try {
		({ taskId } = taskApi.parseCreated(json, create, ''));
	} catch (error) {
		const isWell = reply.statusCode >= 200 && reply.statusCode < 300;
		if (!isWell || error instanceof RequestError || isNoRoute(reply, json)) return;
	}
	throw new AcceptedProbeError(
		`CometAPI did not refuse a made-up model on POST ${route}: ${beginningOf(reply.body)}`,
		'The check was stopped. Look for the task in the CometAPI console: it may be billed.',
		{ taskId, route, httpStatus: reply.statusCode },
	);
}

/** The gateway's own word for it, the website in its place, or a way to it. */
function isNoRoute({ statusCode, body }: Reply, json: unknown): boolean {
	if (statusCode >= 300 && statusCode < 400) return true;
	if (statusCode === 405 || /invalid url/i.test(body.slice(0, 1000))) return true;
	// "404" alone is said by a route behind which there is nothing.
	if (readSaid(json).said === '404') return true;
	return statusCode < 500 && (typeof json !== 'object' || json === null) && /^\s{0,100}</.test(body);
}

function isGatewayDown({ statusCode }: Reply, json: unknown): boolean {
	return statusCode >= 500 && (typeof json !== 'object' || json === null);
}

function seen({ statusCode, body }: Reply, json: unknown): string {
	const said = readSaid(json).said || (json === undefined ? '' : cleanServerText(body));
	return `CometAPI answered HTTP ${statusCode}${said === '' ? '' : `: ${said.slice(0, 200)}`}`;
}
