/** A client of the account's routes, for their tests: a simulator on a clock that the test moves, and plain HTTP. */
import { SIMULATOR_ACCESS_TOKEN, SIMULATOR_API_KEY, Simulator, type SimulatorOptions } from './simulator';

export const START_MS = Date.parse('2026-11-21T12:00:00Z');
export const START_SECONDS = START_MS / 1000;
export const TASKS = '/api/task/self';
export const MIDJOURNEY = '/api/mj/self';
export const KEYS = '/api/token/';
export const TOKEN = { authorization: SIMULATOR_ACCESS_TOKEN };
export const PICTURE = 'https://example.com/picture.png';

export type Item = Record<string, unknown>;

export interface Answer {
	status: number;
	headers: Headers;
	text: string;
	/** Of a JSON body, else empty. */
	body: Item;
}

export interface Page {
	page: number;
	page_size: number;
	total: number;
	items: Item[] | null;
}

export class AccountTest {
	private nowMs = START_MS;
	private running?: Simulator;

	/** In the place of the one that runs. */
	async start(options: SimulatorOptions = {}): Promise<void> {
		await this.close();
		this.nowMs = START_MS;
		this.running = await Simulator.start({ now: () => this.nowMs, ...options });
	}

	async close(): Promise<void> {
		const { running } = this;
		this.running = undefined;
		await running?.close();
	}

	get simulator(): Simulator {
		if (!this.running) throw new Error('start was not called');
		return this.running;
	}

	pass(seconds: number): void {
		this.nowMs += seconds * 1000;
	}

	/** Does not follow redirects. */
	async get(path: string, headers: Record<string, string> = TOKEN): Promise<Answer> {
		const response = await fetch(`${this.simulator.baseUrl}${path}`, { headers, redirect: 'manual' });
		const text = await response.text();
		const body = text.startsWith('{') ? (JSON.parse(text) as Item) : {};
		return { status: response.status, headers: response.headers, text, body };
	}

	/** `data` of a successful reply. */
	async readPage(path: string, headers?: Record<string, string>): Promise<Page> {
		const { status, body } = await this.get(path, headers);
		expect([status, body.success, body.message]).toEqual([200, true, '']);
		return body.data as Page;
	}

	async readItems(path: string, headers?: Record<string, string>): Promise<Item[]> {
		return (await this.readPage(path, headers)).items ?? [];
	}

	async readIds(path: string): Promise<unknown[]> {
		return (await this.readItems(path)).map(({ id }) => id);
	}

	async post(path: string, body: FormData | Item, headers: Record<string, string> = {}): Promise<Item> {
		const isForm = body instanceof FormData;
		const response = await fetch(`${this.simulator.baseUrl}${path}`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${SIMULATOR_API_KEY}`,
				...(isForm ? {} : { 'content-type': 'application/json' }),
				...headers,
			},
			body: isForm ? body : JSON.stringify(body),
		});
		expect(response.status).toBe(200);
		return (await response.json()) as Item;
	}

	/** The id of a task of `/v1/videos`. */
	async createVideo(fields: Record<string, string> = {}, picture?: Buffer): Promise<string> {
		const form = new FormData();
		const values = { model: 'sora-2', prompt: 'A boat', ...fields };
		for (const [name, value] of Object.entries(values)) form.set(name, value);
		if (picture) form.set('input_reference', new Blob([new Uint8Array(picture)], { type: 'image/png' }), 'a.png');
		return String((await this.post('/v1/videos', form)).id);
	}

	async createMidjourneyVideo(): Promise<string> {
		return String((await this.post('/mj/submit/video', { motion: 'low', image: PICTURE, prompt: 'A boat' })).result);
	}

	/** Where the task's video is once it has ended. */
	resultUrl(taskId: unknown): string | undefined {
		return this.simulator.tasks.get(String(taskId))?.details.resultUrl;
	}
}
