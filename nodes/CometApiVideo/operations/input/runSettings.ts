/** The settings that Generate, Wait, Get and Download share, read once per node run. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	DEFAULT_BINARY_FIELD,
	DEFAULT_MAX_FILE_MEGABYTES,
	DEFAULT_MAX_TASKS_IN_FLIGHT,
	DEFAULT_POLL_INTERVAL_SECONDS,
	DEFAULT_TIMEOUT_MINUTES,
	MIN_POLL_INTERVAL_SECONDS,
} from '../../description/sharedFields';
import { InvalidInputError } from '../../task/errors';
import { assertNoExpressionText } from '../../task/checkText';

export interface DownloadSettings {
	binaryField: string;
	/** Empty: named after the task. */
	fileName: string;
	maxBytes: number;
}

export interface RunSettings {
	pollIntervalMs: number;
	timeoutMs: number;
	returnOnTimeout: boolean;
	returnOnFailure: boolean;
	maxTasksInFlight: number;
	requestTimeoutSeconds?: number;
	includeRaw: boolean;
}

/** @throws InvalidInputError for values that the panel would not allow (expressions pass it by) */
export function readRunSettings(context: IExecuteFunctions): RunSettings {
	const options = context.getNodeParameter('options', 0, {}) as IDataObject;
	const pollInterval = readNumber(
		options,
		'pollInterval',
		'Poll Interval (Seconds)',
		DEFAULT_POLL_INTERVAL_SECONDS,
		MIN_POLL_INTERVAL_SECONDS,
	);
	const timeout = readNumber(options, 'timeout', 'Timeout (Minutes)', DEFAULT_TIMEOUT_MINUTES, 0.1);
	const requestTimeout = readNumber(options, 'requestTimeout', 'Request Timeout (Seconds)', 0, 1);
	return {
		pollIntervalMs: pollInterval * 1000,
		timeoutMs: timeout * 60_000,
		returnOnTimeout: options.onTimeout === 'return',
		returnOnFailure: options.onFailure === 'return',
		maxTasksInFlight: readNumber(options, 'maxTasksInFlight', 'Max Tasks in Flight', DEFAULT_MAX_TASKS_IN_FLIGHT, 1),
		requestTimeoutSeconds: requestTimeout || undefined,
		includeRaw: options.simplify === false,
	};
}

/** Slashes, control characters, marks that turn the direction of text, and names of folders. */
const NO_NAME = /[/\\\p{Cc}\u202A-\u202E\u2066-\u2069]|^\.{1,2}$/u;

/** Read before anything is created: a bad file name must not come to light when the video is paid for. @throws InvalidInputError */
export function readDownloadSettings(context: IExecuteFunctions, itemIndex: number): DownloadSettings {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const text = (name: string, label: string) => {
		const value = String(options[name] ?? '').trim();
		assertNoExpressionText(label, value);
		if (!NO_NAME.test(value)) return value;
		throw new InvalidInputError(
			`${label} cannot be ${JSON.stringify(value)}`,
			'Allowed: a name without slashes, line breaks and other characters that cannot be seen.',
		);
	};
	return {
		binaryField: text('binaryField', 'Put Output File in Field') || DEFAULT_BINARY_FIELD,
		fileName: text('fileName', 'File Name'),
		maxBytes: readNumber(options, 'maxFileSize', 'Maximum File Size (MB)', DEFAULT_MAX_FILE_MEGABYTES, 1) * 1e6,
	};
}

/** A number of the options collection; `fallback` when the option was not added. */
export function readNumber(options: IDataObject, name: string, label: string, fallback: number, min: number): number {
	const given = options[name];
	if (given === undefined || given === null || given === '') return fallback;
	const number = Number(given);
	if (!Number.isFinite(number) || number < min) {
		throw new InvalidInputError(`${label} cannot be ${JSON.stringify(given)}`, `Allowed: numbers of at least ${min}.`);
	}
	return number;
}
