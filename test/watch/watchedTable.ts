/** The trigger on the table that the action node makes, before it is published. */
import type { IDataObject } from 'n8n-workflow';
import { JOURNAL_COLUMNS } from '../../nodes/CometApiVideo/journal/taskJournal';
import type { N8nRow, N8nTable } from '../support/n8nApi';
import type { TriggerOptions } from '../support/triggerNode';
import { TriggerNodeTest } from '../support/triggerNode';

export interface WatchedTable {
	trigger: TriggerNodeTest;
	table: N8nTable;
}

export async function watchTable(parameters: IDataObject = {}, options: TriggerOptions = {}): Promise<WatchedTable> {
	const trigger = await TriggerNodeTest.start({ watch: 'dataTable', ...(parameters as object) }, options);
	return { trigger, table: trigger.n8nApi.addTable('CometAPI Tasks', [...JOURNAL_COLUMNS]) };
}

/** Rows as the action node records them when a task is created. */
export function enterRows({ trigger, table }: WatchedTable, ...rows: ReadonlyArray<Readonly<IDataObject>>): N8nRow[] {
	const entered = rows.map((row) => ({ provider: 'seedance', route: '/v1/videos', status: 'pending', ...row }));
	return trigger.n8nApi.addRows(table.id, entered);
}
