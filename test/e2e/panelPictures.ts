/** Which panels the tests of the editor have seen, for the report: `out/e2e/panels/panels.json` beside the pictures. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PROJECT_FOLDER, REPORT_FOLDER } from './host/projectFolder';

export interface SeenPanel {
	/** Provider and mode, or resource and operation. */
	title: string;
	/** Of the picture, from the project's folder. */
	file: string;
	/** Labels, with the parameters' names. */
	fields: string[];
}

const FOLDER = join(REPORT_FOLDER, 'panels');
const LIST = join(FOLDER, 'panels.json');

export class PanelPictures {
	private readonly panels: SeenPanel[] = [];

	/** Pictures of an earlier run, perhaps of modes that are gone, do not stay. */
	constructor() {
		rmSync(FOLDER, { recursive: true, force: true });
	}

	/** @param name of the file, without its ending @returns the path for the picture */
	add(title: string, name: string, fields: string[]): string {
		const file = join(FOLDER, `${name}.png`);
		this.panels.push({ title, file: relative(PROJECT_FOLDER, file), fields });
		return file;
	}

	save(): void {
		mkdirSync(FOLDER, { recursive: true });
		writeFileSync(LIST, `${JSON.stringify(this.panels, null, '\t')}\n`);
	}
}

/** @param since milliseconds since 1970 @returns none when the run has looked at no panels */
export function readSeenPanels(since: number): SeenPanel[] {
	if (!existsSync(LIST) || statSync(LIST).mtimeMs < since) return [];
	return JSON.parse(readFileSync(LIST, 'utf8')) as SeenPanel[];
}
