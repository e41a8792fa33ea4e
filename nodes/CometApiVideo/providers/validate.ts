/** The checks before a request is made. They read the same limits as the panel shows. */
import type { IDataObject, INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { assertMeant, assertText } from '../task/checkText';
import { InvalidInputError } from '../task/errors';
import { showValue } from '../task/shownText';
import { fieldsFor, isEmpty, isHidden, isKnownModel, sendsLinks, slotsFor } from './fields';
import { resultNoun } from './jobs';
import { assertSize } from './sizes';
import type { GenerateInput, MediaSlot, VideoField, VideoMode, VideoProvider } from './types';

/**
 * Re-checks what the panel already limits: expressions, stale values after a change of provider, and values set by a tool
 * pass the panel by.
 * @throws InvalidInputError naming the field's label, the value and what is allowed
 */
export function assertAllowed(provider: VideoProvider, mode: VideoMode, input: GenerateInput): void {
	const place = `${provider.displayName} > ${mode.displayName}`;
	if (mode.prompt === 'required' && input.prompt.trim() === '') {
		throw new InvalidInputError(
			'Prompt is empty',
			`${place} needs a prompt. Describe the ${resultNoun(mode.job)} in the field "Prompt".`,
		);
	}
	assertMeant('Prompt', input.prompt);
	if (input.model === '' && (mode.models.length > 0 || mode.takesAnyModel)) {
		throw new InvalidInputError('Model is empty', 'Choose a model from the list, or switch to "By ID" and type one.');
	}
	assertMeant('Model', input.model);
	const isNewModel = mode.models.length > 0 && !isKnownModel(mode, input.model);
	const fields = fieldsFor(mode, input.model);
	for (const field of fields.filter((each) => !isHidden(each, input.values))) {
		assertField(field, input.values[field.property.name], input.model, isNewModel);
	}
	assertSize(fields, input.values, input.model, isNewModel);
	for (const slot of slotsFor(mode, input.model)) {
		const values = input.media[slot.name] ?? [];
		if (slot.required && values.length === 0) throw missing(slot, place);
		assertNotTooMany(slot, values.length);
		if (sendsLinks(slot, input.values) && values.some(({ url }) => url === undefined)) throw noLink(slot, input);
	}
	mode.check?.(input);
}

/** A model that came after this release may take more than the limits; CometAPI refuses free of charge what it does not. */
function assertField(field: VideoField, value: unknown, model: string, isNewModel: boolean): void {
	const { property, required, placement } = field;
	const { displayName } = property;
	if (isEmpty(value)) {
		if (required) throw new InvalidInputError(`${displayName} is empty`, `Fill in the field "${displayName}".`);
		if (placement === 'panel' && isChoice(property)) throw emptyChoice(property);
		return;
	}
	const withModel = model && !isNewModel ? ` with the model ${model}` : '';
	assertLimits(property, displayName, value, isNewModel, withModel);
	if (property.type === 'fixedCollection') assertRows(property, value, isNewModel);
}

/** Whether the panel never shows the field empty: an expression that finds nothing leaves the choice, and the price, to the model. */
function isChoice({ type, default: preset }: VideoField['property']): boolean {
	return (type === 'number' || type === 'options' || type === 'boolean') && !isEmpty(preset);
}

function emptyChoice({ displayName, name, default: preset }: VideoField['property']): InvalidInputError {
	return new InvalidInputError(
		`${displayName} is empty`,
		`The expression or cell gives nothing. Fill it in, or give a value for that case, e.g. {{ $json.${name} || ${JSON.stringify(preset)} }}.`,
	);
}

type Limited = Pick<INodeProperties, 'displayName' | 'type' | 'typeOptions' | 'options'>;

/** @param label where the value stands, for the message */
function assertLimits(property: Limited, label: string, value: unknown, isNewModel: boolean, withModel: string): void {
	const { type } = property;
	if (type === 'string') {
		assertText(label, value);
		assertMeant(label, String(value));
	}
	const refuse = (allowed: string) =>
		new InvalidInputError(
			`${label} cannot be ${showValue(value)}${withModel}`,
			`Allowed: ${allowed}. Change the field "${property.displayName}"${withModel && ' or the model'}.`,
		);
	if (type === 'boolean' && typeof value !== 'boolean') throw refuse('true, false');
	if (type === 'number' && !isWithin(property, value, isNewModel)) throw refuse(rangeText(property));
	if (type === 'options' && !isNewModel) {
		const allowed = (property.options as INodePropertyOptions[]).map((option) => option.value);
		if (!allowed.includes(value as string)) throw refuse(allowed.filter((option) => option !== '').join(', '));
	}
}

/** Only whole numbers where the panel rounds to whole ones, which it does if nothing else is said. */
function isWithin({ typeOptions }: Limited, value: unknown, hasOpenRange: boolean): boolean {
	const { minValue = -Infinity, maxValue = Infinity, numberPrecision = 0 } = typeOptions ?? {};
	if (typeof value !== 'number' || !Number.isFinite(value)) return false;
	if (numberPrecision === 0 && !Number.isInteger(value)) return false;
	return hasOpenRange || (value >= minValue && value <= maxValue);
}

function rangeText({ typeOptions }: Limited): string {
	const { minValue, maxValue, numberPrecision = 0 } = typeOptions ?? {};
	const kind = numberPrecision === 0 ? 'a whole number' : 'a number';
	if (minValue === undefined) return kind;
	return maxValue === undefined ? `${kind} of at least ${minValue}` : `${kind} from ${minValue} to ${maxValue}`;
}

/** The rows of a list, each by the limits of its own fields. What a row leaves out is its own default. */
function assertRows({ displayName, options = [] }: VideoField['property'], value: unknown, isNewModel: boolean): void {
	for (const { name, displayName: rowName, values } of options as INodePropertyCollection[]) {
		const rows: unknown = (value as IDataObject)[name];
		for (const [index, row] of (Array.isArray(rows) ? (rows as IDataObject[]) : []).entries()) {
			for (const property of values) {
				const given = toNumber(property, row[property.name]);
				// Values of Form Fields may be any JSON.
				if (isEmpty(given) || typeof given === 'object') continue;
				const label = `${displayName}: ${property.displayName} of ${rowName.toLowerCase()} ${index + 1}`;
				assertLimits(property, label, given, isNewModel, '');
			}
		}
	}
}

/** Expressions often give numbers as text. */
function toNumber({ type }: Limited, value: unknown): unknown {
	const isNumeric = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
	return type === 'number' && isNumeric ? Number(value) : value;
}

function missing({ displayName, maxCount }: MediaSlot, place: string): InvalidInputError {
	return new InvalidInputError(
		`${displayName} is missing`,
		`${place} needs ${maxCount === 1 ? 'one file' : `one to ${maxCount} files`}: give a link, the name of an input data field, or a data URI.`,
	);
}

function noLink({ displayName, links }: MediaSlot, { model }: GenerateInput): InvalidInputError {
	return new InvalidInputError(
		links?.isUsual
			? `${displayName}: the model ${model} takes pictures as public links, not as files`
			: `${displayName}: a file cannot be sent as a link`,
		'Put the picture where everybody can fetch it, and give its URL; or set the option "Send Pictures As" to File.',
	);
}

/** Before the files are fetched, too: a cell may hold thousands of links. @throws InvalidInputError */
export function assertNotTooMany({ displayName, maxCount }: MediaSlot, count: number): void {
	if (count <= maxCount) return;
	throw new InvalidInputError(`${displayName}: ${count} files are too many`, `This mode takes at most ${maxCount}.`);
}
