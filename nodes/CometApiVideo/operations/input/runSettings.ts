/** The settings that Generate, Wait, Get and Download share, read once per node run. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	DEFAULT_BINARY_FIELD,
	DEFAULT_MAX_FILE_MEGABYTES,
	DEFAULT_MAX_TASKS_IN_FLIGHT,
	DEFAULT_POLL_INTERVAL_SECONDS,
	DEFAULT_TIMEOUT_MINUTES,
} from '../../description/sharedFields';
import { InvalidInputError } from '../../task/errors';
import { isObject } from '../../task/json';
import { assertMeant, assertNoForgottenExpression, assertText } from '../../task/checkText';
import { showValue } from '../../task/shownText';
import { readChoice, readNumber } from './limits';
import { readOption } from './readSwitch';
import { asText } from '../../task/asText';

export interface DownloadSettings {
	binaryField: string;
	/** Empty: named after the prompt. */
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
	includeInputFields: boolean;
	/** Off: the workflow is kept running. */
	sleepsWhileWaiting: boolean;
}

/** @throws InvalidInputError for values that the panel would not allow (expressions pass it by) */
export function readRunSettings(context: IExecuteFunctions): RunSettings {
	const options: IDataObject = context.getNodeParameter('options', 0, {});
	const waiting = context.getNodeParameter('waitingOptions', 0, {}) as IDataObject;
	return {
		pollIntervalMs: readNumber(waiting, 'pollInterval', DEFAULT_POLL_INTERVAL_SECONDS) * 1000,
		timeoutMs: readNumber(waiting, 'timeout', DEFAULT_TIMEOUT_MINUTES) * 60_000,
		returnOnTimeout: readChoice(waiting, 'onTimeout') === 'return',
		returnOnFailure: readChoice(waiting, 'onFailure') === 'return',
		maxTasksInFlight: readNumber(waiting, 'maxTasksInFlight', DEFAULT_MAX_TASKS_IN_FLIGHT),
		requestTimeoutSeconds: readNumber(options, 'requestTimeout', 0) || undefined,
		sleepsWhileWaiting: readChoice(waiting, 'whileWaiting') === 'sleep',
		includeRaw: !readOption(options, 'simplify', 'Simplify', true),
		includeInputFields: readOption(options, 'includeInputFields', 'Include Input Fields', false),
	};
}

/** Slashes, control characters, marks that turn the direction of text, and names of folders. */
const NO_NAME = /[/\\\p{Cc}\u202A-\u202E\u2066-\u2069]|^\.{1,2}$/u;

/** Read before anything is created: a bad file name must not come to light when the video is paid for. @throws InvalidInputError */
export function readDownloadSettings(context: IExecuteFunctions, itemIndex: number): DownloadSettings {
	const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
	const typed: unknown = context.getNodeParameter('options', itemIndex, {}, { rawExpressions: true });
	const text = (name: string, label: string) => {
		assertText(label, options[name]);
		assertNoForgottenExpression(label, isObject(typed) ? typed[name] : undefined);
		const value = asText(options[name]).trim();
		assertMeant(label, value);
		if (!NO_NAME.test(value)) return value;
		throw new InvalidInputError(
			`${label} cannot be ${showValue(value)}`,
			'Allowed: a name without slashes, line breaks and other characters that cannot be seen.',
		);
	};
	return {
		binaryField: text('binaryField', 'Put Output File in Field') || DEFAULT_BINARY_FIELD,
		fileName: text('fileName', 'File Name'),
		maxBytes: readNumber(options, 'maxFileSize', DEFAULT_MAX_FILE_MEGABYTES) * 1e6,
	};
}
