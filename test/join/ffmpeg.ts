/** ffmpeg makes the clips of the long tests and decodes what was joined. Debian's package is installed if there is none. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram, installAptPackages } from '../e2e/host/aptPackages';
import { beginLog } from '../e2e/host/testRun';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

let program: Promise<string> | undefined;

async function provideFfmpeg(): Promise<string> {
	const found = findProgram('ffmpeg');
	if (found) return found;
	await installAptPackages(['ffmpeg'], 'The test of joined videos', beginLog('ffmpeg-installation'));
	return findProgram('ffmpeg') ?? 'ffmpeg';
}

/** @returns what it writes to its output */
export async function ffmpeg(...given: string[]): Promise<string> {
	program ??= provideFfmpeg();
	const { stdout } = await run(await program, ['-v', 'error', '-nostdin', '-y', ...given], {
		maxBuffer: MAX_OUTPUT_BYTES,
	});
	return stdout;
}

export interface Frame {
	seconds: number;
	/** Of the decoded picture or sound. */
	hash: string;
}

/** As the file has them, not rounded to whole frames. */
const EXACT_TIMES = ['-enc_time_base', '-1', '-vsync', 'passthrough'];

/** @param input e.g. `['-i', file]` @param stream e.g. `0:v:0` */
export async function decode(input: readonly string[], stream: string): Promise<Frame[]> {
	const text = await ffmpeg(...input, '-map', stream, ...EXACT_TIMES, '-f', 'framemd5', '-');
	const [, ticks = '1', timescale = '1'] = /^#tb 0: (\d+)\/(\d+)/m.exec(text) ?? [];
	return text
		.split('\n')
		.filter((line) => line !== '' && !line.startsWith('#'))
		.map((line) => line.split(',').map((column) => column.trim()))
		.map(([, , time = '', , , hash = '']) => ({ seconds: (Number(time) * Number(ticks)) / Number(timescale), hash }));
}
