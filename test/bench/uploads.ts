/** How much memory pictures take that several orders share: each is held once, and sent from there. */
import type { Figure } from './figure';
import { collectGarbage } from './garbage';
import { startDistantMediaServer } from './mediaServer';
import { buildItems, runVideos } from './videoRun';

const PICTURES = 3;
const PICTURE_BYTES = 18e6;
const ORDERS = 8;
const SAMPLE_GAP_MS = 5;

export async function measureUploads(): Promise<Figure[]> {
	const { origin, child } = await startDistantMediaServer();
	const create = async (bytes: number, orders: number) => {
		const links = Array.from({ length: PICTURES }, (_, index) => `${origin}/picture/${bytes}?${index}`);
		const parameters = {
			prompt: '={{ $json.prompt }}',
			mode: 'imageToVideo',
			waitForCompletion: false,
			imagesUrl: links.join('\n'),
		};
		const { rows, errorText } = await runVideos(parameters, buildItems(orders), { baseUrl: origin });
		if (rows.length !== orders) throw new Error(`${rows.length} of ${orders} videos were created. ${errorText}`);
	};
	await create(100_000, 1);
	await collectGarbage();
	const idle = process.memoryUsage.rss();
	let peak = idle;
	const sampling = setInterval(() => {
		peak = Math.max(peak, process.memoryUsage.rss());
	}, SAMPLE_GAP_MS);
	await create(PICTURE_BYTES, ORDERS);
	clearInterval(sampling);
	child.disconnect();
	return [
		{
			what: `peak memory of ${ORDERS} orders that share ${(PICTURES * PICTURE_BYTES) / 1e6} MB of pictures, over idle ÷ pictures`,
			value: (peak - idle) / (PICTURES * PICTURE_BYTES),
			bar: 2,
			time: 'real',
		},
	];
}
