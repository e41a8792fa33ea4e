/** A moment as servers write it: a number of unknown unit, or a text that may lack its zone. */

/** No task of CometAPI is older than the company, and none ends in another century. */
const EARLIEST_MS = Date.UTC(2015, 0);
const LATEST_MS = Date.UTC(2100, 0);

interface Unit {
	below: number;
	perMillisecond: number;
}

/** The smallest number of each unit since 1970 that is no plausible number of the unit before: seconds, ms, µs, ns. */
const UNITS: readonly [Unit, ...Unit[]] = [
	{ below: 1e11, perMillisecond: 1e-3 },
	{ below: 1e14, perMillisecond: 1 },
	{ below: 1e17, perMillisecond: 1e3 },
	{ below: Infinity, perMillisecond: 1e6 },
];

/** Longer texts are no date. */
const MAX_TIME_LENGTH = 40;
const NUMBER = /^\d+(\.\d+)?$/;
/** Without a zone a text would be read in the zone of the machine; servers of this kind mean UTC. */
const WITHOUT_ZONE = /^(\d{4})[-/](\d\d?)[-/](\d\d?)(?:[T ](\d\d?:\d\d(?::\d\d(?:\.\d+)?)?))?$/;

/**
 * ISO 8601 in UTC from seconds, milli-, micro- or nanoseconds since 1970, or from a date in text; undefined for anything
 * that is no moment between 2015 and 2100.
 */
export function readTime(value: unknown): string | undefined {
	const milliseconds = toMilliseconds(value);
	const isPlausible = milliseconds >= EARLIEST_MS && milliseconds < LATEST_MS;
	return isPlausible ? new Date(milliseconds).toISOString() : undefined;
}

function toMilliseconds(value: unknown): number {
	if (typeof value === 'number') return fromNumber(value);
	if (typeof value !== 'string' || value.length > MAX_TIME_LENGTH) return NaN;
	const text = value.trim();
	if (NUMBER.test(text)) return fromNumber(Number(text));
	const parts = WITHOUT_ZONE.exec(text);
	if (!parts) return Date.parse(text);
	const [, year, month = '', day = '', time = '00:00'] = parts;
	return Date.parse(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${time.replace(/^\d:/, '0$&')}Z`);
}

function fromNumber(value: number): number {
	const { perMillisecond } = UNITS.find(({ below }) => value < below) ?? UNITS[0];
	return Math.round(value / perMillisecond);
}
