/** One job for each provider, and for each further format of replies that a provider has. */
import type { INodeParameters } from 'n8n-workflow';
import type { Envelope } from '../simulator/worlds';
import { UNIFIED_PROVIDERS } from '../support/unifiedProviders';

export interface WorldJob {
	envelope: Envelope;
	parameters: INodeParameters;
}

const job = (envelope: Envelope, provider: string, mode: string, more: INodeParameters = {}): WorldJob => ({
	envelope,
	parameters: { provider, mode, ...more },
});

/** Links that are sent as they are, so that no picture has to be fetched. */
const IMAGE = { imageUrl: 'https://example.com/picture.png' };
const ANY_MODEL = { model: { __rl: true, mode: 'id', value: 'wan3.1' } };
const CALLBACK = { callbackUrl: 'https://hooks.example.com/runway' };

export const WORLD_JOBS: readonly WorldJob[] = [
	...UNIFIED_PROVIDERS.map((provider) => job('unified', provider, 'textToVideo')),
	job('unified', 'custom', 'anyModel', ANY_MODEL),
	job('kling', 'kling', 'textToVideo'),
	job('midjourney', 'midjourney', 'imageToVideo', IMAGE),
	job('miniMax', 'minimax', 'textToVideoHailuo'),
	job('runway', 'runway', 'imageToVideo', IMAGE),
	job('runwayCompat', 'runway', 'textToVideoCompatibility', CALLBACK),
	job('volc', 'seedance', 'textToVideoNative'),
	job('xai', 'xai', 'textToVideo'),
];
