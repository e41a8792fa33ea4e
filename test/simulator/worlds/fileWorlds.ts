/** A finished task whose file is not there yet, or never will be. */
import type { Reply } from '../reply';
import { dropLinks, plainReply } from './changes';
import type { DoubtfulWorld } from './doubtfulWorld';

const PAGE = '<html><head><title>403</title></head><body>The file is not ready</body></html>';
const NOT_READY = {
	error: { message: 'Task is not completed yet, current status: NOT_START', type: 'invalid_request_error' },
};
const XML = '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist</Message></Error>';

/** A link that does not deliver for as many seconds, `/content` neither. */
function late(name: string, seconds: number, source: string, reply: () => Reply): DoubtfulWorld {
	const file: DoubtfulWorld['file'] = ({ secondsSinceEnd }) => (secondsSinceEnd < seconds ? reply() : undefined);
	return { name: `file late: ${name}`, source, outcome: 'video', file, content: file };
}

const ARC = 'ArcReel #241, #2126; ComfyUI-GrsAI #11';

export const LATE_FILE_WORLDS: readonly DoubtfulWorld[] = [
	{
		name: '/content 400 for 15 seconds',
		source: 'a client, live on 2026-06-30: about 107 bytes of JSON, several times in a row',
		outcome: 'video',
		succeeded: dropLinks,
		content: ({ secondsSinceEnd }) => (secondsSinceEnd < 15 ? plainReply(400, NOT_READY) : undefined),
		envelopes: ['unified'],
	},
	...[400, 403, 404, 409, 425].map((status) => late(String(status), 20, ARC, () => plainReply(status, XML))),
	late('200 with JSON', 20, 'a client, live on 2026-06-30', () => plainReply(200, { message: 'processing' })),
	late('200 with a web page', 20, ARC, () => plainReply(200, PAGE)),
	late('500', 20, ARC, () =>
		plainReply(500, { error: { message: 'Failed to fetch video content', type: 'server_error' } }),
	),
	late('503', 20, ARC, () => plainReply(503, PAGE)),
	late('404 for 45 seconds', 45, ARC, () => plainReply(404, XML)),
	{
		name: 'link dead for good, content works',
		source: 'delivery networks: a link that was signed wrongly',
		outcome: 'video',
		file: () => plainReply(403, XML),
		envelopes: ['unified'],
	},
];

export const NO_FILE_WORLDS: readonly DoubtfulWorld[] = [
	{
		name: 'neither link nor content',
		source: 'vercel/ai #18929, MAX-API #47: a success without a result',
		outcome: 'failed',
		succeeded: dropLinks,
		file: () => plainReply(404, XML),
		content: () => plainReply(404, { error: { message: 'Task not found', type: 'invalid_request_error' } }),
	},
	{
		name: 'link and content 404 for good',
		source: 'vercel/ai #18929, with a link',
		outcome: 'noFile',
		file: () => plainReply(404, XML),
		content: () => plainReply(404, { error: { message: 'Task not found', type: 'invalid_request_error' } }),
	},
	{
		name: 'link and content 503 for good',
		source: 'storage that is down; the task itself has succeeded',
		outcome: 'noFile',
		file: () => plainReply(503, PAGE),
		content: () => plainReply(503, PAGE),
	},
];
