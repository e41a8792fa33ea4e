/** The option Include Input Fields: rows that keep the columns of the items they were made from. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { RunSettings } from '../input/runSettings';

/**
 * @param rows of an operation, each paired with its item; rows of errors stay as they are, for n8n knows them by their columns
 * @returns the rows with the columns of their items behind their own, which win
 */
export function withInputFields(
	context: IExecuteFunctions,
	{ includeInputFields }: RunSettings,
	rows: readonly INodeExecutionData[],
): INodeExecutionData[] {
	if (!includeInputFields) return [...rows];
	const items = context.getInputData();
	return rows.map((row) => {
		const { pairedItem } = row;
		const index = typeof pairedItem === 'object' && 'item' in pairedItem ? pairedItem.item : undefined;
		const item = index === undefined ? undefined : items[index];
		return item && !('error' in row.json) ? { ...row, json: behind(row.json, item.json) } : row;
	});
}

/** Without `error`: n8n takes a row that has one for a failure, and may run the node again. */
function behind(row: IDataObject, { error: _, ...input }: IDataObject): IDataObject {
	const own = Object.entries(input).filter(([name]) => !Object.hasOwn(row, name));
	return { ...row, ...Object.fromEntries(own) };
}
