import { randomBytes, randomInt } from 'node:crypto';

const UTC_PLUS_8_MS = 8 * 60 * 60 * 1000;
const ALPHANUMERICS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `length` random characters of [0-9A-Za-z]. */
export function createRandomText(length: number): string {
	return Array.from(randomBytes(length), (byte) => ALPHANUMERICS[byte % ALPHANUMERICS.length]).join('');
}

/**
 * Local time of the service (UTC+8) as YYYYMMDDHHMMSS, then nanoseconds without leading zeros, then 8 characters.
 * Form taken from ids that live replies quoted in February 2026, e.g. 20260205132859798638387SIHCnxzJ.
 */
export function createRequestId(nowMs: number): string {
	const seconds = new Date(nowMs + UTC_PLUS_8_MS).toISOString().slice(0, 19).replace(/\D/g, '');
	const nanoseconds = (Math.floor(nowMs) % 1000) * 1_000_000 + randomInt(1_000_000);
	return `${seconds}${nanoseconds}${createRandomText(8)}`;
}
