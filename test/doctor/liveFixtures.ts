/** Answers of the live service as files, redacted and dated: what a later fixture of the tests is made from. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Checked } from '../../nodes/CometApiVideo/operations/account/checkRoutes';
import { INVENTED_TASK_ID } from '../../nodes/CometApiVideo/operations/account/probes';
import type { Reply } from '../../nodes/CometApiVideo/service/refusals';
import { parseJson } from '../../nodes/CometApiVideo/task/json';
import { redact } from './redact';

const MAX_PAGE_LENGTH = 500;
/** As much of a long list as shows its form. */
const MAX_ROWS = 5;

export interface Reading extends Record<string, unknown> {
	provider: string;
	/** Distinguishes the files of one provider. */
	word: string;
}

export class LiveFixtures {
	readonly written: string[] = [];

	/**
	 * @param folder made when the first file is written
	 * @param secrets the key, and the access token if there is one
	 */
	constructor(
		private readonly folder: string,
		private readonly baseUrl: string,
		private readonly secrets: readonly string[],
		private readonly checkedOn: string,
		private readonly provenance: 'live' | 'simulator',
	) {}

	writeAnswer({ row, reply, probe }: Checked): void {
		if (!reply) return;
		const kind = probe?.kind ?? 'account';
		this.write(`${kind}.${row.route.replace(/^\w+ \//, '').replace(/[^\w]+/g, '-')}.json`, {
			result: row.result,
			request: { route: row.route, ...(probe?.create && { body: probe.create.body }) },
			...this.answerOf(reply, new Map([[INVENTED_TASK_ID, '{invented}']])),
		});
	}

	/** What a task says, in the form of the files of `test/fixtures`: the reading is that of the redacted answer. */
	writeReading(kind: 'created' | 'status', { provider, word, ...content }: Reading): void {
		const name = word.replace(/[^A-Za-z0-9]/g, '');
		this.write(`${provider}/${kind}.live${name.charAt(0).toUpperCase()}${name.slice(1)}.json`, content);
	}

	/** @param ids of tasks, with their stand-ins */
	redacted(body: unknown, ids: ReadonlyMap<string, string>): unknown {
		return redact(body, this.secrets, ids);
	}

	private answerOf({ statusCode, body }: Reply, ids: ReadonlyMap<string, string>) {
		const json = parseJson(body);
		const answer = json === undefined ? body.slice(0, MAX_PAGE_LENGTH) : shortened(json);
		return { status: statusCode, body: redact(answer, this.secrets, ids) };
	}

	private write(fileName: string, content: Record<string, unknown>): void {
		const origin = { source: this.baseUrl, checkedOn: this.checkedOn, provenance: this.provenance };
		const file = join(this.folder, fileName);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, `${JSON.stringify({ ...origin, ...content }, undefined, '\t')}\n`);
		this.written.push(file);
	}
}

function shortened(value: unknown): unknown {
	if (Array.isArray(value)) return value.slice(0, MAX_ROWS).map(shortened);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortened(inner)]));
}
