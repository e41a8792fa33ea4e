/** The checks before a request is made. They read the same limits as the panel shows. */
import type { INodePropertyOptions } from 'n8n-workflow';
import { assertNoExpressionText, assertNoExpressionTextIn, assertText } from '../task/checkText';
import { InvalidInputError } from '../task/errors';
import { fieldsFor, isEmpty, isKnownModel, slotsFor } from './fields';
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
			`${place} needs a prompt. Describe the video in the field "Prompt".`,
		);
	}
	assertNoExpressionText('Prompt', input.prompt);
	if (input.model === '' && (mode.models.length > 0 || mode.takesAnyModel)) {
		throw new InvalidInputError('Model is empty', 'Choose a model from the list, or switch to "By ID" and type one.');
	}
	assertNoExpressionText('Model', input.model);
	const isNewModel = mode.models.length > 0 && !isKnownModel(mode, input.model);
	for (const field of fieldsFor(mode, input.model)) {
		assertField(field, input.values[field.property.name], input.model, isNewModel);
	}
	for (const slot of slotsFor(mode, input.model)) assertCount(slot, input.media[slot.name]?.length ?? 0, place);
	mode.check?.(input);
}

/** A model that came after this release may take more than the limits; CometAPI refuses free of charge what it does not. */
function assertField({ property, required }: VideoField, value: unknown, model: string, isNewModel: boolean) {
	const { displayName } = property;
	if (isEmpty(value)) {
		if (required) throw new InvalidInputError(`${displayName} is empty`, `Fill in the field "${displayName}".`);
		return;
	}
	assertNoExpressionTextIn(displayName, value);
	if (property.type === 'string') assertText(displayName, value);
	const refuse = (allowed: string) =>
		new InvalidInputError(
			`${displayName} cannot be ${JSON.stringify(value)}${model && !isNewModel ? ` with the model ${model}` : ''}`,
			`Allowed: ${allowed}. Change the field "${displayName}" or the model.`,
		);
	if (property.type === 'boolean' && typeof value !== 'boolean') throw refuse('true, false');
	if (property.type === 'number') {
		const { minValue = -Infinity, maxValue = Infinity, numberPrecision = 0 } = property.typeOptions ?? {};
		const range = [
			numberPrecision === 0 ? 'a whole number' : 'a number',
			Number.isFinite(minValue) && Number.isFinite(maxValue) ? `from ${minValue} to ${maxValue}` : '',
			Number.isFinite(minValue) && !Number.isFinite(maxValue) ? `of at least ${minValue}` : '',
		];
		if (typeof value !== 'number' || !Number.isFinite(value)) throw refuse(range.filter(Boolean).join(' '));
		const isInRange = isNewModel || (value >= minValue && value <= maxValue);
		if (!isInRange || (numberPrecision === 0 && !Number.isInteger(value)))
			throw refuse(range.filter(Boolean).join(' '));
	}
	if (property.type === 'options' && !isNewModel) {
		const allowed = (property.options as INodePropertyOptions[]).map((option) => option.value);
		if (!allowed.includes(value as string)) throw refuse(allowed.filter((option) => option !== '').join(', '));
	}
}

function assertCount({ displayName, required, maxCount }: MediaSlot, count: number, place: string) {
	if (required && count === 0) {
		throw new InvalidInputError(
			`${displayName} is missing`,
			`${place} needs ${maxCount === 1 ? 'one file' : `one to ${maxCount} files`}: give a link, the name of an input data field, or a data URI.`,
		);
	}
	if (count > maxCount) {
		throw new InvalidInputError(`${displayName}: ${count} files are too many`, `${place} takes at most ${maxCount}.`);
	}
}
