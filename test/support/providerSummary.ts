/** README's table "Which provider for what", from the registry. */
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { JOBS } from '../../nodes/CometApiVideo/providers/jobs';
import type { VideoField, VideoMode, VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import { custom } from '../../nodes/CometApiVideo/providers/custom';
import { leastPerSecondUsd, pricedModels } from './pricedSettings';

const HEADER = [
	'| Provider | Does | Seconds | Portrait 9:16 | Pictures | Sound | From, USD per second |',
	'|---|---|---|---|---|---|---|',
];

export function providerSummary(): string {
	return [...HEADER, ...VIDEO_PROVIDERS.filter((provider) => provider !== custom).map(row), OTHER_MODEL].join('\n');
}

const OTHER_MODEL = '| **Other Model** | any model ID, and routes that this node does not know yet | | | | | |';

function row(provider: VideoProvider): string {
	const cells = [
		`**${provider.displayName}**`,
		jobsOf(provider),
		secondsOf(provider),
		hasPortrait(provider) ? 'yes' : '',
		picturesOf(provider),
		soundOf(provider),
		priceOf(provider),
	];
	return `| ${cells.join(' | ')} |`;
}

function jobsOf({ modes }: VideoProvider): string {
	const jobs = [...new Set(modes.map(({ job }) => job))];
	return jobs
		.map((job) =>
			JOBS[job].resource === 'image' && JOBS[job].operation === 'generate' ? 'Image' : JOBS[job].displayName,
		)
		.join(', ');
}

/** Modes that make videos from nothing but what the user gives. */
function generating({ modes }: VideoProvider): VideoMode[] {
	const generate = modes.filter(({ job }) => job === 'video.generate');
	return generate.length > 0 ? generate : [...modes];
}

function fieldsNamed(provider: VideoProvider, names: readonly string[]): VideoField[] {
	return generating(provider).flatMap(({ fields }) => fields.filter(({ property }) => names.includes(property.name)));
}

function secondsOf(provider: VideoProvider): string {
	const numbers = fieldsNamed(provider, ['seconds', 'duration']).flatMap(({ property }) => {
		const { minValue, maxValue } = property.typeOptions ?? {};
		return [minValue, maxValue, ...optionValues(property.options).map(Number)].filter(
			(value): value is number => value !== undefined && Number.isFinite(value) && value > 0,
		);
	});
	if (numbers.length === 0) return '';
	const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
	return least === most ? `from ${least}` : `${least} to ${most}`;
}

function hasPortrait(provider: VideoProvider): boolean {
	return fieldsNamed(provider, ['aspectRatio', 'size', 'ratio']).some(({ property }) =>
		optionValues(property.options).some((value) => /^(9[:x]16|720[x:]1280|1080[x:]1920)$/.test(value)),
	);
}

/** A first and a last frame are two, also where the first is called Image. */
function picturesOf(provider: VideoProvider): string {
	const counts = generating(provider).flatMap(({ media }) => {
		const slots = media.filter(({ kind }) => kind === 'image');
		const frames = new Set(slots.map(({ name }) => name).filter((name) => /^image$|Frame$/.test(name)));
		return [...slots.map(({ maxCount }) => maxCount), frames.size];
	});
	const most = Math.max(0, ...counts);
	return most === 0 ? '' : most === 1 ? '1' : `up to ${most}`;
}

/** Makes sound by itself, as CometAPI's page of prices says (August 2026). */
const WITH_SOUND = ['veo', 'vidu'];

function soundOf(provider: VideoProvider): string {
	if (WITH_SOUND.includes(provider.id)) return 'yes';
	return fieldsNamed(provider, ['sound']).length > 0 ? 'optional' : 'not stated';
}

/** Of what the panel can be set to: some models have a price for a resolution that the panel does not offer. */
function priceOf({ id }: VideoProvider): string {
	const prices = pricedModels()
		.filter(({ provider }) => provider.id === id)
		.map(leastPerSecondUsd)
		.filter((price) => price !== null);
	return prices.length === 0 ? 'not published' : String(Math.min(...prices));
}

function optionValues(options: VideoField['property']['options']): string[] {
	return (options ?? []).flatMap((option) => ('value' in option ? [String(option.value)] : []));
}
