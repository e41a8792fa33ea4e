/** What a route answers, before it is written to a socket. */
type ReplyBody =
	| { kind: 'json'; value: unknown }
	| { kind: 'bytes'; bytes: Buffer }
	| { kind: 'stream'; open: () => Iterable<Buffer>; byteLength?: number };

export interface Reply {
	status: number;
	headers: Record<string, string>;
	body: ReplyBody;
}

export function jsonReply(status: number, value: unknown): Reply {
	return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: { kind: 'json', value } };
}

export function bytesReply(contentType: string, bytes: Buffer): Reply {
	return { status: 200, headers: { 'content-type': contentType }, body: { kind: 'bytes', bytes } };
}

export function htmlReply(title: string): Reply {
	const page = `<!doctype html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
	return bytesReply('text/html; charset=utf-8', Buffer.from(page));
}

export function redirectReply(status: number, location: string): Reply {
	const page = htmlReply('Moved Permanently');
	return { ...page, status, headers: { ...page.headers, location } };
}
