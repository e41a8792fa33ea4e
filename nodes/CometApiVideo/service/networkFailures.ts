/**
 * What a request that got no answer means. Whether it was sent is judged by where it failed, never by the code alone: a
 * connection that is up can die with `EHOSTUNREACH` after CometAPI has accepted a create.
 */
import type { IDataObject } from 'n8n-workflow';
import { RequestError, cleanServerText } from '../task/errors';
import { COMET_API } from './refusals';
import type { Asked } from './refusals';

/** How often n8n's helper, axios and Node wrap an error into each other, with room for more. */
const MAX_DEPTH = 6;
/** System calls before a connection is up: https://nodejs.org/api/errors.html#errorsyscall */
const BEFORE_CONNECTION = /^(?:connect|socket|bind|getaddrinfo|getnameinfo|query[A-Z]\w*)$/;
/** Messages of Node begin with the system call, e.g. `connect ETIMEDOUT 1.2.3.4:443`. */
const SYSTEM_CALL_IN_MESSAGE = /^(\w{1,20}) E[A-Z\d_]{2,30}\b/;
/** OpenSSL's words for a certificate that Node does not accept: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_CODES = /^(?!ERR_SSL_).*(?:CERT|SIGNATURE|INVALID_CA|CRL|HOSTNAME_MISMATCH)/;
/** Node's words for a socket that was closed while TLS was being set up; the code is `ECONNRESET`, as for any other. */
const CLOSED_BEFORE_TLS = /before secure TLS connection was established/;

type Failure = IDataObject & { message?: string };

/**
 * @param url that was asked
 * @returns kind `notSent`: nothing has left this machine, and it may work a moment later; `refused`: the same, but repeating
 * does not help (a certificate, a protocol); `transient`: the request may have been accepted
 */
export function lostConnection(error: unknown, url: string, asked: Asked = COMET_API): RequestError {
	const { name: service, credential } = asked;
	const code = networkErrorCode(error);
	const { host } = new URL(url);
	const details = { errorCode: code };
	const shown = code || cleanServerText((error as Error).message);
	if (CERTIFICATE_CODES.test(code)) {
		return new RequestError(
			'refused',
			`The certificate of ${host} is not accepted (${code})`,
			`Check the Base URL in the credential "${credential}", and the proxy and certificates of n8n.`,
			details,
		);
	}
	const failures = chainOf(error);
	if (failures.some(isBeforeTls)) {
		return new RequestError(
			code === 'ECONNRESET' ? 'notSent' : 'refused',
			`No secure connection to ${service} at ${host} could be set up (${shown})`,
			`Check the Base URL in the credential "${credential}" (whether its port speaks https), and the proxy of n8n.`,
			details,
		);
	}
	if (failures.some(isBeforeConnection)) {
		return new RequestError(
			'notSent',
			`${service} could not be reached at ${host} (${shown})`,
			`Check the internet connection and proxy of n8n, and the Base URL in the credential "${credential}".`,
			details,
		);
	}
	return new RequestError(
		'transient',
		code === 'ECONNABORTED' || code === 'ETIMEDOUT'
			? `${service} at ${host} did not answer in time`
			: `The connection to ${service} at ${host} was lost (${shown})`,
		`Check the internet connection and proxy of n8n, and whether ${service} reports an outage.`,
		details,
	);
}

/** The code of the system or the HTTP parser inside whatever n8n's helper threw, e.g. `ECONNRESET`, `HPE_INVALID_CONSTANT`. */
export function networkErrorCode(error: unknown): string {
	for (const { code, httpCode } of chainOf(error)) {
		for (const candidate of [code, httpCode]) {
			if (typeof candidate === 'string' && /^[A-Z][A-Z\d_]{2,}$/.test(candidate)) return candidate;
		}
	}
	return '';
}

/** The error and what it was made of, outermost first. */
function chainOf(error: unknown): Failure[] {
	const chain: Failure[] = [];
	let current = error as Failure | undefined;
	while (typeof current === 'object' && current !== null && chain.length < MAX_DEPTH) {
		chain.push(current);
		current = (current.cause ?? current.error) as Failure | undefined;
	}
	return chain;
}

/** Whether Node had not got as far as a connection. Where it tried several addresses, all of them must have failed there. */
function isBeforeConnection({ syscall, message, errors }: Failure): boolean {
	if (Array.isArray(errors) && errors.length > 0) return (errors as Failure[]).every(isBeforeConnection);
	const call = typeof syscall === 'string' ? syscall : SYSTEM_CALL_IN_MESSAGE.exec(message ?? '')?.[1];
	return call !== undefined && BEFORE_CONNECTION.test(call);
}

/** Whether TLS was still being set up; the request is written after that only. */
function isBeforeTls({ message, request }: Failure): boolean {
	const { socket } = (request ?? {}) as { socket?: { encrypted?: boolean; secureConnecting?: boolean } };
	return CLOSED_BEFORE_TLS.test(message ?? '') || (socket?.encrypted === true && socket.secureConnecting === true);
}
