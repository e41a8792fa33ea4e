/** Where the repository lies. Files below it are found the same way from the sources and from `.build/`. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const PACKAGE_NAME = 'n8n-nodes-cometapi-video';
export const PROJECT_FOLDER = findProjectFolder(__dirname);
/** Takes logs and reports of end-to-end tests. Outside git. */
export const REPORT_FOLDER = join(PROJECT_FOLDER, 'out', 'e2e');

function findProjectFolder(folder: string): string {
	const file = join(folder, 'package.json');
	if (existsSync(file) && readName(file) === PACKAGE_NAME) return folder;
	const parent = dirname(folder);
	if (parent === folder) throw new Error(`No folder above ${__dirname} holds the package.json of ${PACKAGE_NAME}`);
	return findProjectFolder(parent);
}

function readName(file: string): string {
	return (JSON.parse(readFileSync(file, 'utf8')) as { name: string }).name;
}
