/** From the parameters of one item to a checked, ready request. Nothing is sent to CometAPI here. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { RECOMMENDED_MODEL } from '../../description/providerFields';
import { findMode, findProvider, findProviderOfModel, modesFor, providersFor } from '../../providers';
import { JOBS, findJob } from '../../providers/jobs';
import type { JobId } from '../../providers/jobs';
import { fieldsFor, isHidden, isKnownModel, slotsAsSent, slotsFor } from '../../providers/fields';
import { assertAllowed } from '../../providers/validate';
import type { GenerateInput, VideoField, VideoMode, VideoProvider } from '../../providers/types';
import { InvalidInputError } from '../../task/errors';
import { assertNoForgottenExpression, assertText, exactText } from '../../task/checkText';
import { cutText, showValue } from '../../task/shownText';
import { isObject, parseJson } from '../../task/json';
import type { CreateRequest } from '../../task/types';
import type { MediaCache } from './mediaCache';
import { isSlotFilled, namesById, readSlot } from './readMedia';
import { toSwitch } from './readSwitch';
import { asText } from '../../task/asText';

export interface PreparedItem {
	provider: VideoProvider;
	mode: VideoMode;
	input: GenerateInput;
	request: CreateRequest;
	/** Of the option Extra Body Fields; they go over what the panel says. */
	extraFields: IDataObject;
}

/** @throws InvalidInputError */
export async function prepareItem(
	context: IExecuteFunctions,
	itemIndex: number,
	cache: MediaCache,
): Promise<PreparedItem> {
	const job = readJob(context);
	const provider = readProvider(context, itemIndex, job);
	const mode = readMode(context, itemIndex, provider, job);
	const model = readModel(context, itemIndex, provider, mode);
	const readField = fieldReader(context, itemIndex);
	const input: GenerateInput = {
		model,
		prompt: mode.prompt === 'none' ? '' : readText(context, 'prompt', itemIndex, 'Prompt'),
		values: readValues(context, itemIndex, mode, model, readField),
		media: {},
	};
	// The cheap checks first: a wrong number should not cost the download of a picture.
	assertNothingIsLost(context, itemIndex, mode, model, readField);
	const slots = slotsAsSent(mode, input);
	assertAllowed(provider, { ...mode, media: [], check: undefined }, input);
	const media: Record<string, GenerateInput['media'][string]> = {};
	for (const slot of slots) media[slot.name] = await readSlot(context, itemIndex, slot, cache);
	const complete = { ...input, media };
	assertAllowed(provider, mode, complete);
	const request = mode.buildRequest(complete, mode);
	const extraFields = readExtraBodyFields(context, itemIndex);
	return { provider, mode, input: complete, request: withExtraFields(request, extraFields), extraFields };
}

function withExtraFields({ before, ...request }: CreateRequest, extra: IDataObject): CreateRequest {
	const body = { ...request.body, ...extra };
	if (!before) return { ...request, body };
	const complete = (answer: IDataObject) => withExtraFields(before.complete(answer), extra);
	return { ...request, body, before: { ...before, complete } };
}

/** @throws Error for an operation that creates nothing: the caller has chosen it by the same names */
function readJob(context: IExecuteFunctions): JobId {
	const resource = context.getNodeParameter<{ resource: string }>('resource', 0);
	const operation: string = context.getNodeParameter('operation', 0);
	const job = findJob(resource, operation);
	if (!job) throw new Error(`${resource} ${operation} creates nothing`);
	return job;
}

/** "Video > Extend" */
function operationName(job: JobId): string {
	const { resource, displayName } = JOBS[job];
	return `${resource.charAt(0).toUpperCase()}${resource.slice(1)} > ${displayName}`;
}

/** @throws InvalidInputError, also for one that does other jobs only: the choice may be left over from another operation */
function readProvider(context: IExecuteFunctions, itemIndex: number, job: JobId): VideoProvider {
	const id = readText(context, 'provider', itemIndex, 'Provider');
	const provider = findProvider(id);
	if (!provider)
		throw new InvalidInputError(`Provider ${showValue(id)} does not exist`, 'Choose a provider from the list.');
	if (modesFor(provider, job).length > 0) return provider;
	const others = providersFor(job).map(({ displayName }) => displayName);
	throw new InvalidInputError(
		`${provider.displayName} does not offer ${operationName(job)}`,
		`Choose one of these as Provider: ${others.join(', ')}.`,
	);
}

/** Where there is no choice, a mode that is left over from another provider or operation does not count. @throws InvalidInputError */
function readMode(context: IExecuteFunctions, itemIndex: number, provider: VideoProvider, job: JobId): VideoMode {
	const modes = modesFor(provider, job);
	const [first, ...others] = modes;
	if (first && others.length === 0) return first;
	const id = readText(context, 'mode', itemIndex, 'Mode') || first?.id || '';
	const mode = findMode(provider, id);
	if (mode?.job === job) return mode;
	const names = modes.map(({ displayName }) => displayName).join(', ');
	throw mode
		? new InvalidInputError(
				`The mode ${mode.displayName} belongs to ${operationName(mode.job)}`,
				`Choose that operation, or one of these modes: ${names}.`,
			)
		: new InvalidInputError(`${provider.displayName} has no mode ${showValue(id)}`, `Choose one of: ${names}.`);
}

/** @throws InvalidInputError for a model of another provider, which stays in the field when the provider is changed */
function readModel(context: IExecuteFunctions, itemIndex: number, provider: VideoProvider, mode: VideoMode): string {
	if (mode.models.length === 0 && !mode.takesAnyModel) return '';
	const value: unknown = context.getNodeParameter('model', itemIndex, '', { extractValue: true });
	assertText('Model', value);
	assertNoForgottenExpression('Model', typedIn(context, 'model', itemIndex));
	const model = asText(value).trim();
	// The editor empties the field when the provider changes. An expression that gives nothing is something else: it is refused.
	const isLeftEmpty = model === '' && !isExpression(typedIn(context, 'model', itemIndex));
	if ((isLeftEmpty || model === RECOMMENDED_MODEL) && mode.models[0]) return mode.models[0].id;
	const owner = isKnownModel(mode, model) ? undefined : findProviderOfModel(model);
	if (!owner || mode.takesAnyModel) return model;
	const allowed = mode.models.map(({ id }) => id).join(', ');
	throw owner === provider
		? new InvalidInputError(
				`The model ${cutText(model, 100)} does not support ${mode.displayName}`,
				`Choose one of these models: ${allowed}; or change the Mode.`,
			)
		: new InvalidInputError(
				`The model ${cutText(model, 100)} belongs to ${owner.displayName}, not to ${provider.displayName}`,
				`Choose one of these models: ${allowed}; or set Provider to ${owner.displayName}.`,
			);
}

function readText(context: IExecuteFunctions, name: string, itemIndex: number, label: string): string {
	const value: unknown = context.getNodeParameter(name, itemIndex, '');
	assertText(label, value);
	assertNoForgottenExpression(label, typedIn(context, name, itemIndex));
	return value === undefined || value === null ? '' : asText(value);
}

/** A parameter as it was typed: expressions begin with `=`. */
function typedIn(context: IExecuteFunctions, name: string, itemIndex: number): unknown {
	return context.getNodeParameter(name, itemIndex, '', { rawExpressions: true });
}

/** Where a field's value stands, if not in the panel itself. */
const COLLECTIONS: Readonly<Record<VideoField['placement'], string | undefined>> = {
	panel: undefined,
	options: 'providerSettings',
	sharedOptions: 'options',
};

function valueIn(collection: unknown, name: string): unknown {
	return isObject(collection) ? collection[name] : undefined;
}

/** Of one field: its value, and the same as it was typed. */
type ReadField = (field: VideoField, preset: unknown) => { given: unknown; asTyped: unknown };

/** Reads fields of one item. Each collection is read once: n8n computes all that is in it, each time. */
function fieldReader(context: IExecuteFunctions, itemIndex: number): ReadField {
	const collections = new Map<string, { given: unknown; asTyped: unknown }>();
	const read = (name: string, preset: unknown) => ({
		given: context.getNodeParameter(name, itemIndex, preset) as unknown,
		asTyped: typedIn(context, name, itemIndex),
	});
	return ({ property: { name }, placement }, preset) => {
		const collection = COLLECTIONS[placement];
		if (!collection) return read(name, preset);
		const { given, asTyped } = collections.get(collection) ?? read(collection, {});
		collections.set(collection, { given, asTyped });
		return { given: valueIn(given, name), asTyped: valueIn(asTyped, name) };
	};
}

function readValues(
	context: IExecuteFunctions,
	itemIndex: number,
	mode: VideoMode,
	model: string,
	readField: ReadField,
): GenerateInput['values'] {
	const isModelComputed = isExpression(typedIn(context, 'model', itemIndex));
	const values: Record<string, unknown> = {};
	const unused = slotsFor(mode, model).flatMap((slot) =>
		namesById(context, itemIndex, slot) ? [] : (slot.byId?.fields ?? []),
	);
	for (const field of fieldsFor(mode, model)) {
		const { name, displayName, default: preset } = field.property;
		if (unused.includes(field) || isHidden(field, values)) continue;
		const { given, asTyped } = readField(field, preset);
		const value = typed(given, field);
		// JSON may hold pairs of braces; what is no JSON is refused where it is read.
		if (field.property.type !== 'json') assertNoForgottenExpression(displayName, asTyped);
		// Whoever wrote an expression has touched the field.
		values[name] = isModelComputed && !isExpression(asTyped) ? orOwnDefault(value, mode, field) : value;
	}
	return values;
}

/**
 * Settings, and with an expression as model all fields, can be filled in though this model does not have them.
 * @throws InvalidInputError for one that would be dropped without a word
 */
function assertNothingIsLost(
	context: IExecuteFunctions,
	itemIndex: number,
	mode: VideoMode,
	model: string,
	readField: ReadField,
): void {
	const isModelComputed = isExpression(typedIn(context, 'model', itemIndex));
	const taken = fieldsFor(mode, model).map(({ property }) => property.name);
	for (const field of mode.fields) {
		const { property, placement, models = [] } = field;
		const { name, displayName } = property;
		if (taken.includes(name) || (placement === 'panel' && !isModelComputed)) continue;
		const { given, asTyped } = readField(field, '');
		// n8n fills in a default by itself where the model is an expression.
		const isDefault = isAnyDefault(mode, name, given);
		const isUntouched = placement === 'panel' && isDefault && !isExpression(asTyped);
		if (isUnset(given) || isUntouched) continue;
		throw new InvalidInputError(
			`${displayName} cannot be used with the model ${cutText(model, 100)}`,
			`Remove it, or choose one of these models: ${models.join(', ')}.`,
		);
	}
	if (!isModelComputed) return;
	const slots = slotsFor(mode, model).map(({ name }) => name);
	for (const slot of mode.media) {
		if (slots.includes(slot.name) || !isSlotFilled(context, itemIndex, slot)) continue;
		throw new InvalidInputError(
			`${slot.displayName} cannot be used with the model ${cutText(model, 100)}`,
			`Leave it out, or choose one of these models: ${(slot.models ?? []).join(', ')}.`,
		);
	}
}

/** No value, or a list without rows. */
function isUnset(value: unknown): boolean {
	if (value === undefined || value === null || value === '') return true;
	return typeof value === 'object' && Object.values(value).every(isUnset);
}

/** Whether a parameter, as it was typed, is an expression. */
export function isExpression(parameter: unknown): boolean {
	const value = isObject(parameter) ? parameter.value : parameter;
	return typeof value === 'string' && value.startsWith('=');
}

/** Expressions often give numbers as text, and sheets write true and false. */
function typed(value: unknown, { property }: VideoField): unknown {
	const wantsNumber =
		property.type === 'number' || (property.type === 'options' && typeof property.default === 'number');
	if (property.type === 'string' && typeof value === 'number') return exactText(value, property.displayName);
	if (property.type === 'string' && typeof value === 'boolean') return String(value);
	if (property.type === 'boolean') return toSwitch(value) ?? value;
	const isNumeric = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
	return wantsNumber && isNumeric ? Number(value) : value;
}

/**
 * With an expression as model, n8n cannot know which of several same-named fields of the mode is meant, shows them all with the
 * default of one, and fills that in. Where this model does not allow it, it stands for an untouched field.
 */
function orOwnDefault(value: unknown, mode: VideoMode, { property }: VideoField): unknown {
	const { name, default: own } = property;
	return !isAnyDefault(mode, name, value) || isAllowedValue(property, value) ? value : own;
}

/** Whether some field of this name has the value as its default. */
function isAnyDefault({ fields }: VideoMode, name: string, value: unknown): boolean {
	return fields.some(({ property }) => property.name === name && property.default === value);
}

/** Whether a field of the panel can have the value: one of its choices, or a number within its limits. */
export function isAllowedValue(
	{ type, options, typeOptions }: Pick<VideoField['property'], 'type' | 'options' | 'typeOptions'>,
	value: unknown,
): boolean {
	if (type === 'options') return (options ?? []).some((option) => 'value' in option && option.value === value);
	const { minValue = -Infinity, maxValue = Infinity } = typeOptions ?? {};
	return typeof value !== 'number' || (value >= minValue && value <= maxValue);
}

function readExtraBodyFields(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const given: unknown = context.getNodeParameter('options.extraBodyFields', itemIndex, {});
	const parsed = typeof given === 'string' && given.trim() !== '' ? parseJson(given) : given || {};
	if (isObject(parsed)) return parsed;
	throw new InvalidInputError('Extra Body Fields is not a JSON object', 'Write it as { "name": "value" }.');
}
