/** Kling is told where a sound ends; the node finds out from the file, whatever its kind. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleMp3, sampleWav } from '../simulator/sampleMedia';
import { errorText } from '../support/errorText';
import { Listener } from '../support/listener';
import { VideoNodeTest } from '../support/videoNode';

const recorded = (name: string) => readFileSync(join(__dirname, 'sounds', name));

/** Milliseconds, as ffprobe has them. All are of 2.5 seconds; MP3 and AAC have no place to say what of it the encoder has added. */
const SOUNDS: Array<[kind: string, bytes: Buffer, mimeType: string, milliseconds: number]> = [
	['MP3', sampleMp3, 'audio/mpeg', 2664],
	['WAV', sampleWav, 'audio/wav', 2500],
	['M4A', recorded('voice.m4a'), 'audio/mp4', 2500],
	['AAC', recorded('voice.aac'), 'audio/aac', 2687],
];

let node: VideoNodeTest;
let files: Listener | undefined;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await files?.close();
	files = undefined;
	await node.close();
});

const lipSync = () => ({
	...{ provider: 'kling', mode: 'lipSync', downloadVideo: false, waitForCompletion: false },
	...{ videoSource: 'url', videoUrl: `${node.simulator.resultOrigin}/media/clip.mp4` },
});

/** Of the last step. */
function sentEnd(): number {
	const text = JSON.stringify(node.creates().at(-1)?.json);
	return Number(/"sound_end_time":"(\d+)"/.exec(text)?.[1]);
}

test.each(SOUNDS)('of the item: %s', async (_kind, bytes, mimeType, milliseconds) => {
	const binary = { data: { data: bytes.toString('base64'), mimeType, fileName: 'voice' } };
	const { error } = await node.run({ ...lipSync(), soundFileSource: 'binary' }, { items: [{ json: {}, binary }] });
	expect(errorText(error)).toBe('');
	expect(Math.abs(sentEnd() - milliseconds)).toBeLessThan(2);
});

test.each(SOUNDS)('behind a link: %s', async (_kind, bytes, mimeType, milliseconds) => {
	files = await Listener.start((_request, response) =>
		response.writeHead(200, { 'content-type': mimeType }).end(bytes),
	);
	const { error } = await node.run({ ...lipSync(), soundFileSource: 'url', soundFileUrl: `${files.origin}/voice` });
	expect(errorText(error)).toBe('');
	expect(Math.abs(sentEnd() - milliseconds)).toBeLessThan(2);
});

test('a sound that was cut off before its length is asked for, and nothing is created', async () => {
	const bytes = recorded('voice.m4a').subarray(0, 200);
	const binary = { data: { data: bytes.toString('base64'), mimeType: 'audio/mp4', fileName: 'voice.m4a' } };
	const { error } = await node.run({ ...lipSync(), soundFileSource: 'binary' }, { items: [{ json: {}, binary }] });
	expect(errorText(error)).toMatch(/length of the Sound cannot be told.*Sound End \(Seconds\)/s);
	expect(node.creates()).toEqual([]);
});
