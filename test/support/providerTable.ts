/** The table of providers in the README, from the registry. */
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import type { MediaSlot, VideoField, VideoMode } from '../../nodes/CometApiVideo/providers/types';

const HEADER = ['| Provider | Mode | Models | Takes |', '|---|---|---|---|'];

export function providerTable(): string {
	const rows = VIDEO_PROVIDERS.flatMap(({ displayName, modes }) =>
		modes.map((mode, index) => row(index === 0 ? `**${displayName}**` : '', mode)),
	);
	return [...HEADER, ...rows].join('\n');
}

function row(provider: string, mode: VideoMode): string {
	const models =
		mode.models.map(({ id }) => `\`${id}\``).join(', ') || (mode.takesAnyModel ? 'any' : 'no model to choose');
	const takes = [mode.prompt === 'none' ? '' : 'Prompt', ...mediaTexts(mode), ...labelsOf(mode, 'panel')].filter(
		Boolean,
	);
	const optionCount = labelsOf(mode, 'options').length;
	const options = optionCount === 0 ? '' : `, ${optionCount} ${optionCount === 1 ? 'option' : 'options'}`;
	return `| ${provider} | ${mode.displayName} | ${models} | ${takes.join(', ')}${options} |`;
}

/** Of several slots or fields with one name the largest stands for all. */
function mediaTexts(mode: VideoMode): string[] {
	const byName = new Map<string, MediaSlot>();
	for (const slot of mode.media) {
		const known = byName.get(slot.name);
		if (!known || known.maxCount < slot.maxCount) byName.set(slot.name, slot);
	}
	return [...byName.values()].map(({ displayName, maxCount }) =>
		maxCount === 1 ? displayName : `${displayName} (up to ${maxCount})`,
	);
}

function labelsOf({ fields }: VideoMode, placement: VideoField['placement']): string[] {
	const labels = fields.flatMap((field) =>
		field.placement === placement ? [field.property.displayName.replace(/ \((Milliseconds|Seconds)\)/, '')] : [],
	);
	return [...new Set(labels)];
}
