/**
 * One request as it arrived: what tests look at, and what the routes check. Owns reading and decoding of bodies;
 * leaves every judgement about their content to the routes.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface RecordedFile {
	field: string;
	fileName: string;
	contentType: string;
	bytes: Buffer;
}

export interface RecordedForm {
	fields: Array<[string, string]>;
	files: RecordedFile[];
}

export interface RecordedRequest {
	method: string;
	/** Without the query. */
	path: string;
	query: URLSearchParams;
	headers: IncomingHttpHeaders;
	body: Buffer;
	/** Present when a multipart or urlencoded body could be decoded. */
	form?: RecordedForm;
	/** Present when a JSON body could be decoded. */
	json?: unknown;
	/** The route that the request belongs to; absent for unknown paths. */
	route?: string;
	/** Kind of the fault that was applied. */
	fault?: string;
	/** HTTP status of the reply; absent while unanswered, and for good when the request was stalled or reset. */
	status?: number;
}

/** Media type of the body, lower case, without parameters. */
export function readMediaType(request: RecordedRequest): string {
	const [mediaType = ''] = (request.headers['content-type'] ?? '').split(';');
	return mediaType.trim().toLowerCase();
}

/** Resolves once the body has arrived completely; rejects when the client goes away before that. */
export async function readRequest(incoming: IncomingMessage): Promise<RecordedRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) {
		chunks.push(chunk as Buffer);
	}
	// Split by hand: the URL parser would repair paths that the service does not know.
	const target = incoming.url ?? '/';
	const queryStart = target.indexOf('?');
	return {
		method: incoming.method ?? 'GET',
		path: queryStart === -1 ? target : target.slice(0, queryStart),
		query: new URLSearchParams(queryStart === -1 ? '' : target.slice(queryStart + 1)),
		headers: incoming.headers,
		body: Buffer.concat(chunks),
	};
}

/** Fills `form` or `json`. A body that does not decode leaves both empty: the route then refuses it. */
export async function decodeBody(request: RecordedRequest): Promise<void> {
	switch (readMediaType(request)) {
		case 'application/json':
			request.json = parseJson(request.body.toString('utf8'));
			break;
		case 'application/x-www-form-urlencoded':
			request.form = { fields: [...new URLSearchParams(request.body.toString('utf8'))], files: [] };
			break;
		case 'multipart/form-data':
			request.form = await parseMultipart(request);
			break;
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

async function parseMultipart(request: RecordedRequest): Promise<RecordedForm | undefined> {
	const form: RecordedForm = { fields: [], files: [] };
	try {
		const response = new Response(new Uint8Array(request.body), {
			headers: { 'content-type': request.headers['content-type'] ?? '' },
		});
		// Collected with forEach: the one way to walk a form that all libraries of types know.
		const parts: Array<[string, string | File]> = [];
		(await response.formData()).forEach((value, field) => parts.push([field, value]));
		for (const [field, value] of parts) {
			if (typeof value === 'string') {
				form.fields.push([field, value]);
			} else {
				form.files.push({
					field,
					fileName: value.name,
					contentType: value.type,
					bytes: Buffer.from(await value.arrayBuffer()),
				});
			}
		}
	} catch {
		return undefined;
	}
	return form;
}
