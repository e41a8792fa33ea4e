/** Tables of the examples: their names, and what the first note on each canvas says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '..', '..', 'examples');

export interface ExampleSummary {
	file: string;
	name: string;
	/** Heading of the first note. */
	heading: string;
	/** First paragraph below it. */
	purpose: string;
}

export function exampleSummaries(): ExampleSummary[] {
	return readdirSync(FOLDER)
		.filter((file) => file.endsWith('.json') && file !== 'tsconfig.json')
		.sort()
		.map((file) => {
			const { name, nodes } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as {
				name: string;
				nodes: Array<{ type: string; parameters: { content?: string } }>;
			};
			const note = nodes.find(({ type }) => type.endsWith('stickyNote'))?.parameters.content ?? '';
			const [heading = '', purpose = ''] = note.split(/\n\s*\n/);
			return { file, name, heading: heading.replace(/^#+\s*/, ''), purpose };
		});
}

/** What most people come for; README shows these. */
const MOST_WANTED = [
	'text-to-video',
	'batch-from-a-sheet',
	'form-to-drive-and-mail',
	'reels-from-google-sheets',
	'product-photo-to-published-ad',
	'script-to-film',
	'talking-presenter',
	'three-models-side-by-side',
	'agent-in-a-chat',
	'recover-unfinished-videos',
];

/** For README. */
export function mostWantedExamples(): string {
	const summaries = exampleSummaries();
	const wanted = MOST_WANTED.map((name) => summaries.find(({ file }) => file === `${name}.json`));
	return toTable(
		wanted.flatMap((summary) => summary ?? []),
		'examples',
	);
}

/** For the page of recipes in docs/. */
export function exampleTable(): string {
	return toTable(exampleSummaries(), '../examples');
}

function toTable(summaries: readonly ExampleSummary[], folder: string): string {
	const rows = summaries.map(({ file, name, purpose }) => `| [${name}](${folder}/${file}) | ${purpose} |`);
	return ['| Workflow | What it does |', '|---|---|', ...rows].join('\n');
}
