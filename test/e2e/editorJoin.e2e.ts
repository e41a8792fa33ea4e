/** An ad of 24 seconds from three shots, in n8n's editor, by the steps of the README ("An ad of several shots"). */
import { RUN_MS } from './browser/editor';
import { editor, scenario, useEditor } from './browser/editorSession';
import { readExample, withPollInterval } from './exampleWorkflows';
import { POLL_INTERVAL_SECONDS } from './scenario';

const LAST = 'Keep the video (replace me)';
const SHOTS = 3;
const SECONDS = 8;
/** Of the simulator's sample, however long a video is asked for. */
const SAMPLE_SECONDS = 2;

useEditor();

test('three shots become one file, which plays', async () => {
	const example = withPollInterval(readExample('join-clips.json'), POLL_INTERVAL_SECONDS);
	const { id } = await scenario.importWorkflow(example);
	await editor.openWorkflow(id);
	await editor.openNode('Make shots');
	await editor.field('seconds').fill(String(SECONDS));
	await editor.closeNode();
	await editor.execute();
	await editor.nodeOnCanvas(LAST).getByText('1 item').waitFor({ timeout: RUN_MS });

	await editor.openNode('Join shots');
	await editor.element('ndv-view-binary-data', editor.output).click();
	const video = editor.output.locator('video');
	await video.waitFor();
	const played = await video.evaluate(async (element) => {
		const player = element as unknown as {
			muted: boolean;
			duration: number;
			currentTime: number;
			videoWidth: number;
			play(): Promise<void>;
			addEventListener(name: string, listener: () => void): void;
		};
		player.muted = true;
		const ended = new Promise<void>((resolve) => player.addEventListener('ended', resolve));
		await player.play();
		await ended;
		return { seconds: player.duration, reached: player.currentTime, width: player.videoWidth };
	});
	expect(played.width).toBe(320);
	expect(played.seconds).toBeCloseTo(SHOTS * SAMPLE_SECONDS, 1);
	expect(played.reached).toBeCloseTo(played.seconds, 1);

	const creates = scenario.simulator.requests.filter(({ route }) => route === 'create');
	expect(creates.map(({ form }) => new Map(form?.fields).get('seconds'))).toEqual(Array(SHOTS).fill(String(SECONDS)));
});
