/** README's table of examples: their names, and what the first note on each canvas says. */
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

export function exampleTable(): string {
	const rows = exampleSummaries().map(({ file, name, purpose }) => `| [${name}](examples/${file}) | ${purpose} |`);
	return ['| Workflow | What it does |', '|---|---|', ...rows].join('\n');
}
