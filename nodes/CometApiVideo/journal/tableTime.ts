/** Times as n8n gives them: its API, its databases and its versions write them in different forms. */

const DATE_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|[+-]\d\d(?::?\d\d)?)?$/i;
const MAX_LENGTH = 40;
/** A number of seconds is smaller for some thousand years, one of milliseconds larger since 1973. */
const LEAST_MILLISECONDS = 1e11;
const LEAST_MICROSECONDS = 1e14;

/**
 * @param value text with or without a time zone (then it is UTC), or seconds, milli-, micro- or nanoseconds since 1970
 * @returns milliseconds since 1970; undefined for what is no time
 */
export function readTableTime(value: unknown): number | undefined {
	if (typeof value === 'number') return fromNumber(value);
	if (typeof value !== 'string' || value.length > MAX_LENGTH) return undefined;
	const text = value.trim();
	if (/^\d+$/.test(text)) return fromNumber(Number(text));
	const [, date, time, zone = 'Z'] = DATE_TIME.exec(text) ?? [];
	// A zone that is there already makes the first of the others unreadable.
	const forms = date && time ? [`${date}T${time}${fullZone(zone)}`] : [`${text} UTC`, text];
	return forms.map((form) => Date.parse(form)).find((milliseconds) => !Number.isNaN(milliseconds));
}

function fromNumber(value: number): number | undefined {
	if (!Number.isFinite(value) || value <= 0) return undefined;
	if (value < LEAST_MILLISECONDS) return value * 1000;
	return value < LEAST_MICROSECONDS ? value : fromNumber(value / 1000);
}

/** PostgreSQL writes `+02`. */
function fullZone(zone: string): string {
	if (zone.toUpperCase() === 'Z') return 'Z';
	const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
	return `${zone.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
