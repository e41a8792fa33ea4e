/** Requests to a running n8n, as its editor sends them, and what a refusal says. */

export interface N8nRequest {
	query?: Record<string, string>;
	body?: unknown;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** n8n's own answer to a request that it does not carry out. */
export class N8nRefusal extends Error {
	constructor(
		method: Method,
		path: string,
		readonly status: number,
		body: string,
	) {
		super(`n8n answered ${method} ${path} with ${status}: ${body.slice(0, 2000)}`);
		this.name = 'N8nRefusal';
	}
}

export class N8nHttp {
	/** @param headers sent with each request, e.g. a session cookie or an API key */
	constructor(
		readonly baseUrl: string,
		private readonly headers: Readonly<Record<string, string>> = {},
	) {}

	/** @throws {N8nRefusal} */
	async send(method: Method, path: string, { query, body }: N8nRequest = {}): Promise<Response> {
		const search = query ? `?${new URLSearchParams(query).toString()}` : '';
		const response = await fetch(`${this.baseUrl}${path}${search}`, {
			method,
			headers: {
				...this.headers,
				// n8n closes idle connections after some seconds, perhaps just when the next request goes out.
				connection: 'close',
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		if (!response.ok) throw new N8nRefusal(method, path, response.status, await response.text());
		return response;
	}

	/** The answer's JSON; the editor's routes wrap theirs in `data`, the public API does not. */
	async readJson<T>(method: Method, path: string, request?: N8nRequest): Promise<T> {
		return (await (await this.send(method, path, request)).json()) as T;
	}

	async readData<T>(method: Method, path: string, request?: N8nRequest): Promise<T> {
		return (await this.readJson<{ data: T }>(method, path, request)).data;
	}
}
