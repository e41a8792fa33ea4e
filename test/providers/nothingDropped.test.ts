/**
 * The rule for every field of every mode and model: what is shown and filled in reaches the request, or is refused before
 * it. A field that is dropped without a word costs a video that is not the one that was asked for.
 */
import type { IDataObject, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { fieldsFor, slotsFor } from '../../nodes/CometApiVideo/providers/fields';
import { assertAllowed } from '../../nodes/CometApiVideo/providers/validate';
import type {
	GenerateInput,
	MediaSlot,
	NamedMediaValue,
	VideoField,
	VideoMode,
	VideoProvider,
} from '../../nodes/CometApiVideo/providers/types';
import type { CreateRequest } from '../../nodes/CometApiVideo/task/types';
import { InvalidInputError } from '../../nodes/CometApiVideo/task/errors';

/** What has no place of its own in the request, with the reason. */
const LOCAL: Readonly<Record<string, string>> = {
	'custom anyModel bodyFormat': 'says how the request is written; the encoding is compared with it',
	'kling omniVideo keepOriginalSound': 'its default goes along with every video',
};

interface Case {
	provider: VideoProvider;
	mode: VideoMode;
	model: string;
}

const CASES = VIDEO_PROVIDERS.flatMap((provider) =>
	provider.modes.flatMap((mode) => {
		const models = mode.models.length > 0 ? mode.models.map(({ id }) => id) : [mode.takesAnyModel ? 'wan3.1' : ''];
		return models.map((model): [string, Case] => [`${provider.id} ${mode.id} ${model}`, { provider, mode, model }]);
	}),
);

function mediaValue(slot: MediaSlot, index: number): NamedMediaValue {
	const name = `${slot.name}${index}`;
	const url = slot.accepts.includes('url') || slot.links?.isUsual ? `https://example.com/${name}` : undefined;
	return {
		...(url ? { url } : {}),
		fileName: name,
		mimeType: slot.mimeTypes[0] ?? 'image/png',
		identity: `sha256:${name}`,
		...(slot.needsLength ? { seconds: 60 } : {}),
		read: async () => await Promise.resolve(new Blob([name])),
		...(slot.isNamed ? { formField: `file${index}` } : {}),
	};
}

/** Values that differ from the default, and which the field's own limits allow. */
function otherValues({ property }: VideoField): unknown[] {
	const { name, type, options = [], typeOptions = {}, default: preset } = property;
	const special = SPECIAL[name];
	if (special !== undefined) return special;
	switch (type) {
		case 'boolean':
			return [true, false];
		case 'options':
			return (options as INodePropertyOptions[]).map(({ value }) => value).filter((value) => value !== preset);
		case 'number': {
			const { minValue = 0, maxValue = 1000 } = typeOptions;
			return [minValue, maxValue].filter((value) => value !== preset);
		}
		case 'fixedCollection': {
			const [{ name: rows, values }] = options as INodePropertyCollection[];
			return [{ [rows]: [Object.fromEntries(values.map((value) => [value.name, value.default || 'a text']))] }];
		}
		default:
			return ['a text of its own'];
	}
}

const SPECIAL: Readonly<Record<string, unknown[]>> = {
	createPath: ['/y'],
	statusPath: ['/y/{taskId}'],
	taskIdAt: ['a.b'],
	videoLinkAt: ['a.b'],
	characterTimestamps: ['1,3'],
	dynamicMasks: ['[{"mask":"https://example.com/mask.png","trajectories":[]}]'],
	formFields: [{ field: [{ name: 'seed', value: '7' }] }],
	points: [{ point: [{ x: 0.1, y: 0.9 }] }],
	sendPicturesAs: ['file', 'link'],
	spots: [{ spot: [{ left: 10, top: 90 }] }],
};

/** What is needed besides, where the contract says so. */
const COMPANIONS: Readonly<Record<string, IDataObject>> = {
	'custom ownRoute': { createPath: '/x', statusPath: '/x/{taskId}' },
	'sora storyboard': { shots: { shot: [{ duration: 10, scene: 'A cat' }] } },
	'kling addSelection': { points: { point: [{ x: 0.5, y: 0.5 }] } },
	'kling deleteSelection': { points: { point: [{ x: 0.5, y: 0.5 }] } },
};

/** The panel with nothing but what must be given, as n8n hands it over. */
function bareInput({ provider, mode, model }: Case, slots: readonly MediaSlot[]): GenerateInput {
	const values = Object.fromEntries(
		fieldsFor(mode, model).map(({ property, placement, required }) => {
			const preset = placement === 'panel' ? property.default : undefined;
			return [property.name, required && !preset ? 'given' : preset];
		}),
	);
	return {
		model,
		prompt: mode.prompt === 'none' ? '' : 'A cat',
		values: { ...values, ...COMPANIONS[`${provider.id} ${mode.id}`] },
		media: Object.fromEntries(slots.map((slot) => [slot.name, [mediaValue(slot, 0)]])),
	};
}

/** The request as text, with what is filled in after the first of two steps; undefined when it is refused. */
function requestOf({ provider, mode }: Case, input: GenerateInput): string | undefined {
	try {
		assertAllowed(provider, mode, input);
		return asText(mode.buildRequest(input, mode));
	} catch (error) {
		if (error instanceof InvalidInputError) return undefined;
		throw error;
	}
}

function asText({ path, encoding, body, media, before, own }: CreateRequest): string {
	const parts = media.map(({ field, encoding: form, value }) => [field, form, value.identity]);
	return JSON.stringify([path, encoding, body, parts, own, before ? asText(before.request) : '']);
}

/** What Automatic means for the pictures of these slots. */
function usualForm(name: string, slots: readonly MediaSlot[]): unknown {
	if (name !== 'sendPicturesAs') return undefined;
	return slots.some(({ links }) => links?.isUsual) ? 'link' : 'file';
}

/** Each way to fill the slots: only what is required, all, and one optional slot at a time. */
function slotChoices({ mode, model }: Case): MediaSlot[][] {
	const slots = slotsFor(mode, model);
	const required = slots.filter((slot) => slot.required);
	return [required, slots, ...slots.filter((slot) => !slot.required).map((slot) => [...required, slot])];
}

test.each(CASES)('%s', (_key, entry) => {
	const dropped: string[] = [];
	let tried = 0;
	for (const slots of slotChoices(entry)) {
		const bare = bareInput(entry, slots);
		const without = requestOf(entry, bare);
		if (without === undefined) continue;
		tried += 1;
		const unread = slots.flatMap(({ byId }) => byId?.fields ?? []);
		for (const field of fieldsFor(entry.mode, entry.model).filter((each) => !unread.includes(each))) {
			const { name } = field.property;
			const shown = field.when ? { [field.when.field]: field.when.is[0] } : {};
			for (const value of otherValues(field)) {
				const input = { ...bare, values: { ...bare.values, ...shown, [name]: value } };
				if (value === usualForm(name, slots)) continue;
				if (value === bare.values[name] || requestOf(entry, input) !== without) continue;
				if (`${entry.provider.id} ${entry.mode.id} ${name}` in LOCAL) continue;
				dropped.push(
					`${name} ${JSON.stringify(value)} with ${slots.map((slot) => slot.name).join(', ') || 'no media'}`,
				);
			}
		}
	}
	expect(tried).toBeGreaterThan(0);
	expect([...new Set(dropped)]).toEqual([]);
});
