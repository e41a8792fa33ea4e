/** Makes the fixtures anew when it is asked to. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { clipArguments } from './clipSets';
import { ffmpeg } from './ffmpeg';
import { CLIPS_FOLDER, FIXTURES } from './fixtures';

const shouldUpdate = process.env.UPDATE_CLIPS !== undefined;

(shouldUpdate ? test : test.skip)('the fixtures are made', async () => {
	mkdirSync(CLIPS_FOLDER, { recursive: true });
	for (const [name, { set, clip, size }] of Object.entries(FIXTURES)) {
		await ffmpeg(
			...clipArguments(set, clip, size),
			'-fflags',
			'+bitexact',
			'-flags:v',
			'+bitexact',
			join(CLIPS_FOLDER, `${name}.mp4`),
		);
	}
});
