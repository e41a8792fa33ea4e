/** README's table of output columns: those without words of their own stand with the one before. */
import { ROW_COLUMNS } from '../../nodes/CometApiVideo/task/rowColumns';

export function columnTable(): string {
	const rows: Array<{ names: string[]; meaning: string }> = [];
	for (const [name, column] of Object.entries<{ value?: unknown; meaning?: string; recorded?: unknown }>(ROW_COLUMNS)) {
		if (column.value === undefined) continue;
		if (column.meaning === undefined) rows.at(-1)?.names.push(name);
		else rows.push({ names: [name], meaning: column.meaning });
	}
	const lines = rows.map(({ names, meaning }) => `| ${names.map((name) => `\`${name}\``).join(', ')} | ${meaning} |`);
	return ['| field | |', '|---|---|', ...lines].join('\n');
}
