/** The media that stand for the links in the workflows of `examples/`, which lead nowhere. */
import type { Simulator } from '../simulator/simulator';

const MEDIA: Readonly<Record<string, string>> = {
	'https://example.com/first.png': 'image.png',
	'https://example.com/last.png': 'second.png',
	'https://example.com/model.png': 'image.png',
	'https://example.com/jacket.png': 'second.png',
	'https://example.com/presenter.png': 'image.png',
	'https://example.com/speaker.mp4': 'clip.mp4',
};

/** The workflow with the simulator's media in the place of its links. @throws for a link that none stands for */
export function withSimulatorMedia<T extends object>(example: T, { resultOrigin }: Simulator): T {
	const text = JSON.stringify(example).replaceAll(/https:\/\/example\.com\/[\w./]*/g, (link) => {
		if (!MEDIA[link]) throw new Error(`No medium stands for ${link}`);
		return `${resultOrigin}/media/${MEDIA[link]}`;
	});
	return JSON.parse(text) as T;
}
