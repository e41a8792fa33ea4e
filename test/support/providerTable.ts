/** The table of providers in the README, from the registry. */
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import type { MediaSlot, VideoMode } from '../../nodes/CometApiVideo/providers/types';

const HEADER = ['| Provider | Mode | Models | Takes |', '|---|---|---|---|'];

export function providerTable(): string {
	const rows = VIDEO_PROVIDERS.flatMap(({ displayName, modes }) =>
		modes.map((mode, index) => row(index === 0 ? `**${displayName}**` : '', mode)),
	);
	return [...HEADER, ...rows].join('\n');
}

function row(provider: string, mode: VideoMode): string {
	const models = mode.models.map(({ id }) => `\`${id}\``).join(', ') || (mode.takesAnyModel ? 'any' : 'no model to choose');
	const takes = [mode.prompt === 'none' ? '' : 'prompt', ...mediaTexts(mode), ...fieldNames(mode)];
	return `| ${provider} | ${mode.displayName} | ${models} | ${takes.filter(Boolean).join(', ')} |`;
}

function mediaTexts(mode: VideoMode): string[] {
	const byName = new Map<string, MediaSlot>();
	for (const slot of mode.media) {
		const known = byName.get(slot.name);
		if (!known || known.maxCount < slot.maxCount) byName.set(slot.name, slot);
	}
	return [...byName.values()].map(({ displayName, maxCount }) =>
		maxCount === 1 ? displayName.toLowerCase() : `${displayName.toLowerCase()} (up to ${maxCount})`,
	);
}

function fieldNames({ fields }: VideoMode): string[] {
	return [...new Set(fields.map(({ property }) => property.displayName.toLowerCase().replace(/ \((milli)?seconds\)/, '')))];
}
