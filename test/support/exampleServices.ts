/** A Google sheet and a YouTube account for the workflows of `examples/`, with what n8n's own nodes do with them there. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { standIn } from './exampleWorkflows';

const SHEETS = 'n8n-nodes-base.googleSheets';
const YOUTUBE = 'n8n-nodes-base.youTube';

/** Rows by n8n's count: the first one below the names of the columns is 2. */
const FIRST_ROW = 2;

interface SheetFilter {
	values: Array<{ lookupColumn: string; lookupValue?: string }>;
}
interface SheetColumns {
	matchingColumns: string[];
	value: IDataObject;
}

/** @param rows changed by the workflow; an empty cell is '' */
export function googleSheet(rows: IDataObject[]): Record<string, INodeType> {
	const read = (context: IExecuteFunctions): INodeExecutionData[] => {
		const { values } = context.getNodeParameter('filtersUI', 0, { values: [] }) as unknown as SheetFilter;
		return rows
			.map((row, index): IDataObject => ({ row_number: index + FIRST_ROW, ...row }))
			.filter((row) => values.every(({ lookupColumn, lookupValue = '' }) => row[lookupColumn] === lookupValue))
			.map((json) => ({ json, pairedItem: { item: 0 } }));
	};
	const update = (context: IExecuteFunctions): INodeExecutionData[] =>
		context.getInputData().map((_, item) => {
			const { matchingColumns, value } = context.getNodeParameter('columns', item) as unknown as SheetColumns;
			const { row_number: rowNumber, ...cells } = value;
			const row = rows[Number(rowNumber) - FIRST_ROW];
			if (matchingColumns.join() !== 'row_number' || !row) throw new Error(`There is no row ${String(rowNumber)}`);
			Object.assign(row, cells);
			return { json: value, pairedItem: { item } };
		});
	const node = standIn('Google Sheets', [4.5], ['operation', 'filtersUI', 'columns'], function () {
		return [this.getNodeParameter('operation', 0) === 'read' ? read(this) : update(this)];
	});
	return { [SHEETS]: node };
}

/** @param isRefused for the titles that YouTube does not take, which n8n's node tells with `error` alone */
export function youTube(isRefused: (title: string) => boolean): Record<string, INodeType> {
	const node = standIn('YouTube', [1], ['title', 'binaryProperty'], function () {
		const uploads = this.getInputData().map((_, item): INodeExecutionData => {
			const [title, field] = ['title', 'binaryProperty'].map((name) => String(this.getNodeParameter(name, item)));
			this.helpers.assertBinaryData(item, field);
			const json = isRefused(title) ? { error: 'quotaExceeded' } : { uploadId: `upload-${title}` };
			return { json, pairedItem: { item } };
		});
		return [uploads];
	});
	return { [YOUTUBE]: node };
}
