import { existsSync } from 'node:fs';

/** Where Linux distributions and macOS put Chromium or Chrome. */
const USUAL_PATHS = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/snap/bin/chromium',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The program of a browser that is installed here. @throws with what to do when there is none */
export function findChromium(): string {
	const chosen = process.env.CHROMIUM_PATH;
	if (chosen) {
		if (existsSync(chosen)) return chosen;
		throw new Error(`CHROMIUM_PATH names ${chosen}, which does not exist`);
	}
	const found = USUAL_PATHS.find((path) => existsSync(path));
	if (found) return found;
	throw new Error(
		"The tests of n8n's editor need Chromium. Install it (Debian, Ubuntu: apt install chromium) or name its program in CHROMIUM_PATH.",
	);
}
