/** One thing wrong with a panel that was right, and the label that the message must name. */
import fc from 'fast-check';
import type { INodeParameters } from 'n8n-workflow';
import { slotsFor } from '../../nodes/CometApiVideo/providers/fields';
import type { VideoField } from '../../nodes/CometApiVideo/providers/types';
import { mediaLabels, mediaParameterNames, takesLinksOnly } from '../../nodes/CometApiVideo/description/mediaFields';
import type { Job, Panel } from './panels';
import { placed, shownFields } from './panels';

export interface Breakage {
	label: string;
	what: string;
	/** Over the panel's own; a value that an expression gives is in `json.value`. */
	parameters: INodeParameters;
	value: unknown;
}

const BY_EXPRESSION = '={{ $json.value }}';

/** Wrong where they were typed; from data such texts are what somebody wrote. */
const LEFTOVERS = ['{{ $json.text }}', 'A cat {{ $json.a\n }} sleeps', '{{$json["\u{1F6A4}"]}}'];

/** Not what text can be; n8n would write them as [object Object]. */
const NO_TEXTS = [{ text: 'A cat' }, ['A cat', { b: 1 }], [{}]];

/** Values that no field of this kind can have, of whatever provider. */
function wrongValues({ property }: VideoField): unknown[] {
	const { name, type, typeOptions: { minValue, maxValue, numberPrecision = 0 } = {} } = property;
	switch (type) {
		case 'boolean':
			return ['maybe', 7, { is: true }, ['true']];
		case 'options':
			return ['1x1', 3.5, { value: '16:9' }, ['16:9'], true];
		case 'number':
			return [
				...['long', { seconds: 5 }, [5], true],
				...(minValue === undefined ? [] : [minValue - 1, minValue - 1e9]),
				...(maxValue === undefined ? [] : [maxValue + 1, 1e21]),
				...(numberPrecision === 0 ? [(minValue ?? 0) + 0.5] : []),
			];
		case 'string':
			return [...LEFTOVERS, ...NO_TEXTS, ...(name === 'exactSize' ? ['1x1', 'large'] : [])];
		default:
			return [];
	}
}

/** Leftover expressions deep inside a list of rows, each as the value of its field. */
const ROWS: Readonly<Record<string, readonly unknown[]>> = {
	shots: [{ shot: [{ duration: 5, scene: LEFTOVERS[0] }] }],
	formFields: [{ field: [{ name: 'seconds', value: LEFTOVERS[0] }] }, { field: [{ name: LEFTOVERS[0], value: '5' }] }],
};

function asGiven(value: unknown): unknown {
	return LEFTOVERS.includes(value as string) ? value : BY_EXPRESSION;
}

function breakField(field: VideoField): Breakage[] {
	const { name, displayName: label } = field.property;
	const place = (value: unknown) => placed([[field, value]]);
	return [
		...wrongValues(field).map((value) => ({
			label,
			what: `${label} = ${JSON.stringify(value)}`,
			parameters: place(asGiven(value)),
			value,
		})),
		...(ROWS[name] ?? []).map((value) => ({
			label,
			what: `${label} = ${JSON.stringify(value)}`,
			parameters: place(value),
			value: null,
		})),
		...(field.required ? ['', '={{ $json.nothing }}'] : []).map((given) => ({
			...{
				label,
				what: `${label} is ${given || 'empty'}`,
				parameters: place(given === '' ? BY_EXPRESSION : given),
				value: given,
			},
		})),
	];
}

/** All ways in which this panel can be broken. */
function breakagesOf(job: Job, panel: Panel): Breakage[] {
	const { mode } = job;
	const { model, media } = panel;
	const texts =
		mode.prompt === 'none' ? [] : [...LEFTOVERS, ...NO_TEXTS, ...(mode.prompt === 'required' ? [' \n\t'] : [])];
	const slots = slotsFor(mode, model).filter(
		({ name, isNamed }) => !isNamed && media.some(({ slot }) => slot === name),
	);
	return [
		...texts.map((value) => ({
			label: 'Prompt',
			what: `Prompt = ${JSON.stringify(value)}`,
			parameters: { prompt: asGiven(value) } as INodeParameters,
			value,
		})),
		...shownFields(job, panel).flatMap(breakField),
		...slots.flatMap((slot): Breakage[] => {
			const names = mediaParameterNames(slot.name);
			const labels = mediaLabels(slot);
			const isLinkOnly = takesLinksOnly(slot);
			const hasSource = !isLinkOnly || slot.byId !== undefined;
			const from = (source: 'url' | 'data', value: unknown, label = labels[source]): Breakage => ({
				...{ label, what: `${label} = ${JSON.stringify(value)}`, value },
				parameters: { ...(hasSource ? { [names.source]: source } : {}), [names[source]]: BY_EXPRESSION },
			});
			return [
				...[
					'picture.png',
					'file:///etc/passwd',
					'javascript:alert(1)',
					LEFTOVERS[0],
					{ url: 'https://example.com/a.png' },
				].map((value) => from('url', value)),
				...(slot.required ? [[], ''].map((value) => from('url', value, slot.displayName)) : []),
				...(isLinkOnly ? [] : ['no base64!', { data: 'aGVsbG8=' }].map((value) => from('data', value))),
			];
		}),
	];
}

/** A panel and one of its breakages. */
export function brokenPanelOf(
	job: Job,
	panels: fc.Arbitrary<Panel>,
): fc.Arbitrary<{ panel: Panel; breakage: Breakage }> {
	return panels.chain((panel) => {
		const breakages = breakagesOf(job, panel);
		return breakages.length === 0
			? fc.constant({ panel, breakage: { label: '', what: '', parameters: {}, value: null } })
			: fc.constantFrom(...breakages).map((breakage) => ({ panel, breakage }));
	});
}
