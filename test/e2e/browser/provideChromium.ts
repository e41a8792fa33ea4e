import { existsSync } from 'node:fs';
import { installAptPackages } from '../host/aptPackages';
import { beginLog } from '../host/testRun';

/** Where Linux distributions and macOS put Chromium or Chrome. */
const USUAL_PATHS = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/snap/bin/chromium',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The program of a browser. If there is none, Debian's package is installed.
 * @throws with what to do when that is not possible
 */
export async function provideChromium(): Promise<string> {
	const chosen = process.env.CHROMIUM_PATH;
	if (chosen) {
		if (existsSync(chosen)) return chosen;
		throw new Error(`CHROMIUM_PATH names ${chosen}, which does not exist`);
	}
	const found = findChromium();
	if (found) return found;
	try {
		await installAptPackages(['chromium'], "The test of n8n's editor", beginLog('chromium-installation'));
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new Error(`${reason}\nOr name the program of a Chromium or Chrome in CHROMIUM_PATH.`, { cause: error });
	}
	const installed = findChromium();
	if (!installed)
		throw new Error('chromium is installed, but the program is not where Debian puts it. Name it in CHROMIUM_PATH.');
	return installed;
}

function findChromium(): string | undefined {
	return USUAL_PATHS.find((path) => existsSync(path));
}
