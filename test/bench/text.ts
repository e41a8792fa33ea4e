/** Processor time for texts from outside on each way in: a pattern that is not linear would stop all of n8n for minutes. */
import { isPrivateHost } from '../../nodes/CometApiVideo/service/origin';
import {
	assertMeant,
	assertNoExpressionText,
	assertNoForgottenExpression,
	assertTaskId,
} from '../../nodes/CometApiVideo/task/checkText';
import { CometApiVideoError, cleanServerText, withReason } from '../../nodes/CometApiVideo/task/errors';
import { showValue } from '../../nodes/CometApiVideo/task/shownText';
import type { Figure } from './figure';

const MEGABYTE = 1_000_000;
const TRIES = 5;
const PARTS = [' ', '{', '{{ ', '}} {', '[', ']', '"', '(request id: ', 'https://a.b?', 'sk-', '\r\n', '\u0007'];

const WAYS: ReadonlyArray<(text: string) => unknown> = [
	cleanServerText,
	(text) => withReason('It failed', text),
	(text) => new CometApiVideoError(text, text, { errorCode: text, videoUrl: text }),
	showValue,
	(text) => assertNoExpressionText('Prompt', text),
	(text) => assertNoForgottenExpression('Shots', [{ scene: text }]),
	(text) => assertMeant('Prompt', text),
	(text) => assertTaskId('Task ID', text),
	isPrivateHost,
];

export async function measureText(): Promise<Figure[]> {
	const figure = (megabytes: number, bar: number): Figure => ({
		what: `cleaning or checking ${megabytes} MB of text, the slowest way in`,
		value: slowest(megabytes * MEGABYTE),
		...{ unit: 'ms', bar, time: 'real' },
	});
	// Four times the text, four times the bar: what grows with the square would take sixteen times as long.
	return await Promise.resolve([figure(1, 50), figure(4, 200)]);
}

function slowest(length: number): number {
	const texts = PARTS.map((part) => `a${part.repeat(Math.ceil(length / part.length)).slice(0, length)}b`);
	return Math.max(...WAYS.flatMap((way) => texts.map((text) => bestTime(() => way(text)))));
}

/** In processor time, the best of several: the machine does other things as well. */
function bestTime(work: () => unknown): number {
	const times = Array.from({ length: TRIES }, () => {
		const before = process.cpuUsage();
		try {
			work();
		} catch {
			// A refusal is an answer as well.
		}
		return process.cpuUsage(before).user / 1000;
	});
	return Math.min(...times);
}
