/**
 * Checks the body of `POST /v1/videos` in the order in which the service does: model, body type, prompt, fields,
 * files. Throws the refusal that the service would send.
 */
import { isMp4, readImageFile } from './imageFile';
import { readMediaType, type RecordedFile, type RecordedForm, type RecordedRequest } from './recordedRequest';
import { refusals, type Refusal } from './refusal';
import { isOtherRouteModel } from './catalog';
import { VIDEO_MODELS, type ImageRule, type VideoModelRules } from './videoModels';

export interface VideoOrder {
	model: string;
	rules: VideoModelRules;
	prompt: string;
	/** As the replies show it; Veo shows an empty text. */
	seconds: string;
	/** For the price; 8 where the model has no such field. */
	durationSeconds: number;
	size: string;
}

const UNDOCUMENTED_VEO_SECONDS = 8;
const MAXIMUM_LIMITED_IMAGE_BYTES = 20 * 1024 * 1024;
const MINIMUM_LIMITED_SIDE_PIXELS = 300;
const MAXIMUM_LIMITED_RATIO = 2.5;

/** @throws Refusal */
export function parseVideoOrder(request: RecordedRequest): VideoOrder {
	const model = readModel(request);
	if (!model) throw refusals.missingModel();
	const rules = Object.hasOwn(VIDEO_MODELS, model) ? VIDEO_MODELS[model] : undefined;
	if (!rules) throw isOtherRouteModel(model) ? refusals.unsupportedRelayMode() : refusals.unknownModel(model);
	const { fields, files } = rules.bodyType === 'json' ? readJsonForm(request) : readFieldForm(request);
	const links = fields.filter(([name]) => name === rules.links?.field);
	const values = readValues(fields.filter((field) => !links.includes(field)));
	assertLinks(links, files, rules);
	if (!values.get('prompt')?.trim()) throw refusals.invalidRequest('prompt is required');
	assertKnownFields(values, rules);
	const seconds = readSeconds(values.get('seconds'), rules, model);
	const choices = readChoices(values, rules);
	assertAddresses(values, rules);
	if (rules.bodyType === 'json') assertVideoData(values.get('video'));
	assertImages(files, rules, model, choices.get('size') ?? '');
	return {
		model,
		rules,
		prompt: values.get('prompt') ?? '',
		// Example of the Veo page, 2026-03-12: `seconds` is empty there.
		seconds: rules.family === 'veo' ? '' : String(seconds),
		durationSeconds: seconds ?? UNDOCUMENTED_VEO_SECONDS,
		size: choices.get('size') ?? '',
	};
}

function readModel(request: RecordedRequest): string | undefined {
	if (isRecord(request.json)) {
		return typeof request.json.model === 'string' ? request.json.model : undefined;
	}
	return request.form?.fields.find(([name]) => name === 'model')?.[1];
}

/** JSON in the place of a form is on no page; a client verified it on 2026-06-30. */
function readFieldForm(request: RecordedRequest): RecordedForm {
	if (isRecord(request.json)) return readJsonForm(request);
	if (!request.form) throw refusals.invalidRequest('the body must be multipart/form-data');
	return request.form;
}

function readJsonForm(request: RecordedRequest): RecordedForm {
	if (readMediaType(request) !== 'application/json' || !isRecord(request.json)) {
		throw refusals.invalidRequest('the body must be application/json');
	}
	const fields = Object.entries(request.json).map(([name, value]): [string, string] => {
		if (typeof value !== 'string') throw refuseType(name, value);
		return [name, value];
	});
	return { fields, files: [] };
}

/** Go's words, as that client quotes them for `seconds`. */
function refuseType(name: string, value: unknown): Refusal {
	const type = Array.isArray(value) ? 'array' : value === null || typeof value === 'object' ? 'object' : typeof value;
	return refusals.invalidRequest(
		`json: cannot unmarshal ${type} into Go struct field TaskSubmitReq.${name} of type string`,
	);
}

function readValues(fields: ReadonlyArray<[string, string]>): Map<string, string> {
	const values = new Map<string, string>();
	for (const [name, value] of fields) {
		if (values.has(name)) throw refusals.invalidRequest(`${name} was sent more than once`);
		values.set(name, value);
	}
	return values;
}

/** Whether the service ignores or refuses unknown fields is not documented: refusing shows stale ones in a test. */
function assertKnownFields(values: ReadonlyMap<string, string>, rules: VideoModelRules): void {
	const known = new Set([
		'model',
		'prompt',
		...(rules.seconds ? ['seconds'] : []),
		...Object.keys(rules.choices),
		...(rules.addressFields ?? []),
		...(rules.rangeFields ?? []),
		...(rules.bodyType === 'json' ? ['video'] : []),
	]);
	for (const name of values.keys()) {
		if (name === 'input_reference' && rules.images.maximum > 0) {
			throw refusals.invalidRequest('input_reference must be a file');
		}
		if (!known.has(name)) throw refusals.invalidRequest(`unknown field ${name}`);
	}
}

function readSeconds(value: string | undefined, rules: VideoModelRules, model: string): number | undefined {
	if (!rules.seconds) return undefined;
	if (value === undefined) return rules.seconds.fallback;
	const { rule } = rules.seconds;
	const seconds = /^[1-9]\d?$/.test(value) ? Number(value) : Number.NaN;
	const allowed = 'oneOf' in rule ? rule.oneOf.includes(seconds) : seconds >= rule.minimum && seconds <= rule.maximum;
	if (!allowed) {
		throw refuseValue(rules, `the parameter duration specified in the request is not valid for model ${model}`);
	}
	return seconds;
}

function readChoices(values: ReadonlyMap<string, string>, rules: VideoModelRules): Map<string, string> {
	return new Map(
		Object.entries(rules.choices).map(([name, { fallback, allowed }]): [string, string] => {
			const value = values.get(name) ?? fallback;
			if (!allowed.includes(value)) throw refuseValue(rules, `invalid ${name} ${value}`);
			return [name, value];
		}),
	);
}

function assertAddresses(values: ReadonlyMap<string, string>, rules: VideoModelRules): void {
	for (const name of rules.addressFields ?? []) {
		const value = values.get(name);
		if (value !== undefined && !/^https?:\/\/\S+$/.test(value)) {
			throw refusals.invalidRequest(`${name} must be an address on the web`);
		}
	}
	for (const name of rules.rangeFields ?? []) {
		const value = values.get(name);
		if (value === undefined) continue;
		const [, start, end] = (/^(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/.exec(value) ?? []).map(Number);
		if (!(start < end)) throw refusals.invalidRequest(`${name} must be "start,end"`);
	}
}

/** Upstream's own words where a model wants links and gets a file. */
function assertLinks(
	links: ReadonlyArray<[string, string]>,
	files: readonly RecordedFile[],
	{ links: rule }: VideoModelRules,
): void {
	if (rule?.refusesFiles && files.length > 0) throw refusals.invalidRequest(rule.refusesFiles);
	if (links.length > (rule?.maximum ?? 0)) throw refusals.invalidRequest(`too many ${rule?.field}`);
	if (!links.every(([, value]) => /^https?:\/\/\S+$/.test(value))) {
		throw refusals.invalidRequest(`${rule?.field} must be an address on the web`);
	}
}

function assertVideoData(value: string | undefined): void {
	const [, encoded] = /^data:video\/mp4;base64,([A-Za-z0-9+/]+=*)$/.exec(value ?? '') ?? [];
	if (!encoded || !isMp4(Buffer.from(encoded, 'base64'))) {
		throw refusals.invalidRequest('video must be an MP4 as a data URI');
	}
}

function assertImages(files: readonly RecordedFile[], rules: VideoModelRules, model: string, size: string): void {
	for (const { field } of files) {
		if (field !== 'input_reference') throw refusals.invalidRequest(`unknown file field ${field}`);
	}
	const { images } = rules;
	if (files.length > images.maximum) {
		// Wording of the Seedance page, which names the models without their prefix.
		const name = model.replace(/^doubao-/, '');
		throw images.maximum === 0
			? refuseValue(rules, `the specified task_type r2v does not support model ${name}`)
			: refuseValue(rules, `too many input_reference files: at most ${images.maximum}`);
	}
	for (const file of files) assertImage(file, rules, images, size);
}

function assertImage({ bytes }: RecordedFile, rules: VideoModelRules, images: ImageRule, size: string): void {
	const image = readImageFile(bytes);
	if (!image) throw refuseValue(rules, 'input_reference must be a JPEG, PNG or WebP image');
	if (images.matchesSize && `${image.width}x${image.height}` !== size) {
		throw refuseValue(rules, `input_reference is ${image.width}x${image.height} but must match the size ${size}`);
	}
	if (!images.limited) return;
	const shorter = Math.min(image.width, image.height);
	const longer = Math.max(image.width, image.height);
	if (bytes.length > MAXIMUM_LIMITED_IMAGE_BYTES) throw refuseValue(rules, 'input_reference is larger than 20 MB');
	if (shorter < MINIMUM_LIMITED_SIDE_PIXELS || longer / shorter > MAXIMUM_LIMITED_RATIO) {
		throw refuseValue(rules, 'input_reference must have sides of at least 300 pixels and a ratio within 1:2.5');
	}
}

/** Only the Seedance page shows how a bad value is refused; for the others the form of the errors page stands. */
function refuseValue({ family }: VideoModelRules, message: string): Refusal {
	return family === 'seedance' ? refusals.invalidParameter(message) : refusals.invalidRequest(message);
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
