/** Workflows of `examples/` on a complete n8n, as a person runs them after the import: those that need CometAPI's credential only. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleVideo } from '../simulator/simulator';
import { withSimulatorMedia } from '../support/exampleMedia';
import { EXAMPLE_FILES, readExample, withPollInterval } from './exampleWorkflows';
import { POLL_INTERVAL_SECONDS, Scenario } from './scenario';

/** The node that hands on the video. */
const RESULT_NODES: Readonly<Record<string, string>> = {
	'batch-from-a-sheet.json': 'Make videos',
	'alert-when-a-video-fails.json': 'Go on (replace me)',
	'first-and-last-frame.json': 'From picture to picture',
	'lip-sync.json': 'Move the lips',
	'talking-presenter.json': 'Add sound',
	'own-route.json': 'Generate by paths',
	'clothes-to-video.json': 'Let it move',
	'resume-by-callback.json': 'Wait for the rest',
	'text-to-video.json': 'Generate video',
};
/** They need more, and have files of their own here. */
const RUN_ELSEWHERE: Readonly<Record<string, string[]>> = {
	'agent.e2e.ts': ['agent-in-a-chat.json'],
	// Its video is not the sample, so it has a test of its own below.
	'examples.e2e.ts': ['join-clips.json'],
	'templates.e2e.ts': [
		...['form-to-drive-and-mail.json', 'nightly-batch.json', 'product-photo-to-published-ad.json'],
		...['publish-on-a-schedule.json', 'reels-from-google-sheets.json', 'script-to-film.json'],
		'three-models-side-by-side.json',
	],
	'examplesWithTable.e2e.ts': [
		'create-now-publish-later.json',
		'publish-when-finished.json',
		'recover-unfinished-videos.json',
	],
};

let scenario: Scenario;

beforeEach(async () => {
	scenario = await Scenario.start();
});

afterEach(async () => {
	await scenario.close();
});

async function runExample(file: string) {
	const example = withSimulatorMedia(readExample(file), scenario.simulator);
	const execution = await scenario.run(withPollInterval(example, POLL_INTERVAL_SECONDS));
	expect([execution.status, execution.errorText]).toEqual(['success', '']);
	return { execution, last: RESULT_NODES[file] };
}

test('each example is run on n8n', () => {
	expect([...Object.keys(RESULT_NODES), ...Object.values(RUN_ELSEWHERE).flat()].sort()).toEqual(EXAMPLE_FILES);
	for (const [name, examples] of Object.entries(RUN_ELSEWHERE)) {
		const text = readFileSync(join(__dirname, name), 'utf8');
		expect(examples.filter((example) => !text.includes(example))).toEqual([]);
	}
});

test('n8n accepts the credential', async () => {
	expect(await scenario.client.testCredential(scenario.credential)).toMatchObject({ status: 'OK' });
	const refused = await scenario.client.testCredential(scenario.credential, { apiKey: 'sk-wrong' });
	expect(refused.status).toBe('Error');
});

test.each(Object.keys(RESULT_NODES))('%s runs to its end and hands on a video', async (file) => {
	const { execution, last } = await runExample(file);
	expect(execution.row(last)).toMatchObject({ status: 'succeeded' });
	const video = execution.file(last);
	expect(video).toMatchObject({ mimeType: 'video/mp4', fileExtension: 'mp4' });
	const bytes = await scenario.client.downloadBinary(video);
	// Every MP4 begins with a box of the type `ftyp` (ISO/IEC 14496-12, section 4.3).
	expect(bytes.subarray(4, 8).toString('latin1')).toBe('ftyp');
	expect(bytes.equals(sampleVideo)).toBe(true);
});

test('join-clips.json makes one film of three videos', async () => {
	const example = withSimulatorMedia(readExample('join-clips.json'), scenario.simulator);
	const execution = await scenario.run(withPollInterval(example, POLL_INTERVAL_SECONDS));
	expect([execution.status, execution.errorText]).toEqual(['success', '']);
	expect(execution.row('Join shots')).toMatchObject({
		status: 'succeeded',
		clips: 3,
		durationSeconds: 6,
		hasSound: true,
	});
	const bytes = await scenario.client.downloadBinary(execution.file('Join shots'));
	expect(bytes).toHaveLength(Number(execution.row('Join shots').fileSizeBytes));
});

test('resume-by-callback.json waits in n8n until CometAPI calls, and asks for the task only then', async () => {
	const { execution, last } = await runExample('resume-by-callback.json');
	const [first] = scenario.simulator.callbacks;
	expect(first).toMatchObject({
		status: 200,
		url: expect.stringContaining(`${scenario.client.baseUrl}/webhook-waiting/`),
	});
	expect(execution.row('Wait until CometAPI calls').body).toEqual(first.body);
	expect(execution.row(last).taskId).toBe(execution.row('Create').taskId);
});
