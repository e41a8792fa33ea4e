/** Where the link of a finished video may stand, besides the place that a provider's own page names. */
import type { NativeBody } from '../native/nativeReply';
import { sampleVideo } from '../sampleMedia';
import { changeTask, dropLinks, inBody, moveLink, put, without, type Place } from './changes';
import type { DoubtfulWorld } from './doubtfulWorld';

const GUIDE = 'CometAPI: n8n guide of August 2026 and an older sample of the webhook guide';
const ARTICLES = 'two articles of the CometAPI blog, with the status word succeeded';
const GATEWAYS = 'replies of gateways of this kind: ArcReel #1889, new-api #6993, n8n #14244';
const MAKERS = "the maker's own format, which such gateways pass on";

const PLACES: ReadonlyArray<readonly [Place, string]> = [
	['video_url', 'https://apidoc.cometapi.com/api/video (2026-06-04)'],
	['url', GUIDE],
	['data.video_url', GUIDE],
	['result.video_url', GUIDE],
	['output.0', ARTICLES],
	['metadata.url', 'new-api, the gateway that CometAPI derives from'],
	['metadata.video_url', GATEWAYS],
	['result_url', 'new-api since February 2026'],
	['fail_reason', 'CometAPI: wrapper of March 2026'],
	['output', GATEWAYS],
	['output.video_url', `${MAKERS}: Alibaba`],
	['output.works.0.video.resource', GATEWAYS],
	['output.results.0.url', `${MAKERS}: Alibaba`],
	['content.video_url', `${MAKERS}: ByteDance`],
	['video.url', `${MAKERS}: xAI, fal`],
	['videos.0.url', `${MAKERS}: Kling`],
	['videos.0', GATEWAYS],
	['video_urls.0', GATEWAYS],
	['videoUrl', `${MAKERS}: Midjourney gateways`],
	['task_result.videos.0.url', `${MAKERS}: Kling`],
	['creations.0.url', `${MAKERS}: Vidu`],
	['results.0.url', GATEWAYS],
	['data.0.url', GATEWAYS],
	['data.url', GATEWAYS],
	['data.outputs.0', GATEWAYS],
	['data.data.video_url', 'CometAPI: xAI in the wrapper, seen by a client in 2026'],
	['outputs.0', GATEWAYS],
	['download_url', `${MAKERS}: MiniMax`],
	['file.download_url', `${MAKERS}: MiniMax`],
	['response.video.url', GATEWAYS],
	['remixed_from_video_id', 'new-api #5927: the link in the field of another meaning'],
];

/** Signed anew with each look, as delivery networks do it; the first one is already void. */
const VOID_LINK = 'signature=void';

export const LINK_WORLDS: readonly DoubtfulWorld[] = [
	...PLACES.map(([place, source]): DoubtfulWorld => ({
		name: `link at ${place}`,
		source,
		outcome: 'video',
		succeeded: moveLink(place),
	})),
	...['video_url', 'url', 'output.0', 'result.video_url'].map((place): DoubtfulWorld => ({
		name: `link at ${place}, wrapped`,
		source: 'CometAPI: Wan 2.7 guide of August 2026: payload.data || payload',
		outcome: 'video',
		succeeded: inBody((body, { links: [link] }) => {
			const { id, ...task } = without(body, [link]) as NativeBody;
			return { code: 'success', message: '', data: put(task, place, link), ...(id === undefined ? {} : { task: id }) };
		}),
		envelopes: ['unified'],
	})),
	{
		name: 'link in JSON text',
		source: 'gateways that store the answer of the provider as text (resultJson, data)',
		outcome: 'video',
		succeeded: moveLink('resultJson', (link) => JSON.stringify({ resultUrls: [link] })),
	},
	{
		name: 'answer of the provider as JSON text',
		source: 'new-api: `data` of a task row as text',
		outcome: 'video',
		succeeded: moveLink('data', (link) => JSON.stringify({ status: 'succeeded', video_url: link })),
	},
	{
		name: 'video as a data URI',
		source: 'new-api: Gemini and Vertex tasks without storage',
		outcome: 'video',
		succeeded: moveLink('video_url', () => `data:video/mp4;base64,${sampleVideo.toString('base64')}`),
	},
	{
		name: 'link on the own host of the API',
		source: 'open-ai-canvas #158, ArcReel #2126: the link asks for the key (401 without)',
		outcome: 'video',
		succeeded: changeTask((task, { links: [link], homeUrl }) => {
			return JSON.parse(JSON.stringify(task).replaceAll(JSON.stringify(link), JSON.stringify(homeUrl))) as NativeBody;
		}),
		// The look-up of MiniMax's file names the link, not the look.
		envelopes: ['unified', 'kling', 'runway', 'runwayCompat', 'xai', 'volc', 'midjourney'],
	},
	{
		name: 'no link, only the content route',
		source: 'CometAPI: guide webhook-and-polling-for-video-generation, newest text: video_url is optional',
		outcome: 'video',
		succeeded: dropLinks,
		envelopes: ['unified'],
	},
	{
		name: 'empty link, only the content route',
		source: 'the same, as the gateway writes an empty field',
		outcome: 'video',
		succeeded: changeTask((task, { links }) => put(without(task, links) as NativeBody, 'video_url', '')),
		envelopes: ['unified'],
	},
	{
		name: 'the first link is void, later looks name a good one',
		source: 'delivery networks: a signature that expires before the file is copied',
		outcome: 'video',
		succeeded(reply, scene) {
			const [link] = scene.links;
			const isFirst = scene.secondsSinceEnd < 15;
			if (!isFirst || link === undefined) return reply;
			const replace = (text: string) => text.replaceAll(/signature=\w+/g, VOID_LINK);
			return inBody((body) => JSON.parse(replace(JSON.stringify(body))) as unknown)(reply, scene);
		},
		content: () => undefined,
		envelopes: ['kling', 'runway', 'runwayCompat', 'xai', 'volc', 'midjourney'],
	},
];
