/**
 * Asks for a file: where it may be fetched from, and who gets the API key. The key goes to CometAPI's own address only; links
 * to private networks are refused, for they come from a server's answer.
 */
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { shownLink } from '../task/shownLink';
import type { AssetSource } from '../task/types';
import { CREDENTIAL_TYPE } from './client';
import { FailedDownload } from './downloadFailure';
import { toFileResponse } from './downloadStream';
import type { FileResponse } from './downloadStream';
import { isPrivateHost } from './origin';

const MAX_REDIRECTS = 5;
/** The account's own routes, which the credential opens with the access token; some change what they are asked for. No file is there. */
const ACCOUNT_PATH = /^\/api\//;

export interface FileRequestOptions {
	/** Of CometAPI, without a slash at its end. */
	baseUrl: string;
	/** Taken out of what messages show of an answer: CometAPI's own address is asked with the key. */
	secrets: readonly string[];
	/** Milliseconds without a response before the server counts as hung. */
	timeoutMs: number;
	/** Finds the link of a file that has to be looked up. */
	lookUpLink(path: string, urlPath: string): Promise<string>;
}

/** Any answer, also a refusal, but no redirect. @throws FailedDownload for a link that is not followed; what the network ends with */
export async function openSource(
	context: IExecuteFunctions,
	source: AssetSource,
	options: FileRequestOptions,
): Promise<FileResponse> {
	switch (source.at) {
		case 'lookup':
			return await openLink(context, await options.lookUpLink(source.path, source.urlPath), options);
		case 'content':
			return await openLink(context, `${options.baseUrl}${source.path}`, options);
		case 'url':
			return await openLink(context, source.url, options);
	}
}

/**
 * Follows redirects itself: each hop is checked, and the key goes along as long as all of them were at CometAPI's own origin.
 * Who is led there by a stranger does not bring the key.
 */
async function openLink(context: IExecuteFunctions, link: string, options: FileRequestOptions): Promise<FileResponse> {
	const own = new URL(options.baseUrl).origin;
	let url = allowedUrl(link, options.baseUrl, options.baseUrl);
	let isOwn = url.origin === own;
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
		const response = await open(context, url, isOwn && !ACCOUNT_PATH.test(url.pathname), options.timeoutMs);
		if (response.location === undefined) return response;
		url = allowedUrl(response.location, url.href, options.baseUrl);
		isOwn &&= url.origin === own;
	}
	throw new FailedDownload(
		'refused',
		'The link of the finished task redirects too often',
		'Open the link of the result in a browser.',
	);
}

/** @throws FailedDownload for anything that a server's answer must not make n8n fetch */
function allowedUrl(link: string, relativeTo: string, baseUrl: string): URL {
	const url = URL.canParse(link, relativeTo) ? new URL(link, relativeTo) : undefined;
	const isCometApiPrivate = isPrivateHost(new URL(baseUrl).hostname);
	if (!url || !/^https?:$/.test(url.protocol) || (isPrivateHost(url.hostname) && !isCometApiPrivate)) {
		throw new FailedDownload(
			'refused',
			`The link of the finished task points to ${shownLink(url?.host ?? '') || 'no web address'}, which is not fetched`,
			'Links into private networks are refused. Look at the link of the result, and report it to CometAPI if it is wrong.',
		);
	}
	return url;
}

async function open(context: IExecuteFunctions, url: URL, withKey: boolean, timeout: number): Promise<FileResponse> {
	const { httpRequest, httpRequestWithAuthentication } = context.helpers;
	const { request, abort } = streamRequest(context, url.href, timeout);
	const response: unknown = withKey
		? await httpRequestWithAuthentication.call(context, CREDENTIAL_TYPE, request)
		: await httpRequest(request);
	return toFileResponse(response as Parameters<typeof toFileResponse>[0], abort);
}

/**
 * A file as a stream; redirects and refusals come as they are. Stop ends it, and so does `abort`.
 * @param timeout milliseconds
 */
export function streamRequest(
	context: IExecuteFunctions,
	url: string,
	timeout: number,
): { request: IHttpRequestOptions; abort: () => void } {
	const controller = new AbortController();
	const cancel = context.getExecutionCancelSignal();
	const request: IHttpRequestOptions = {
		method: 'GET',
		url,
		timeout,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
		abortSignal: cancel ? AbortSignal.any([cancel, controller.signal]) : controller.signal,
	};
	return { request, abort: () => controller.abort() };
}
