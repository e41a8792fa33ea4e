/** What the soak orders: modes of several providers that take a prompt, which is what tells the orders apart. */
import type { INodeParameters } from 'n8n-workflow';
import { UNIFIED_PROVIDERS } from '../support/unifiedProviders';

export interface Job {
	parameters: INodeParameters;
	/** On `/v1/videos`; the others have routes and replies of their own. */
	isUnified: boolean;
	/** The provider may answer HTTP 200 with a refusal in the body. */
	hasBusinessErrors?: boolean;
	/** The node fetches a picture before the order. */
	takesPicture?: boolean;
	/** The link of a finished video has to be asked for. */
	looksUpFiles?: boolean;
}

const CALLBACK = { callbackUrl: 'https://hooks.example.com/runway' };

function unified(provider: string, mode: string, more: Partial<Job> = {}): Job {
	return { isUnified: true, ...more, parameters: { provider, mode, ...more.parameters } };
}

function native(provider: string, mode: string, more: Partial<Job> = {}): Job {
	return { isUnified: false, ...more, parameters: { provider, mode, ...more.parameters } };
}

/** @param mediaUrl address of the simulator's pictures */
export function listJobs(mediaUrl: string): Job[] {
	const imageUrl = `${mediaUrl}/image.png`;
	return [
		...UNIFIED_PROVIDERS.map((id) => unified(id, 'textToVideo')),
		unified('seedance', 'imageToVideo', { parameters: { imagesUrl: imageUrl }, takesPicture: true }),
		unified('vidu', 'imageToVideo', { parameters: { imageUrl }, takesPicture: true }),
		native('kling', 'textToVideo', { hasBusinessErrors: true }),
		native('kling', 'imageToVideo', { parameters: { imageUrl }, hasBusinessErrors: true }),
		native('kling', 'omniVideo', { hasBusinessErrors: true }),
		native('minimax', 'textToVideoHailuo', { hasBusinessErrors: true, looksUpFiles: true }),
		native('midjourney', 'imageToVideo', { parameters: { imageUrl }, hasBusinessErrors: true }),
		native('runway', 'imageToVideo', { parameters: { imageUrl } }),
		native('runway', 'textToVideoCompatibility', { parameters: { ...CALLBACK }, hasBusinessErrors: true }),
		native('seedance', 'textToVideoNative'),
		native('xai', 'textToVideo'),
	];
}
