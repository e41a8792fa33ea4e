/** Aspect Ratio and Resolution together are a size in pixels, and Exact Size goes over both: what is sent, and what is refused. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { fieldsFor } from '../../nodes/CometApiVideo/providers/fields';
import type { SizeTable, VideoMode, VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import { errorText } from '../support/errorText';
import { atLength, firstOfEach } from '../support/longRun';
import { VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

interface Sized {
	provider: VideoProvider;
	mode: VideoMode;
	model: string;
	sizes: SizeTable;
}

/** Every table once, in a mode that needs no files; Runway's writes its sizes with a colon and needs a picture. */
const SIZED = VIDEO_PROVIDERS.flatMap((provider) => {
	const seen = new Set<SizeTable>();
	return provider.modes
		.filter(({ media }) => media.every(({ required }) => !required))
		.flatMap((mode) =>
			mode.models.flatMap(({ id }): Array<[string, Sized]> => {
				const sizes = fieldsFor(mode, id).find((field) => field.sizes)?.sizes;
				if (!sizes || seen.has(sizes)) return [];
				seen.add(sizes);
				return [[`${provider.id} ${mode.id} ${id}`, { provider, mode, model: id, sizes }]];
			}),
		);
});

function sizeFieldsOf(mode: VideoMode, model: string): string[] {
	const names = fieldsFor(mode, model).map(({ property }) => property.name);
	return ['aspectRatio', 'resolution'].filter((name) => names.includes(name));
}

const panelOf = ({ provider, mode, model }: Sized): INodeParameters => ({
	...{ provider: provider.id, mode: mode.id, prompt: 'A kite', model: { __rl: true, mode: 'id', value: model } },
	...(mode.id === 'storyboard' ? { shots: { shot: [{ duration: 15, scene: 'A kite' }] } } : {}),
	...{ waitForCompletion: false, recordTasks: 'off' },
});

const sentSizes = () =>
	node.creates().map(({ form }) => form?.fields.find(([name]) => name === 'size')?.[1].replace(':', 'x'));

/** Tables of one provider are read in the same way where the panel has the same fields for them. */
const FORMS = firstOfEach(SIZED, ([, { provider, mode, model }]) => [provider.id, sizeFieldsOf(mode, model)]);

test.each(atLength(FORMS, SIZED))(
	'%s: each pair of the two is sent as its size, or refused with what there is',
	async (_name, sized) => {
		const { mode, model, sizes } = sized;
		const resolutions = Object.keys(sizes);
		const ratios = [...new Set(Object.values(sizes).flatMap(Object.keys))];
		const pairs = resolutions.flatMap((resolution) => ratios.map((aspectRatio) => ({ resolution, aspectRatio })));
		const fields = sizeFieldsOf(mode, model);
		const { rows } = await node.run(
			{ ...panelOf(sized), ...Object.fromEntries(fields.map((name) => [name, `={{ $json.${name} }}`])) },
			{ items: pairs.map((json) => ({ json })), onError: 'continueRegularOutput' },
		);
		const found = pairs.map(({ resolution, aspectRatio }) => sizes[resolution][aspectRatio]);
		expect(sentSizes().sort()).toEqual(found.filter(Boolean).sort());
		for (const [index, { resolution, aspectRatio }] of pairs.entries()) {
			if (found[index]) continue;
			const { message } = rows[index] as { message: string };
			expect(message).toContain(`Resolution cannot be ${resolution} with the Aspect Ratio`);
			expect(message).toContain(aspectRatio);
		}
	},
);

describe('Exact Size', () => {
	const [[, sized]] = SIZED.filter(([name]) => name.startsWith('seedance textToVideo doubao-seedance-2-0'));
	const run = async (exactSize: string, model = sized.model) =>
		await node.run({
			...panelOf({ ...sized, model }),
			resolution: '480p',
			options: { exactSize } as IDataObject as INodeParameters,
		});

	test.each(['1920x1080', '1920 × 1080', '1920*1080', '1920:1080', '1920X1080'])('%s goes over both', async (size) => {
		expect((await run(size)).error).toBeUndefined();
		expect(sentSizes()).toEqual(['1920x1080']);
	});

	test.each(['1x1', '1081x1920', '1080p', 'large'])('%s is refused with the sizes of the model', async (size) => {
		expect(errorText((await run(size)).error)).toMatch(
			/Exact Size cannot be .* with the model doubao-seedance-2-0.*Allowed: .*1920x1080/s,
		);
		expect(node.creates()).toEqual([]);
	});

	test('of a model that came later may be any', async () => {
		expect(errorText((await run('large', 'doubao-seedance-9')).error)).toMatch(
			/Exact Size cannot be "large".*Write it as 1280x720/s,
		);
		await run('2000x1000', 'doubao-seedance-9');
		expect(node.creates().map(({ form }) => form?.fields.find(([name]) => name === 'size')?.[1])).toEqual([
			'2000x1000',
		]);
	});
});
