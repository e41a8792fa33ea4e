/** Ids of the providers that make videos from a text on `/v1/videos`, sorted. */
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { unifiedTaskApi } from '../../nodes/CometApiVideo/providers/unifiedTaskApi';

export const UNIFIED_PROVIDERS: readonly string[] = VIDEO_PROVIDERS.filter(
	({ taskApi, modes }) => taskApi === unifiedTaskApi && modes.some(({ id }) => id === 'textToVideo'),
)
	.map(({ id }) => id)
	.sort();
