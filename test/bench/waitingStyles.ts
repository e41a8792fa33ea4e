/**
 * The two usual ways to wait for video tasks in n8n nodes, written anew for comparison. Both stop at the first poll that is
 * refused, and the row of such an item has the message alone, as in the nodes that were looked at.
 */
import type { Clock } from '../../nodes/CometApiVideo/task/clock';
import { SIMULATOR_API_KEY } from '../simulator/simulator';

interface StyleOptions {
	baseUrl: string;
	clock: Clock;
}

interface StyleRow {
	taskId?: string;
	error?: string;
}

/** One row per prompt. */
export type WaitingStyle = (prompts: readonly string[], options: StyleOptions) => Promise<StyleRow[]>;

const SERIAL_GAP_MS = 10_000;
const PARALLEL_GAP_MS = 5_000;

/** One item after the other; sleeps once more after the final answer. */
export const waitInSeries: WaitingStyle = async (prompts, options) => {
	const rows: StyleRow[] = [];
	for (const prompt of prompts) {
		const row = await makeVideo(prompt, SERIAL_GAP_MS, options);
		if (row.taskId !== undefined) await options.clock.sleep(SERIAL_GAP_MS);
		rows.push(row);
	}
	return rows;
};

/** All items at once, each with a loop of its own. */
export const waitInParallel: WaitingStyle = async (prompts, options) =>
	await Promise.all(prompts.map(async (prompt) => await makeVideo(prompt, PARALLEL_GAP_MS, options)));

async function makeVideo(prompt: string, gapMs: number, options: StyleOptions): Promise<StyleRow> {
	try {
		const taskId = await createTask(prompt, options);
		for (;;) {
			await options.clock.sleep(gapMs);
			const { status } = await ask(`/v1/videos/${taskId}`, { method: 'GET' }, options);
			if (status === 'completed') return { taskId };
			if (status === 'failed') throw new Error('The task failed');
		}
	} catch (error) {
		return { error: String(error) };
	}
}

async function createTask(prompt: string, options: StyleOptions): Promise<string> {
	const body = new FormData();
	const fields = { model: 'doubao-seedance-2-0', prompt, seconds: '5', size: '16:9' };
	for (const [name, value] of Object.entries(fields)) body.append(name, value);
	const { id } = await ask('/v1/videos', { method: 'POST', body }, options);
	return String(id);
}

async function ask(path: string, request: RequestInit, { baseUrl }: StyleOptions): Promise<Record<string, unknown>> {
	const headers = { authorization: `Bearer ${SIMULATOR_API_KEY}` };
	const reply = await fetch(`${baseUrl}${path}`, { ...request, headers });
	const text = await reply.text();
	if (!reply.ok) throw new Error(`HTTP ${reply.status}`);
	return JSON.parse(text) as Record<string, unknown>;
}
